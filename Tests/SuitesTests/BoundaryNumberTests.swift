import Documents
import Foundation
import Testing

@testable import Suites

/// Numbers at which arithmetic ends, put at every place of a document where a number may stand.
@Suite("Numbers at the ends of their ranges")
struct BoundaryNumberTests {
  static let numbers: [JSON] = [
    .integer(.max), .integer(.min), .integer(1 << 53), .integer(-(1 << 53)),
    .integer(100_000_000_000_000), .integer(1_000_000), 0, -1, .number(-0.0), .number(1e308),
    .number(-1e308), .number(5e-324), .number(0.5), .number(1e9),
  ]
  /// Arrays without an element, and with many.
  static let lengths = [0, 20_000]

  static let protocols: [(task: String, protocol: JSON)] = [
    ("classify", ["kind": "few-shot", "shots": [1]]),
    ("classify", ["kind": "shifts", "train": [1, "full"]]),
    ("detect-ood", ["kind": "detect-ood", "train": [1]]),
    ("classify", ["kind": "imbalanced", "profiles": ["exponential", "step"], "ratios": [2]]),
    ("classify", ["kind": "base-to-new", "shots": [1]]),
    ("classify", ["kind": "unsupervised"]),
    ("classify", ["kind": "sources", "mixes": [["A": 1, "B": 2]], "sizes": [4]]),
    ("classify", ["kind": "prompts", "train": [1]]),
    ("estimate-distance", ["kind": "directions", "counts": [3]]),
    ("optimise", ["kind": "budgets", "steps": [3]]),
    ("classify-images", ["kind": "occlusion", "shares": [25]]),
    ("classify", ["kind": "audit", "train": [1]]),
    ("classify", ["kind": "probe"]),
    ("diversity", ["kind": "given"]),
  ]

  /// A folder with a dataset that every protocol finds something in.
  private func folder() throws -> SuiteFolder {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny") { manifest in
      manifest["groups"] = [
        "kind": ["array": ["file": "test.labels.npy"], "names": ["x", "y", "z"]],
        "source": [
          "array": ["file": "test.labels.npy"], "names": ["A", "B", "C"],
          "train": ["file": "train.labels.npy"],
        ],
      ]
    }
    return folder
  }

  @Test("no number in a suite traps or plans without bound, whatever the field")
  func suites() throws {
    let walk = SchemaWalk(try SuiteSchema.schema().text)
    let folder = try folder()
    var met: Set<String> = []
    for (index, (task, form)) in BoundaryNumberTests.protocols.enumerated() {
      let document: JSON = [
        "schema": "assay.suite/1", "id": "mine", "version": "1", "title": "Mine",
        "task": .string(task), "datasets": ["tiny"], "protocol": form, "seeds": [1],
      ]
      // What all protocols share is tried with the first alone.
      for place in walk.numbers(in: document) {
        met.insert(place.schema)
        guard index == 0 || place.path.first == "protocol" else { continue }
        for number in BoundaryNumberTests.numbers {
          try plan(document.setting(number, at: place.path[...]), in: folder)
        }
      }
      for place in walk.arrays(in: document) where index == 0 || place.path.first == "protocol" {
        for length in BoundaryNumberTests.lengths {
          let elements = (0..<length).map { JSON($0 + 1) }
          try plan(document.setting(.array(elements), at: place.path[...]), in: folder)
        }
      }
    }
    // A field that no document reaches would not be tried.
    #expect(walk.numericSchemas.subtracting(met).isEmpty)
  }

  @Test("every number that a suite or a run file may hold has two ends")
  func ends() throws {
    for schema in [try SuiteSchema.schema(), try RunSchema.schema()] {
      let walk = SchemaWalk(schema.text)
      for place in walk.numericSchemas.sorted() {
        guard let node = walk.node(place) else { continue }
        #expect(
          node["maximum"] != nil || node["exclusiveMaximum"] != nil, "\(place) has no upper end")
        #expect(
          node["minimum"] != nil || node["exclusiveMinimum"] != nil, "\(place) has no lower end")
      }
    }
  }

  @Test("no number in a run file traps", arguments: numbers)
  func runFiles(number: JSON) throws {
    let folder = try SuiteFolder()
    let walk = SchemaWalk(try RunSchema.schema().text)
    let document: JSON = [
      "schema": "assay.run/1", "suites": ["suite.json"], "methods": [["id": "gda"]],
    ]
    for place in walk.numbers(in: document) {
      try folder.write(document.setting(number, at: place.path[...]).prettyText, to: "run.json")
      _ = try? RunFile.read("\(folder.path)/run.json")
    }
  }

  @Test("shots, seeds and directions that no memory holds are refused with a sentence")
  func products() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    for (form, seeds) in [
      (["kind": "few-shot", "shots": [1_000_000]], 100),
      (["kind": "few-shot", "shots": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]], 100_000),
    ] as [(JSON, Int)] {
      let path = try folder.addSuite {
        $0["protocol"] = form
        $0["seeds"] = .array((0..<seeds).map { JSON($0) })
      }
      let error = #expect(throws: SuiteError.self) { try Suite.read(path).plan() }
      #expect(error?.code == .badDataset)
    }
  }

  private func plan(_ document: JSON, in folder: SuiteFolder) throws {
    try folder.write(document.prettyText, to: "suite.json")
    guard let suite = try? Suite.read("\(folder.path)/suite.json") else { return }
    let plan = try? suite.plan()
    #expect((plan?.settings.count ?? 0) <= Planner.largestPlan)
  }
}
