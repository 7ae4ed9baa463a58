import Documents
import Foundation
import Testing

@Suite("Shards and merging")
struct MergeTests {
  private let methods = ["-m", "nearest-mean", "-m", "zero-shot"]

  /// Runs shards `i/n` of two methods with two seeds, 8 trials in all.
  private func shards(_ count: Int, _ assay: Assay) throws -> [String] {
    try (1...count).map { index in
      let path = assay.path("shard\(index).json")
      let result = try assay.run(
        ["run", "small", "--seeds", "1,2", "--quiet", "--strip-volatile"] + methods
          + ["--shard", "\(index)/\(count)", "-o", path])
      #expect(result.status == 0, "\(result.errors)")
      return path
    }
  }

  @Test("merging the shards in any order gives byte for byte the report of the whole run")
  func whole() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let parts = try shards(3, assay)
    let whole = assay.path("whole.json")
    let arguments = ["run", "small", "--seeds", "1,2", "--quiet", "--strip-volatile"] + methods
    #expect(try assay.run(arguments + ["-o", whole]).status == 0)

    let merged = assay.path("merged.json")
    let result = try assay.run(["merge"] + parts.reversed() + ["-o", merged])
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      try String(contentsOfFile: merged, encoding: .utf8)
        == String(contentsOfFile: whole, encoding: .utf8))

    let diff = try assay.run("diff", whole, merged, "--fail-on", "predictions:changed")
    #expect(diff.status == 0, "\(diff.output)")
    // A baseline wants every column that the report names.
    let baseline = try assay.runHere("baseline", "save", "merged", merged)
    #expect(baseline.status == 0, "\(baseline.errors)")
  }

  @Test("each trial of the plan is in exactly one shard")
  func partition() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    func ids(_ extra: [String]) throws -> [String] {
      let result = try assay.run(
        ["run", "small", "--seeds", "1,2", "--dry-run", "--json"] + methods + extra)
      let trials = try JSON(parsing: result.output)["trials"]?.array ?? []
      return trials.compactMap { $0["id"]?.string }
    }
    let all = try ids([])
    let parts = try (1...3).map { try ids(["--shard", "\($0)/3"]) }
    #expect(all.count == 8)
    #expect(parts.map(\.count) == [3, 3, 2])
    #expect(parts[1] == stride(from: 1, to: 8, by: 3).map { all[$0] })
    #expect(Set(parts.joined()) == Set(all))
  }

  @Test(
    "a shard that cannot be is refused",
    arguments: [
      ("0/3", "The value '0/3' is invalid"), ("4/3", "The value '4/3' is invalid"),
      ("1", "The value '1' is invalid"), ("1/2/3", "The value '1/2/3' is invalid"),
      ("30/30", "the plan has only 8 trials, so that this shard is empty"),
    ])
  func badShard(_ shard: String, _ message: String) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let result = try assay.run(
      ["run", "small", "--seeds", "1,2", "--shard", shard] + methods)
    #expect(result.status == 2)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test("a trial that two reports hold alike stays once, and an unlike one needs --keep")
  func duplicates() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let one = try assay.report("one.json", "-m", "nearest-mean")
    let two = try assay.report("two.json", "-m", "nearest-mean", "-m", "zero-shot")
    let merged = assay.path("merged.json")
    #expect(try assay.run("merge", one, two, "-o", merged).status == 0)
    #expect(try assay.json(merged)["trials"]?.array?.count == 4)

    try assay.replace(
      "\"predictions\":", with: "\"notes\":[\"other\"],\"predictions\":", in: two)
    let refused = try assay.run("merge", one, two, "-o", merged)
    #expect(refused.status == 4)
    #expect(refused.errors.contains("hold different results of the trial"))
    #expect(refused.errors.contains("(nearest-mean on fashion, shots=1, seed 1)"))

    for (rule, expected) in [("first", 0), ("last", 2)] {
      #expect(try assay.run("merge", one, two, "--keep", rule, "-o", merged).status == 0)
      let trials = try assay.json(merged)["trials"]?.array ?? []
      let kept = trials.count {
        $0["label"]?.string == "nearest-mean" && $0["notes"]?.array?.count == 1
      }
      #expect(kept == expected, "--keep \(rule)")
    }
  }

  @Test(
    "what is not comparable is refused with the reason",
    arguments: [
      ("\"abi\":\"1.0\",\"version\"", "\"abi\":\"1.1\",\"version\"", "the plugin ABI differs"),
      ("\"version\":\"0.1.0\"", "\"version\":\"0.2.0\"", "the version of assay differs"),
      (
        "\"version\":\"1.0.0\"}\n],\n\"groups\"", "\"version\":\"1.0.1\"}\n],\n\"groups\"",
        "dataset 'fashion' differs: version 1.0.0"
      ),
      (
        "\"id\":\"small\",\"version\":\"1.0.0\"", "\"id\":\"small\",\"version\":\"1.1.0\"",
        "suite 'small' differs"
      ),
      (
        "\"title\":\"Accuracy\",\"version\":1", "\"title\":\"Accuracy\",\"version\":2",
        "metric 'accuracy' differs: version 1 in"
      ),
      ("\"contract\":\"1.3\"", "\"contract\":\"1.0\"", "the contract of task 'classify' differs"),
      ("\"threads\":1}", "\"threads\":2}", "the number of threads of a trial differs: 1 in"),
    ])
  func incomparable(_ old: String, _ new: String, _ reason: String) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let one = try assay.report("one.json", "-m", "nearest-mean")
    let two = try assay.report("two.json", "-m", "zero-shot")
    try assay.replace(old, with: new, in: two)
    let result = try assay.run("merge", one, two, "-o", assay.path("merged.json"))
    #expect(result.status == 4, "\(result.errors)")
    #expect(result.errors.contains(reason), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: assay.path("merged.json")))
  }

  @Test("a report that was changed after it was written is refused")
  func changed() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let one = try assay.report("one.json", "-m", "nearest-mean")
    let two = try assay.report("two.json", "-m", "zero-shot")
    let text = try String(contentsOfFile: two, encoding: .utf8)
    try text.replacing("\"value\":0.", with: "\"value\":0.9")
      .write(toFile: two, atomically: true, encoding: .utf8)
    let result = try assay.run("merge", one, two, "-o", assay.path("merged.json"))
    #expect(result.status == 2)
    #expect(result.errors.contains("was changed after it was written"), "\(result.errors)")
  }

  @Test("shards of two builds of one plugin merge with a note, those of two versions do not")
  func builds() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    // Of three shards each holds trials of both rows.
    let parts = try shards(3, assay)
    let json = try assay.json(parts[0])
    let trial = try #require(
      json["trials"]?.array?.first { $0["label"] == "nearest-mean" })
    let digest = try #require(trial["plugin"]?.string)
    let other = String(digest.reversed())
    try assay.replace("\"\(digest)\"", with: "\"\(other)\"", in: parts[0])
    let merged = assay.path("merged.json")
    let result = try assay.run(["merge"] + parts + ["-o", merged])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("2 builds of nearest-mean"), "\(result.errors)")
    let codes = try assay.json(merged)["warnings"]?.array?.compactMap { $0["code"]?.string }
    #expect(codes == ["builds"])

    try assay.replace(
      "\"method\":\"nearest-mean\",",
      with: "\"method\":\"nearest-mean\",\"method_version\":\"9.0.0\",", in: parts[0])
    let refused = try assay.run(["merge"] + parts + ["-o", merged])
    #expect(refused.status == 4)
    #expect(refused.errors.contains("nearest-mean 9.0.0"), "\(refused.errors)")
  }

  @Test("missing columns are told of, and the report is still written")
  func missingSamples() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let one = try assay.report("one.json", "-m", "nearest-mean")
    let two = try assay.report("two.json", "-m", "zero-shot")
    try FileManager.default.removeItem(atPath: assay.path("two.store"))
    let result = try assay.run("merge", one, two, "-o", assay.path("merged.json"))
    #expect(result.status == 0)
    #expect(result.errors.contains("per-sample columns were not beside the report"))
  }

  @Test("one report is too few, and the output is a .json file")
  func misuse() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let alone = try assay.run("merge", "a.json", "-o", assay.path("m.json"))
    #expect(alone.status == 2)
    #expect(alone.errors.contains("Name at least two reports."))
    let output = try assay.run("merge", "a.json", "b.json", "-o", assay.path("m.txt"))
    #expect(output.status == 2)
    #expect(output.errors.contains("a report's name ends in .json"))
    let absent = try assay.run("merge", "a.json", "b.json", "-o", assay.path("m.json"))
    #expect(absent.status == 2)
    #expect(absent.errors.contains("a.json: cannot be read"))
  }
}
