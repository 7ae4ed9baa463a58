import Documents
import Tensors
import Testing

@testable import Suites

@Suite("What is asked about comes in a drawn order")
struct DrawnOrderTests {
  private func settings(
    _ form: JSON, seeds: JSON = [1, 2], change: (inout [String: JSON]) -> Void = { _ in }
  ) throws -> [PlannedSetting] {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny", change: change)
    let path = try folder.addSuite {
      $0["protocol"] = form
      $0["seeds"] = seeds
    }
    return try withExtendedLifetime(folder) { try Suite.read(path).plan().settings }
  }

  /// The first number of each row, which tells the row of the file.
  private func firsts(_ inputs: [TensorSource], _ name: String) throws -> [Float] {
    let source = try #require(inputs.first { $0.name == name })
    let values = try floats(source)
    return stride(from: 0, to: values.count, by: source.shape[1]).map { values[$0] }
  }

  @Test("test rows move, alike for all settings and seeds, and share one copy")
  func oneOrder() throws {
    let made = try settings(["kind": "few-shot", "shots": [1, 2]]).map { try $0.materialise() }
    let orders = try made.map { try firsts($0.calls[0].inputs, "query.features") }
    let file = try firsts(made[0].queries[0].inputs, "query.features")
    #expect(Set(orders).count == 1)
    #expect(orders[0] != file && orders[0].sorted() == file.sorted())
    let keys = Set(made.map { $0.calls[0].inputs[0].sharingKey })
    #expect(keys.count == 1 && !keys.contains(nil))
    #expect(keys != [made[0].queries[0].inputs[0].sharingKey])
  }

  @Test("another digest is another order")
  func digest() throws {
    let orders = try ["1", "2"].map { version in
      let settings = try settings(["kind": "few-shot", "shots": [1]]) {
        $0["version"] = .string(version)
      }
      return try firsts(settings[0].materialise().calls[0].inputs, "query.features")
    }
    #expect(orders[0] != orders[1])
  }

  @Test(
    "the place of a shifted row does not lead to the row behind it, nor that of a call to its shift"
  )
  func shifts() throws {
    let made = try settings(["kind": "shifts", "train": ["full"]], seeds: [1])[0].materialise()
    #expect(made.calls.map(\.query).sorted() == Array(made.queries.indices))
    #expect(made.calls.map(\.query) != Array(made.queries.indices))
    // Both shifts have the same eight rows in this dataset, and each an order of its own.
    let orders = try made.calls.filter { made.queries[$0.query].name.hasPrefix("blur") }
      .map { try firsts($0.inputs, "query.features") }
    #expect(orders.count == 2 && orders[0] != orders[1])
    #expect(orders[0].sorted() == orders[1].sorted())
  }

  @Test("answers come back in the order of the file, whatever the call and the row")
  func puttingBack() throws {
    let setting = try settings(["kind": "shifts", "train": ["full"]], seeds: [1])[0]
    let made = try setting.materialise()
    let answers = try made.calls.map { call -> [String: Tensor] in
      let values = try firsts(call.inputs, "query.features")
      return [
        "logits": Tensor(values.flatMap { [$0, 0, -1] as [Float] }, shape: [values.count, 3])
      ]
    }
    let back = try made.puttingBack(answers, setting.contract)
    for (query, outputs) in zip(made.queries, back) {
      let wanted = try firsts(query.inputs, "query.features").flatMap { [$0, 0, -1] as [Float] }
      #expect(outputs["logits"]?.withElements(of: Float.self) { Array($0) } == wanted)
    }
  }

  @Test("rows that are learned from without labels move too, and labelled rows keep their labels")
  func training() throws {
    let unlabelled = try settings(["kind": "unsupervised"])[0].materialise()
    let order = try firsts(unlabelled.fit, "unlabelled.features")
    #expect(order != order.sorted() && order.sorted() == (0..<12).map { 100 + 4 * Float($0) })
    let labelled = try settings(["kind": "shifts", "train": ["full"]])[0].materialise()
    #expect(try firsts(labelled.fit, "train.features") == order.sorted())
  }

  @Test("new classes move with their scores, and base classes keep the order that fit knows")
  func newClasses() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { manifest in
      manifest["classes"] = .array((0..<12).map { .string("class \($0)") })
      for name in ["groups", "shifts", "ood"] { manifest[name] = nil }
      let (rows, labels): (JSON, JSON) = (["file": "train.features.npy"], ["file": "twelve.npy"])
      manifest["arrays"] = [
        "train.features": rows, "train.labels": labels, "text.class": rows,
        "test.features": ["file": "blur.npy"], "test.labels": ["file": "eight.npy"],
      ]
    }
    for (name, labels) in [("twelve", 0..<12), ("eight", 4..<12)] {
      try Tensor(labels.map { Int32($0) }, shape: [labels.count])
        .writeNPY(to: "\(folder.path)/data/tiny/\(name).npy")
    }
    let path = try folder.addSuite { $0["protocol"] = ["kind": "base-to-new", "shots": [1]] }
    let settings = try Suite.read(path).plan(seeds: [1]).settings
    let made = try settings[1].materialise()
    let call = try #require(made.calls.first { made.queries[$0.query].name == "new" })
    let text = try firsts(call.inputs, "query.text")
    #expect(text != text.sorted() && text.sorted() == (6..<12).map { 100 + 4 * Float($0) })
    // A method that scores each class by its text, alike for all rows.
    let count = made.queries[call.query].rowCount
    let answers = made.calls.map { other -> [String: Tensor] in
      let scores = other.query == call.query ? text : [Float](repeating: 0, count: 6)
      let rows = made.queries[other.query].rowCount
      return [
        "logits": Tensor(
          [[Float]](repeating: scores, count: rows).flatMap(\.self), shape: [rows, 6])
      ]
    }
    let back = try made.puttingBack(answers, settings[1].contract)[call.query]["logits"]
    #expect(
      back?.withElements(of: Float.self) { Array($0) }
        == [[Float]](repeating: text.sorted(), count: count).flatMap(\.self))
  }

  @Test("images and texts of pairs move each on their own")
  func pairs() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("tiny") {
      try? Tensor((0..<16).map { Int32($0) }, shape: [16])
        .writeNPY(to: "\(folder.path)/tiny/pairs.npy")
      $0["cases"] = [
        [
          "name": "pairs", "truth": ["image_of_text": ["file": "pairs.npy"]],
          "query": [
            "query.image": ["file": "test.features.npy"],
            "query.text": ["file": "test.features.npy"],
          ],
        ]
      ]
    }
    let path = try folder.addSuite {
      $0["task"] = "retrieve"
      $0["protocol"] = ["kind": "given"]
    }
    let setting = try #require(try Suite.read(path).plan().settings.first)
    let inputs = try setting.materialise().calls[0].inputs
    let (images, texts) = (
      try firsts(inputs, "query.image"), try firsts(inputs, "query.text")
    )
    #expect(images != texts && images.sorted() == texts.sorted())
    #expect(Set(inputs.map(\.sharingKey)).count == 2)
  }
}
