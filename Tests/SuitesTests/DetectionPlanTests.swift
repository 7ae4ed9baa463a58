import Contracts
import Documents
import Metrics
import Tensors
import Testing

@testable import Suites

@Suite("Plans of OOD detection")
struct DetectionPlanTests {
  func suite(
    _ folder: SuiteFolder, sets: JSON? = nil, groups: JSON? = nil
  ) throws -> Suite {
    var form: [String: JSON] = ["kind": "detect-ood", "train": ["full"]]
    form["sets"] = sets
    return try Suite.read(
      try folder.addSuite {
        $0["task"] = "detect-ood"
        $0["protocol"] = .object(form)
        if let groups { $0["groups"] = groups }
      })
  }

  func failure(_ suite: Suite) -> String? {
    do throws(SuiteError) {
      _ = try suite.plan()
      return nil
    } catch {
      return error.description
    }
  }

  @Test("each OOD set is a setting of its own, named near or far")
  func settings() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let plan = try suite(folder).plan(seeds: [1, 2])
    #expect(
      plan.settings.map(\.setting) == [
        ["distance": "near", "ood": "numbers", "train": "full"],
        ["distance": "near", "ood": "numbers", "train": "full"],
        ["distance": "far", "ood": "noise", "train": "full"],
        ["distance": "far", "ood": "noise", "train": "full"],
      ])
    let setting = try #require(plan.settings.first)
    let made = try setting.materialise()
    #expect(setting.contract.task == "detect-ood" && setting.metrics.first == "auroc")
    #expect(Set(made.fit.map(\.name) + ["query.features"]) == setting.offered)
    #expect(made.rows == ["train": 12, "val": 9, "query": 22])
    #expect(try suite(folder, sets: ["noise"]).plan(seeds: [1]).settings.count == 1)
  }

  @Test("every test row and OOD row is there once, with its label or -1")
  func mixture() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let settings = try suite(folder).plan(seeds: [1]).settings
    let query = try #require(try settings.first?.materialise().queries.first)
    #expect(query.part == .test && query.inputs[0].shape == [22, 4])
    let numbers = try floats(query.inputs[0])
    var seen: Set<Int> = []
    for (row, label) in query.labels.enumerated() {
      let first = Int(numbers[4 * row])
      #expect(numbers[4 * row + 3] == Float(first + 3))
      #expect(seen.insert(first).inserted)
      #expect(label == (first >= 600 ? -1 : SuiteFolder.testLabels[(first - 300) / 4]))
    }
    #expect(seen.count == 22)
    // One set's order does not tell that of another.
    let other = try #require(try settings.last?.materialise().queries.first)
    #expect(other.labels != query.labels)
  }

  @Test("the groups of the test rows go along, each with every OOD row")
  func groups() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let settings = try suite(folder, groups: ["class"]).plan(seeds: [1]).settings
    let query = try #require(try settings.first?.materialise().queries.first)
    let grouping = try #require(query.groupings.first)
    #expect(grouping.by == "class" && grouping.sharesRows)
    #expect(
      grouping.codes == query.labels.map { $0 < 0 ? Int32(grouping.keys.count) : $0 })
  }

  @Test("the second feature space goes along, in the same order, where the set has it as well")
  func aux() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { manifest in
      // Test and OOD rows are their own aux features: equal rows show an equal order.
      var arrays = manifest["arrays"]?.object ?? [:]
      for split in ["train", "val", "test"] {
        arrays["\(split).aux"] = arrays["\(split).features"]
      }
      manifest["arrays"] = .object(arrays)
      var sets = manifest["ood"]?.array ?? []
      sets[0] = .object((sets[0].object ?? [:]).merging(["aux": ["file": "ood.npy"]]) { $1 })
      manifest["ood"] = .array(sets)
    }
    let settings = try suite(folder).plan(seeds: [1]).settings
    let made = try #require(settings.first).materialise()
    #expect(made.queries[0].inputs.map(\.name) == ["query.features", "query.aux"])
    #expect(try floats(made.queries[0].inputs[0]) == floats(made.queries[0].inputs[1]))
    let aux: Set = ["train.aux", "val.aux", "query.aux"]
    #expect(aux.isSubset(of: settings[0].offered) && settings[0].notes.isEmpty)
    #expect(aux.isDisjoint(with: settings[1].offered))
    #expect(settings[1].notes.first?.contains("the OOD set has none") == true)
  }

  @Test("the order is the same for all seeds, which share one copy, and another for other data")
  func order() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    func queries() throws -> [CaseQuery] {
      try suite(folder).plan(seeds: [1, 2]).settings.prefix(2).map {
        try #require(try $0.materialise().queries.first)
      }
    }
    let same = try queries()
    #expect(same[0].labels == same[1].labels)
    #expect(same[0].inputs[0].sharingKey == same[1].inputs[0].sharingKey)
    #expect(same[0].inputs[0].sharingKey != nil)
    try folder.addDataset("data/tiny") { $0["version"] = "2" }
    let changed = try queries()
    #expect(changed[0].labels != same[0].labels)
    #expect(changed[0].inputs[0].sharingKey != same[0].inputs[0].sharingKey)
  }

  @Test("the place of a row tells nothing about where it comes from")
  func places() throws {
    let plan = try Suite.read("\(packageRoot)/suites/ood-detection.json").plan()
    #expect(plan.settings.count == 2)
    for setting in plan.settings {
      let labels = try #require(try setting.materialise().queries.first).labels
      let (n, m) = (Double(labels.count { $0 < 0 }), Double(labels.count { $0 >= 0 }))
      let places = labels.indices.filter { labels[$0] < 0 }.map(Double.init)
      let mean = places.reduce(0, +) / n
      // Mean rank of a random subset: variance m (n + m + 1) / (12 n). Four sigma, a fixed draw.
      let sigma = (m * (n + m + 1) / (12 * n)).squareRoot()
      #expect(abs(mean - (n + m - 1) / 2) < 4 * sigma)
      // As many changes from ID to OOD along the order as a random one has, within 10 %.
      let changes = zip(labels, labels.dropFirst()).count { ($0 < 0) != ($1 < 0) }
      #expect(abs(Double(changes) / (2 * n * m / (n + m)) - 1) < 0.1)
    }
  }

  @Test("a dataset without OOD sets, and a set that it does not declare, are errors")
  func missing() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let message = failure(try suite(folder, sets: ["number"]))
    #expect(message?.contains("at /protocol/sets/0: dataset 'tiny'") == true)
    #expect(message?.contains("no OOD set 'number'; did you mean 'numbers'?") == true)
    try folder.addDataset("data/tiny") { $0["ood"] = nil }
    #expect(failure(try suite(folder))?.contains("'tiny' declares no OOD set, which") == true)
  }
}
