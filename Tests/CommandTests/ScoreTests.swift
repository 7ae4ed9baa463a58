import Documents
import Foundation
import Tensors
import Testing

@Suite("Scoring prediction files")
struct ScoreTests {
  /// A run of nearest-mean with its predictions saved in `saved`.
  private func saved(_ assay: Assay) throws -> String {
    try assay.report(
      "run.json", "-m", "nearest-mean", "--save-predictions", assay.path("saved"))
  }

  private func score(_ assay: Assay, _ extra: String...) throws -> Assay.Result {
    try assay.run(
      [
        "score", "small", "--seeds", "1", "--predictions", assay.path("saved"), "-o",
        assay.path("score.json"), "--quiet",
      ] + extra)
  }

  private let file = "saved/fashion/shots=4/seed=1/logits.npy"

  @Test("scoring a run's predictions gives the run's metrics, digests and outcomes")
  func roundTrip() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let run = try assay.json(try saved(assay))
    let result = try score(assay, "--label", "mine")
    #expect(result.status == 0, "\(result.errors)")
    let scored = try assay.json(assay.path("score.json"))
    let pairs = zip(run["trials"]?.array ?? [], scored["trials"]?.array ?? [])
    #expect(Array(pairs).count == 2)
    for (ours, theirs) in pairs {
      for member in ["metrics", "groups", "predictions", "samples", "setting", "seed", "status"] {
        #expect(ours[member] == theirs[member], "\(member)")
      }
      #expect(theirs["label"]?.string == "mine")
    }
  }

  @Test("answers to an export are put back, and score as the plugin that gives them")
  func exported() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let run = try assay.json(try saved(assay))
    let exported = try assay.run(
      "export", "small", "--seeds", "1", "-o", assay.path("mine"), "--quiet")
    #expect(exported.status == 0, "\(exported.errors)")
    let folder = assay.path("mine/fashion/shots=4/seed=1")
    let given = try SafetensorsFile(path: "\(folder)/inputs.safetensors")
    #expect(given.names.contains("fit/train.labels"))
    #expect(!given.names.contains { $0.hasPrefix("predict/") && $0.contains("label") })
    // The nearest mean again, on what was handed over.
    for setting in ["shots=1", "shots=4"] {
      let place = assay.path("mine/fashion/\(setting)/seed=1")
      guard access("\(place)/inputs.safetensors", F_OK) == 0 else { continue }
      let inputs = try SafetensorsFile(path: "\(place)/inputs.safetensors")
      let logits = nearestMean(
        try inputs.tensor(named: "fit/train.features"),
        try inputs.tensor(named: "fit/train.labels"),
        try inputs.tensor(named: "predict/query.features"))
      try SafetensorsFile.write([("logits", logits)], to: "\(place)/outputs.safetensors")
    }
    let result = try assay.run(
      "score", "small", "--seeds", "1", "--predictions", assay.path("mine"), "-o",
      assay.path("score.json"), "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    let scored = try assay.json(assay.path("score.json"))
    let pairs = Array(zip(run["trials"]?.array ?? [], scored["trials"]?.array ?? []))
    #expect(!pairs.isEmpty)
    for (ours, theirs) in pairs {
      #expect(
        ours["metrics"]?["accuracy"]?["value"] == theirs["metrics"]?["accuracy"]?["value"])
    }

    let file = "\(folder)/outputs.safetensors"
    let logits = try SafetensorsFile(path: file).tensor(named: "logits")
    try SafetensorsFile.write([("logits", logits), ("more", logits)], to: file)
    let stray = try assay.run(
      "score", "small", "--seeds", "1", "--predictions", assay.path("mine"), "-o",
      assay.path("stray.json"), "--quiet")
    #expect(stray.status == 3)
    let kinds = (try assay.json(assay.path("stray.json"))["trials"]?.array ?? []).compactMap {
      $0["failure"]?["kind"]?.string
    }
    #expect(kinds == ["unknown-output"])
  }

  /// Cosines to the means of unit rows, `[Q, K]`.
  private func nearestMean(_ rows: Tensor, _ labels: Tensor, _ query: Tensor) -> Tensor {
    let width = rows.shape.extents[1]
    func unit(_ tensor: Tensor) -> [[Float]] {
      tensor.withElements(of: Float.self) { values in
        (0..<tensor.shape.extents[0]).map { row in
          let part = Array(values[row * width..<(row + 1) * width])
          let length = part.reduce(0) { $0 + $1 * $1 }.squareRoot()
          return part.map { $0 / length }
        }
      }
    }
    let classes = labels.withElements(of: Int32.self) { $0.map { Int($0) } }
    var means = [[Float]](
      repeating: [Float](repeating: 0, count: width), count: (classes.max() ?? 0) + 1)
    for (row, label) in zip(unit(rows), classes) {
      for column in 0..<width { means[label][column] += row[column] }
    }
    means = means.map { mean in
      let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return mean.map { 100 * $0 / length }
    }
    let logits = unit(query).flatMap { row in
      means.map { mean in zip(row, mean).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    return Tensor(logits, shape: [query.shape.extents[0], means.count])
  }

  @Test("the query sets of a shift suite have a folder each, and are scored alike")
  func queries() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try assay.write(
      """
      {
        "schema": "assay.suite/1", "id": "shifted", "version": "1.0.0", "title": "Shifted",
        "task": "classify", "datasets": ["fashion"], "metrics": ["accuracy"], "seeds": [1],
        "protocol": { "kind": "shifts", "train": ["full"], "shifts": ["rotation-3"] }
      }
      """, to: "suites/shifted.json")
    let run = try assay.runHere(
      "run", "shifted", "-m", "nearest-mean", "-o", "r.json", "--save-predictions", "saved")
    #expect(run.status == 0, "\(run.errors)")
    let list = try assay.runHere("score", "shifted", "--list-files")
    #expect(list.output.contains("fashion/train=full/seed=1/rotation-3/logits.npy"), "\(list)")
    let result = try assay.runHere("score", "shifted", "--predictions", "saved", "-o", "s.json")
    #expect(result.status == 0, "\(result.errors)")
    let trials = try ["r.json", "s.json"].map {
      try assay.json(assay.path($0))["trials"]?.array?.first
    }
    #expect((trials[0]?["groups"]?.array?.count ?? 0) > 1)
    for member in ["metrics", "groups", "predictions", "samples"] {
      #expect(trials[0]?[member] == trials[1]?[member], "\(member)")
    }
  }

  @Test("the files of a run are those that --list-files prints")
  func listing() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    _ = try saved(assay)
    let list = try assay.run("score", "small", "--seeds", "1", "--list-files", "--json")
    let files = try JSON(parsing: list.output)["files"]?.array ?? []
    #expect(
      files.compactMap { $0["path"]?.string }
        == ["fashion/shots=1/seed=1/logits.npy", "fashion/shots=4/seed=1/logits.npy"])
    #expect(files.first?["shape"]?.string == "[3000, 10]")
    #expect(files.first?["dtype"]?.string == "f32")
    for file in files.compactMap({ $0["path"]?.string }) {
      #expect(FileManager.default.fileExists(atPath: assay.path("saved/\(file)")))
    }
  }

  @Test("one safetensors file per setting does as well")
  func safetensors() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    _ = try saved(assay)
    let folder = "saved/fashion/shots=4/seed=1"
    let converted = try assay.run(
      "data", "convert", assay.path(file), assay.path("\(folder).safetensors"))
    #expect(converted.status == 0, "\(converted.errors)")
    let both = try score(assay)
    #expect(both.status == 3)
    let failure = try trials(assay).first { $0["status"]?.string != "ok" }?["failure"]
    #expect(failure?["kind"]?.string == "ambiguous-file")
    try FileManager.default.removeItem(atPath: assay.path(folder))
    #expect(try score(assay).status == 0)
  }

  private func trials(_ assay: Assay) throws -> [JSON] {
    try assay.json(assay.path("score.json"))["trials"]?.array ?? []
  }

  @Test("a missing file is a failed trial beside the others")
  func missing() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    _ = try saved(assay)
    try FileManager.default.moveItem(
      atPath: assay.path(file), toPath: assay.path("saved/fashion/shots=4/seed=1/logit.npy"))
    let result = try score(assay)
    #expect(result.status == 3)
    #expect(result.errors.contains("1 files in"))
    #expect(
      result.errors.contains("did you mean 'fashion/shots=4/seed=1/logits.npy'?"),
      "\(result.errors)")
    let trials = try trials(assay)
    #expect(trials.map { $0["status"]?.string } == ["ok", "error"])
    #expect(trials.last?["failure"]?["kind"]?.string == "missing-file")
    #expect(trials.last?["failure"]?["message"]?.string?.contains("there is neither") == true)
  }

  /// A `.npy` file of version 1.0.
  private func npy(_ type: String, _ shape: String, _ bytes: Data) -> Data {
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: 118 - header.utf8.count - 1) + "\n"
    return Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0]) + Data(header.utf8) + bytes
  }

  @Test(
    "a file that breaks the contract is a contract breach, with the reason",
    arguments: [
      ("<f8", "(3000, 10)", 8, "logits' is f64 where f32 is wanted; convert it before saving"),
      ("<f4", "(2999, 10)", 4, "has shape [2999, 10] where [Q, K] is wanted and Q is 3000"),
      ("<f4", "(3000, 9)", 4, "has shape [3000, 9] where [Q, K] is wanted and K is 10"),
    ])
  func breach(_ type: String, _ shape: String, _ size: Int, _ reason: String) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    _ = try saved(assay)
    let extents = shape.split { !$0.isNumber }.compactMap { Int($0) }
    let bytes = Data(count: extents.reduce(size, *))
    try npy(type, shape, bytes).write(to: assay.folder.appendingPathComponent(file))
    #expect(try score(assay).status == 3)
    let failure = try trials(assay).last
    #expect(failure?["status"]?.string == "contract-breach")
    let message = failure?["failure"]?["message"]?.string ?? ""
    #expect(message.contains(reason), "\(message)")
  }

  @Test("a NaN is told with its place, and a file that is no array with the reason")
  func values() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    _ = try saved(assay)
    var bytes = Data(count: 120_000)
    bytes.replaceSubrange(44..<48, with: [0, 0, 0xC0, 0x7F])
    let url = assay.folder.appendingPathComponent(file)
    try npy("<f4", "(3000, 10)", bytes).write(to: url)
    #expect(try score(assay).status == 3)
    #expect(
      try trials(assay).last?["failure"]?["message"]?.string
        == "output 'logits' has 1 NaN among 30000 values, the first at [1, 1]")
    try Data("no array".utf8).write(to: url)
    #expect(try score(assay).status == 3)
    #expect(try trials(assay).last?["failure"]?["kind"]?.string == "file")
  }

  @Test("several methods get a folder each, and a stored trial is run again for its files")
  func severalMethods() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let methods = ["-m", "nearest-mean", "-m", "nearest-mean:scale=1"]
    let arguments = ["run", "small", "--seeds", "1", "-o", assay.path("two.json")] + methods
    #expect(try assay.run(arguments).status == 0)
    let saving = arguments + ["--save-predictions", assay.path("saved")]
    let first = try assay.run(saving)
    #expect(!first.errors.contains("reused"), "\(first.errors)")
    #expect(try assay.run(saving).errors.contains("4 of them unchanged and reused"))
    for row in ["nearest-mean", "nearest-mean:scale=1"] {
      let folder = assay.path("saved/\(row)")
      let result = try assay.run(
        "score", "small", "--seeds", "1", "--predictions", folder, "-o", assay.path("s.json"))
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test(
    "misuse is told with what to do",
    arguments: [
      (["score", "small"], "Name the folder with --predictions, or ask for --list-files."),
      (["score", "small", "--predictions", "nowhere"], "there is no such folder"),
      (["score", "smal", "--list-files"], "there is no suite 'smal'"),
      (["score", "small", "--list-files", "--label", ""], "--label must not be empty."),
      (["score", "small", "--predictions", ".", "--json"], "--json goes with --list-files."),
      (
        ["score", "small", "--predictions", ".", "--selection", "test"],
        "The value 'test' is invalid"
      ),
    ])
  func misuse(_ arguments: [String], _ message: String) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let result = try assay.runHere(arguments)
    #expect(result.status == 2)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test("a folder without one usable file measures nothing")
  func nothing() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try FileManager.default.createDirectory(
      atPath: assay.path("saved"), withIntermediateDirectories: true)
    #expect(try score(assay).status == 5)
  }
}
