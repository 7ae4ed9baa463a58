import Documents
import Tensors
import Testing

@testable import Suites

@Suite("Blind evaluation")
struct BlindnessTests {
  /// The test labels as bytes, in every number format that a plugin could look for.
  static let needles: [[UInt8]] = {
    func encode<Number>(_ convert: (Int32) -> Number) -> [UInt8] {
      SuiteFolder.testLabels.map(convert).withUnsafeBytes { Array($0) }
    }
    return [
      encode { UInt8($0) }, encode { Int16($0) }, encode { $0 }, encode { Int64($0) },
      encode { Float($0) }, encode { Double($0) },
    ]
  }()

  func holds(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
    bytes.count >= needle.count
      && (0...bytes.count - needle.count).contains { bytes[$0...].starts(with: needle) }
  }

  @Test("no input of any setting has the test labels' bytes, or a name or key that leads to them")
  func noLabels() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite { $0["groups"] = ["class", "kind"] }
    for setting in try Suite.read(path).plan().settings {
      let made = try setting.materialise()
      #expect(made.queries.map(\.labels) == [SuiteFolder.testLabels])
      for source in made.fit + made.queries.flatMap(\.inputs) {
        if source.name.contains("label") {
          #expect(["train.labels", "val.labels"].contains(source.name))
        }
        #expect(source.sharingKey?.contains("test.labels") != true)
        let written = try bytes(source)
        for needle in Self.needles { #expect(!holds(written, needle), "\(source.name)") }
      }
    }
  }

  @Test("the search finds labels where they are")
  func searchWorks() throws {
    let labels = [7, 7] + SuiteFolder.testLabels
    let leak = try bytes(TensorSource(name: "leak", tensor: Tensor(labels, shape: [18])))
    #expect(Self.needles.count { holds(leak, $0) } == 1)
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
