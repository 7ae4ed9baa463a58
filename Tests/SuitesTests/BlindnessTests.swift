import Documents
import Tensors
import Testing

@testable import Suites

@Suite("Blind evaluation")
struct BlindnessTests {
  /// Labels as bytes, in every number format that a plugin could look for.
  static func needles(_ labels: [Int32]) -> [[UInt8]] {
    func encode<Number>(_ convert: (Int32) -> Number) -> [UInt8] {
      labels.map(convert).withUnsafeBytes { Array($0) }
    }
    return [
      encode { UInt8(truncatingIfNeeded: $0) }, encode { Int16($0) }, encode { $0 },
      encode { Int64($0) }, encode { Float($0) }, encode { Double($0) },
    ]
  }

  static let protocols: [(task: String, protocol: JSON)] = [
    ("classify", ["kind": "few-shot", "shots": [1, 2]]),
    ("classify", ["kind": "shifts", "train": [2, "full", "none"]]),
    ("detect-ood", ["kind": "detect-ood", "train": ["full"]]),
    ("classify", ["kind": "imbalanced", "profiles": ["exponential", "step"], "ratios": [2, 4]]),
    ("classify", ["kind": "base-to-new", "shots": [1, 2]]),
    ("classify", ["kind": "unsupervised"]),
  ]

  func holds(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
    bytes.count >= needle.count
      && (0...bytes.count - needle.count).contains { bytes[$0...].starts(with: needle) }
  }

  @Test(
    "no input of any protocol has a query's labels, or a name or key that leads to them",
    arguments: protocols)
  func noLabels(task: String, protocol form: JSON) throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["task"] = .string(task)
      $0["protocol"] = form
      $0["groups"] = task == "classify" ? ["class", "kind"] : []
    }
    for setting in try Suite.read(path).plan().settings {
      let made = try setting.materialise()
      #expect(Set(made.queries.map(\.labels.count)).isSubset(of: [6, 8, 10, 16, 22]))
      // What is ID and what is OOD must not be told either.
      let needles = made.queries.flatMap { query in
        // Rows of one class have labels that tell nothing, and occur in every array with zeros.
        guard Set(query.labels).count > 1 else { return [[UInt8]]() }
        let isMixed = query.labels.contains(-1)
        return Self.needles(query.labels)
          + (isMixed ? Self.needles(query.labels.map { $0 < 0 ? 1 : 0 }) : [])
      }
      for source in made.fit + made.queries.flatMap(\.inputs) {
        if source.name.hasSuffix(".labels") {
          #expect(["train.labels", "val.labels"].contains(source.name))
        }
        #expect(source.sharingKey?.contains("test.labels") != true)
        let written = try bytes(source)
        for needle in needles { #expect(!holds(written, needle), "\(source.name)") }
      }
    }
  }

  @Test("the search finds labels where they are")
  func searchWorks() throws {
    let labels = [7, 7] + SuiteFolder.testLabels
    let leak = try bytes(TensorSource(name: "leak", tensor: Tensor(labels, shape: [18])))
    #expect(Self.needles(SuiteFolder.testLabels).count { holds(leak, $0) } == 1)
  }

  @Test("test inputs share one copy over all settings, and training draws share none")
  func sharing() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let cases = try Suite.read(try folder.addSuite()).plan().settings.map { try $0.materialise() }
    let queries = Set(cases.flatMap { $0.queries.flatMap { $0.inputs.map(\.sharingKey) } })
    #expect(queries.count == 1 && !queries.contains(nil))
    let val = Set(cases.flatMap { $0.fit.filter { $0.name == "val.labels" }.map(\.sharingKey) })
    #expect(val.count == 1 && !val.contains(nil))
    for made in cases {
      let train = try #require(made.fit.first { $0.name == "train.features" })
      #expect(train.sharingKey == nil)
    }
  }
}
