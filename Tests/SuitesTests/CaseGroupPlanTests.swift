import Datasets
import Documents
import Metrics
import Tensors
import Testing

@testable import Suites

@Suite("Groups of given cases")
struct CaseGroupPlanTests {
  /// Four images and six captions of them, from rows of the small dataset's arrays.
  private func retrieval(groups: JSON?) -> JSON {
    var members: [String: JSON] = [
      "name": "a",
      "query": [
        "query.image": ["file": "test.features.npy", "rows": ["from": 0, "to": 4]],
        "query.text": ["file": "test.features.npy", "rows": ["from": 4, "to": 10]],
      ],
      "truth": ["image_of_text": ["file": "of_text.npy"]],
    ]
    members["groups"] = groups
    return .object(members)
  }

  private func folder(
    _ cases: [JSON], task: String, groups: [JSON], codes: [Int32] = [0, 1, 1, -1]
  ) throws -> (SuiteFolder, String) {
    let folder = try SuiteFolder()
    try folder.addDataset("tiny") { $0["cases"] = .array(cases) }
    let images: [Int32] = [0, 0, 1, 2, 3, 3]
    try Tensor(images, shape: [6]).writeNPY(to: "\(folder.path)/tiny/of_text.npy")
    try Tensor(codes, shape: [codes.count]).writeNPY(to: "\(folder.path)/tiny/codes.npy")
    let path = try folder.addSuite {
      $0["task"] = .string(task)
      $0["protocol"] = ["kind": "given"]
      $0["seeds"] = [1]
      $0["groups"] = .array(groups)
      $0["min_group"] = 1
    }
    return (folder, path)
  }

  private let place: JSON = ["array": ["file": "codes.npy"], "names": ["indoors", "outdoors"]]

  private func failure(_ path: String) throws -> String {
    do throws(SuiteError) {
      _ = try Suite.read(path).plan()
      return ""
    } catch {
      return error.description
    }
  }

  @Test("a text is in the group of its image")
  func texts() throws {
    let (kept, path) = try folder(
      [retrieval(groups: ["place": place])], task: "retrieve", groups: ["place"])
    defer { withExtendedLifetime(kept) {} }
    let setting = try #require(try Suite.read(path).plan().settings.first)
    let grouping = try #require(try setting.materialise().queries[0].groupings.first)
    #expect(grouping.by == "place" && grouping.keys == ["indoors", "outdoors"])
    // Four images, then the six texts of images 0, 0, 1, 2, 3 and 3.
    #expect(grouping.codes == [0, 1, 1, -1, 0, 0, 1, 1, -1, -1])
    #expect(grouping.isAttribute && grouping.minimumRows == 1)
  }

  @Test("an attribute of the dataset holds for a case that asks about as many rows")
  func ofDataset() throws {
    let all: JSON = [
      "name": "a", "fit": ["class.count": 3],
      "query": ["query.features": ["file": "test.features.npy"]],
      "truth": ["labels": ["file": "test.labels.npy"]],
    ]
    let (kept, path) = try folder([all], task: "detect-ood", groups: ["kind"])
    defer { withExtendedLifetime(kept) {} }
    let setting = try #require(try Suite.read(path).plan().settings.first)
    let grouping = try #require(try setting.materialise().queries[0].groupings.first)
    #expect(grouping.codes == SuiteFolder.testLabels)
  }

  @Test("where a case is one row, its attribute is one number, and cases of a trial are joined")
  func numbers() throws {
    func set(_ name: String, _ code: JSON) -> JSON {
      [
        "name": .string(name), "setting": ["kind": "x"], "truth": ["modes": 2, "prompts": 3],
        "query": [
          "text": ["file": "test.features.npy"], "image": ["file": "test.features.npy"],
        ],
        "groups": ["size": ["array": code, "names": ["small", "large"]]],
      ]
    }
    let (kept, path) = try folder(
      [set("a", 1), set("b", 0)], task: "diversity", groups: ["size"])
    defer { withExtendedLifetime(kept) {} }
    let setting = try #require(try Suite.read(path).plan().settings.first)
    let queries = try setting.materialise().queries
    #expect(queries.map { $0.groupings[0].codes } == [[1], [0]])
    let joined = try #require(Grouping(joining: queries.map { ($0.groupings.first, 1) }))
    #expect(joined.keys == ["small", "large"] && joined.codes == [1, 0])
  }

  @Test("joined tables of other keys share one list of keys, and a table without groups has none")
  func joining() throws {
    let first = Grouping(by: "g", keys: ["x", "y"], codes: [1, 0, -1], isAttribute: true)
    let second = Grouping(by: "g", keys: ["z", "x"], codes: [0, 1], isAttribute: true)
    let joined = try #require(Grouping(joining: [(first, 3), (nil, 2), (second, 2)]))
    #expect(joined.keys == ["x", "y", "z"])
    #expect(joined.codes == [1, 0, -1, -1, -1, 2, 0])
    #expect(Grouping(joining: [(nil, 2)]) == nil)
  }

  @Test("numbers that do not fit are told with their place")
  func mistakes() throws {
    let (few, fewPath) = try folder(
      [retrieval(groups: ["place": place])], task: "retrieve", groups: ["place"], codes: [0, 1])
    let (wild, wildPath) = try folder(
      [retrieval(groups: ["place": place])], task: "retrieve", groups: ["place"],
      codes: [0, 1, 2, 0])
    defer { withExtendedLifetime((few, wild)) {} }
    #expect(
      try failure(fewPath).contains(
        "at /cases/0/groups/place/array: 'place' has 2 numbers for the 4 rows asked about"))
    #expect(try failure(wildPath).contains("number 2 in row 2 of 'place' is neither -1"))
  }

  @Test("a group that no dataset has is refused with the nearest name")
  func unknownGroup() throws {
    let (kept, path) = try folder(
      [retrieval(groups: ["place": place])], task: "retrieve", groups: ["plaice"])
    defer { withExtendedLifetime(kept) {} }
    let message = try failure(path)
    #expect(message.contains("at /groups/0") && message.contains("did you mean 'place'?"))
  }

  @Test("a dataset without the attribute that another has gets a note")
  func note() throws {
    let (kept, path) = try folder(
      [retrieval(groups: ["place": place])], task: "retrieve", groups: ["place"])
    try kept.addDataset("plain", id: "plain") { manifest in
      manifest["cases"] = .array([self.retrieval(groups: nil)])
    }
    let images: [Int32] = [0, 0, 1, 2, 3, 3]
    try Tensor(images, shape: [6]).writeNPY(to: "\(kept.path)/plain/of_text.npy")
    let both = try kept.addSuite("both.json") {
      $0["task"] = "retrieve"
      $0["datasets"] = ["tiny", "plain"]
      $0["protocol"] = ["kind": "given"]
      $0["groups"] = ["place"]
    }
    let settings = try Suite.read(both).plan(seeds: [1]).settings
    #expect(settings.map(\.notes.isEmpty) == [true, false])
    #expect(settings[1].notes[0].contains("'plain' has no attribute 'place'"))
    #expect(try settings[1].materialise().queries[0].groupings.isEmpty)
  }
}
