import Documents
import Foundation
import Testing

@Suite("What info tells")
struct InfoTests {
  @Test(
    "a suite, a dataset and a metric are described in a few lines",
    arguments: [
      ("few-shot", ["task classify, protocol few-shot", "shots  1, 2, 4, 8, 16", "10 classes"]),
      ("few-shot", ["25 trials for each method", "metrics: accuracy, ", "groups: class"]),
      ("suites/claims/gda.json", ["protocol few-shot", "claims: ", "methods: "]),
      ("planted-audit", ["group age", "18-24, 25-49", "finding, random-05", "MIT"]),
      ("fashion", ["rotation-5", "digits", "test 3000 rows"]),
      ("suites/data/coco-pairs", ["retrieve", "cases"]),
      ("auroc", ["0 ... 1", "only one class is present", "classify, classify-images, detect-ood"]),
      ("mce", ["infinity", "Hendrycks and Dietterich", "of whole reports"]),
    ])
  func text(name: String, words: [String]) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("info", name)
    #expect(result.status == 0, "\(result.errors)")
    for word in words { #expect(result.output.contains(word), "\(result.output)") }
  }

  @Test("the same is there for machines")
  func json() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    func json(_ arguments: String...) throws -> JSON {
      try JSON(parsing: try assay.run(["info"] + arguments + ["--json"]).output)
    }
    let suite = try json("few-shot")
    #expect(suite["trials"]?.int == 25)
    #expect(suite["settings"]?["shots"]?.array?.count == 5)
    #expect(suite["datasets"]?[0]?["rows"]?["test"]?.int == 3000)
    let dataset = try json("planted-audit")
    #expect(dataset["groups"]?["sex"] == ["female", "male"])
    let metric = try json("nll")
    #expect(metric["range"] == [0.0, nil] && metric["tasks"] == ["classify", "classify-images"])
  }

  @Test("a name of several kinds is the task's, unless another kind is asked for")
  func kinds() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    #expect(try assay.run("info", "retrieve").output.hasPrefix("task retrieve"))
    let suite = try assay.run("info", "retrieve", "--kind", "suite")
    #expect(suite.output.contains("task retrieve, protocol given"), "\(suite.errors)")
  }

  @Test("a name of a kind that was asked for is told of with the list of that kind")
  func unknownOfKind() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("info", "accuracy", "--kind", "suite")
    #expect(result.status == 2)
    #expect(
      result.errors.contains("no suite 'accuracy'; 'assay list suites' names"), "\(result.errors)")
  }

  @Test("a long name in a dataset's table does not push the others aside")
  func longName() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let lines = try assay.run("info", "fashion").output.split(separator: "\n").map(String.init)
    let parts = try assay.json(Assay.root.path + "/suites/data/fashion/dataset.json")["parts"]
    let names = parts?.array?.compactMap { $0["part"]?.string } ?? []
    let long = try #require(names.max { $0.count < $1.count })
    #expect(long.count > 20)
    let place = try #require(lines.firstIndex { $0 == "    \(long)" })
    let column = lines[place + 1].prefix { $0 == " " }.count
    #expect(column <= 24)
    let size = try #require(lines.first { $0.hasPrefix("  size ") })
    #expect(size.dropFirst("  size".count).prefix { $0 == " " }.count == column - "  size".count)
  }

  @Test("a suite whose data are not there is described without them")
  func absent() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try assay.replace("\"fashion\"", with: "\"gone\"", in: assay.path("suites/small.json"))
    let result = try assay.run("info", "small")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("gone") && result.output.contains("is in none of"))
  }

  @Test(
    "an unknown name is told of with the nearest one",
    arguments: [
      ("few-shoot", "did you mean 'few-shot'?"), ("fashon", "did you mean 'fashion'?"),
      ("aurocc", "did you mean 'auroc'?"), ("qqqqqqqqqq", "'assay list' names what there is"),
    ])
  func unknown(name: String, sentence: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("info", name)
    #expect(result.status == 2)
    #expect(result.errors.contains(sentence), "\(result.errors)")
  }
}
