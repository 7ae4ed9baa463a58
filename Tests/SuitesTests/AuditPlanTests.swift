import Datasets
import Documents
import Foundation
import Metrics
import Tensors
import Testing

@testable import Suites

/// A dataset with two findings, a device and an attribute; ages are known of all but two test rows.
private func audited(_ folder: SuiteFolder) throws {
  try folder.addDataset("data/tiny") { manifest in
    func save(_ values: [Int32], _ name: String) throws -> JSON {
      try Tensor(values, shape: [values.count])
        .writeNPY(to: "\(folder.path)/data/tiny/\(name).npy")
      return ["file": .string("\(name).npy")]
    }
    do {
      try Tensor((0..<8).map { Float($0) }, shape: [2, 4])
        .writeNPY(to: "\(folder.path)/data/tiny/pair.npy")
      let test = (0..<16).map { Int32($0 % 2) }
      var targets: [String: JSON] = [:]
      for name in ["edema", "fracture"] {
        targets[name] = [
          "classes": ["none", .string(name)],
          "train": try save((0..<12).map { Int32($0 % 2) }, "train_\(name)"),
          "val": try save((0..<9).map { Int32($0 % 2) }, "val_\(name)"),
          "test": try save(name == "edema" ? test : test.reversed(), "test_\(name)"),
          "text": ["file": "pair.npy"],
        ]
      }
      manifest["targets"] = .object(targets)
      manifest["groups"] = [
        "age": [
          "names": ["young", "old"],
          "array": try save((0..<16).map { $0 < 2 ? -1 : Int32($0 % 2) }, "test_age"),
          "train": try save((0..<12).map { Int32($0 / 6) }, "train_age"),
        ],
        "device": [
          "names": ["absent", "present"],
          "array": try save((0..<16).map { $0 == 15 ? -1 : Int32($0 / 8) }, "test_device"),
        ],
      ]
    } catch {
      Issue.record(error)
    }
  }
}

private func suite(
  _ folder: SuiteFolder, _ form: JSON, change: (inout [String: JSON]) -> Void = { _ in }
) throws -> Suite {
  try Suite.read(
    try folder.addSuite {
      $0["protocol"] = form
      change(&$0)
    })
}

private func failure(_ suite: Suite) -> String? {
  do throws(SuiteError) {
    _ = try suite.plan()
    return nil
  } catch {
    return error.description
  }
}

@Suite("Plans of audits")
struct AuditPlanTests {
  @Test("every finding is a setting of two classes, with its own labels and text")
  func settings() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let made = try suite(folder, ["kind": "audit", "train": ["none", "full"]]) {
      $0["groups"] = ["age"]
    }
    let plan = try made.plan(seeds: [1])
    #expect(
      plan.settings.map(\.setting) == [
        ["label": "edema", "train": "none"], ["label": "edema", "train": "full"],
        ["label": "fracture", "train": "none"], ["label": "fracture", "train": "full"],
      ])
    let cases = try plan.settings.map { try $0.materialise() }
    #expect(cases[0].queries[0].labels.prefix(2) == [0, 1])
    #expect(cases[2].queries[0].labels.prefix(2) == [1, 0])
    #expect(plan.settings[1].offered.isSuperset(of: ["train.labels", "val.labels", "text.class"]))
    #expect(plan.settings[1].dataset.classes == ["none", "edema"])
    let grouping = try #require(cases[0].queries[0].groupings.first)
    #expect(grouping.by == "age" && grouping.isAttribute && !grouping.holdsClass)
    // Two findings share features, never labels.
    func source(_ made: EvaluationCase, _ name: String) -> TensorSource? {
      made.fit.first { $0.name == name }
    }
    let shared = source(cases[1], "train.features")?.sharingKey
    #expect(shared != nil && shared == source(cases[3], "train.features")?.sharingKey)
    #expect(
      source(cases[1], "train.labels")?.sharingKey != source(cases[3], "train.labels")?.sharingKey)
    #expect(source(cases[1], "text.class")?.shape == [2, 4])
  }

  @Test("the units of the dataset go along with the queries, and the number of comparisons is told")
  func units() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let path = "\(folder.path)/data/tiny"
    var manifest =
      try JSON(
        parsing: String(contentsOfFile: "\(path)/dataset.json", encoding: .utf8)
      ).object ?? [:]
    try Tensor((0..<16).map { Int32($0 / 2) }, shape: [16]).writeNPY(to: "\(path)/unit.npy")
    try Tensor((20..<29).map { Int32($0) }, shape: [9]).writeNPY(to: "\(path)/val_unit.npy")
    manifest["units"] = ["test": ["file": "unit.npy"], "val": ["file": "val_unit.npy"]]
    try JSON.object(manifest).canonicalText.write(
      toFile: "\(path)/dataset.json", atomically: true, encoding: .utf8)
    let made = try suite(
      folder, ["kind": "audit", "train": ["none"], "shortcut": "device"]
    ) {
      $0["groups"] = ["age", "class"]
      $0["decision"] = "youden"
    }
    let setting = try #require(try made.plan(seeds: [1]).settings.first)
    let queries = try setting.materialise().queries
    #expect(queries.map(\.name) == ["test", "val"])
    #expect(queries[0].units == (0..<16).map { Int32($0 / 2) })
    #expect(queries[1].units == (20..<29).map { Int32($0) })
    // Two findings by age and by the shortcut.
    #expect(setting.notes.contains { $0.hasPrefix("One of 4 comparisons") })
  }

  @Test("the probe names the dimensions in which the centroids differ most")
  func centroids() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let made = try suite(folder, ["kind": "probe", "attributes": ["age"], "spaces": ["full"]]) {
      $0["metrics"] = ["auroc"]
    }
    let query = try #require(try made.plan(seeds: [1]).settings.first?.materialise().queries.first)
    // Test rows count up, the known ages alternate: old rows lie 4 higher in every dimension.
    let found = query.measurements
    #expect(
      found.map(\.key) == (0..<3).map { "old less young, dimension \($0)" })
    for measurement in found {
      let difference = try #require(measurement.difference)
      func mean(_ rows: [Int]) -> Double {
        rows.reduce(0) { $0 + measurement.values[$1] } / Double(rows.count)
      }
      #expect(mean(difference.of) - mean(difference.less) == 4)
    }
  }

  @Test("positives with and without the cue are held against all negatives")
  func shortcut() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let made = try suite(
      folder,
      ["kind": "audit", "train": ["none"], "targets": ["edema"], "shortcut": "device"])
    let query = try #require(try made.plan(seeds: [1]).settings.first?.materialise().queries.first)
    let contrast = try #require(query.contrasts.first)
    #expect(contrast.by == "shortcut" && contrast.sets.map(\.key) == ["with", "without"])
    let negatives = (0..<16).filter { $0 % 2 == 0 }
    #expect(contrast.sets[0].rows == (negatives + [9, 11, 13]).sorted())
    #expect(contrast.sets[1].rows == (negatives + [1, 3, 5, 7]).sorted())
  }

  @Test("what a dataset cannot give is refused with its place")
  func refusals() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let target = try suite(folder, ["kind": "audit", "train": ["none"], "targets": ["fractur"]])
    #expect(failure(target)?.contains("/protocol/targets/0") == true)
    #expect(failure(target)?.contains("did you mean 'fracture'?") == true)
    let cue = try suite(folder, ["kind": "audit", "train": ["none"], "shortcut": "devise"])
    #expect(failure(cue)?.contains("/protocol/shortcut") == true)
    try folder.addDataset("data/tiny")
    let three = try suite(folder, ["kind": "audit", "train": ["none"]])
    #expect(failure(three)?.contains("has 3 classes, not two") == true)
  }

  @Test("Youden's threshold asks for the validation rows, and only for two classes")
  func decision() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let made = try suite(folder, ["kind": "audit", "train": ["none"], "targets": ["edema"]]) {
      $0["decision"] = "youden"
    }
    let setting = try #require(try made.plan(seeds: [1]).settings.first)
    let queries = try setting.materialise().queries
    #expect(queries.map(\.name) == ["test", "val"])
    #expect(queries[1].part == .decision && queries[1].labels.count == 9)
    #expect(setting.notes.contains { $0.contains("TPR - FPR") })
    #expect(queries[1].decision == .youden)
    let few = try suite(folder, ["kind": "few-shot", "shots": [1]]) { $0["decision"] = "youden" }
    #expect(failure(few)?.contains("has 3 classes, not two") == true)
    let even = try suite(folder, ["kind": "audit", "train": ["none"]]) { $0["decision"] = 0.5 }
    #expect(try even.plan(seeds: [1]).settings[0].materialise().queries.count == 1)
  }
}

extension AuditPlanTests {
  @Test("a false positive rate settles the threshold on the validation rows, never on test rows")
  func falsePositiveRate() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let made = try suite(folder, ["kind": "audit", "train": ["none"], "targets": ["edema"]]) {
      $0["decision"] = ["fpr": 0.05]
    }
    #expect(made.metricsOfGroups.last == "decision_threshold")
    let setting = try #require(try made.plan(seeds: [1]).settings.first)
    let queries = try setting.materialise().queries
    #expect(queries.map(\.name) == ["test", "val"])
    #expect(queries.map(\.decision) == [.even, .falsePositiveRate(0.05)])
    #expect(setting.notes.contains { $0.contains("at most 0.05 of the negative validation rows") })
    for bad in [["fpr": 1], ["fpr": -0.1], ["tpr": 0.5], "yuoden"] as [JSON] {
      #expect(throws: SuiteError.self) {
        try suite(folder, ["kind": "audit", "train": ["none"]]) { $0["decision"] = bad }
      }
    }
  }

  @Test(
    "the least rows of a compared group are 10, or what the suite says, also for parts of the rows")
  func minimumGroup() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    for (given, wanted) in [(nil, 10), (3, 3)] as [(JSON?, Int)] {
      let made = try suite(folder, ["kind": "audit", "train": ["none"], "targets": ["edema"]]) {
        $0["groups"] = ["age"]
        $0["min_group"] = given
      }
      let queries = try made.plan(seeds: [1]).settings[0].materialise().queries
      let grouping = try #require(queries.first?.groupings.first)
      #expect(grouping.minimumRows == wanted)
      #expect(grouping.selecting(rows: [0, 3]).minimumRows == wanted)
    }
    #expect(throws: SuiteError.self) {
      try suite(folder, ["kind": "audit", "train": ["none"]]) { $0["min_group"] = 0 }
    }
  }
}

@Suite("Blind audits")
struct BlindAuditTests {
  @Test(
    "no input holds the labels or the groups of the test rows",
    arguments: [
      ["kind": "audit", "train": ["none", "full"], "shortcut": "device"], ["kind": "probe"],
    ] as [JSON])
  func noLabels(form: JSON) throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let made = try suite(folder, form) {
      if form["kind"] == "audit" { $0["groups"] = ["age", "device"] }
    }
    for setting in try made.plan(seeds: [1]).settings {
      let evaluation = try setting.materialise()
      let query = try #require(evaluation.queries.first)
      let secrets = [query.labels] + query.groupings.map(\.codes)
      for source in evaluation.fit + query.inputs {
        let written = try bytes(source)
        for needle in secrets.flatMap(BlindnessTests.needles) {
          #expect(!BlindnessTests().holds(written, needle), "\(source.name)")
        }
      }
    }
  }
}

@Suite("Plans of probes")
struct ProbePlanTests {
  @Test("an attribute is asked for in both spaces, on the rows where it is known")
  func settings() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let plan = try suite(folder, ["kind": "probe"]).plan(seeds: [1])
    #expect(
      plan.settings.map(\.setting) == [
        ["attribute": "age", "space": "full"], ["attribute": "age", "space": "pca2"],
      ])
    let cases = try plan.settings.map { try $0.materialise() }
    #expect(cases.map { $0.queries[0].inputs[0].shape } == [[14, 4], [14, 2]])
    #expect(cases[1].fit.first { $0.name == "train.features" }?.shape == [12, 2])
    #expect(cases.map(\.rows) == Array(repeating: ["train": 12, "query": 14], count: 2))
    #expect(cases[0].queries[0].labels == (2..<16).map { Int32($0 % 2) })
    #expect(!plan.settings[0].offered.contains("text.class"))
    #expect(cases[0].queries[0].measurements.map(\.by) == Array(repeating: "centroids", count: 3))
    let silhouette = try #require(cases[1].queries[0].measurements.first)
    #expect(silhouette.metric == "silhouette" && silhouette.values.count == 14)
  }

  @Test("only attributes that the training rows have can be probed")
  func unknown() throws {
    let folder = try SuiteFolder()
    try audited(folder)
    let made = try suite(folder, ["kind": "probe", "attributes": ["device"]])
    #expect(failure(made)?.contains("/protocol/attributes/0") == true)
    try folder.addDataset("data/tiny")
    let none = try suite(folder, ["kind": "probe"])
    #expect(failure(none)?.contains("declares no attribute with training rows") == true)
  }

  /// Origin: scikit-learn 1.9.1, `PCA(2).fit(train).transform(test)` on the rows below, up to the sign
  /// of each component.
  @Test("components are those of scikit-learn, fitted on the training rows alone")
  func components() throws {
    func rows(_ count: Int, _ first: Int) -> Tensor {
      let numbers = (first..<first + count).flatMap { row -> [Double] in
        let x = Double(row)
        return [3 * sin(x), cos(2 * x), 0.5 * sin(3 * x) + 1, 0.1 * x]
      }
      return Tensor(numbers.map { Float($0) }, shape: [count, 4])
    }
    let found = try #require(PrincipalComponents(of: rows(8, 0), count: 2))
    let points = found.project(rows(3, 8)).withElements(of: Float.self) { Array($0) }
    let wanted: [Float] = [
      2.7435224886, -1.0077319355, 1.0112842260, 0.5115984141, -1.8754922234, 0.2978402549,
    ]
    for component in 0..<2 {
      let sign: Float = points[component] * wanted[component] < 0 ? -1 : 1
      for row in 0..<3 {
        let place = 2 * row + component
        #expect(abs(sign * points[place] - wanted[place]) < 1e-5)
      }
    }
    #expect(PrincipalComponents(of: Tensor([1, 2] as [Float], shape: [2, 1]), count: 2) == nil)
  }
}
