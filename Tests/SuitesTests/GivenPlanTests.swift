import Datasets
import Documents
import Tensors
import Testing

@testable import Suites

@Suite("Protocol 'given'")
struct GivenPlanTests {
  private func folder(_ cases: [JSON], task: String = "diversity") throws -> (SuiteFolder, String) {
    let folder = try SuiteFolder()
    try folder.addDataset("tiny") { $0["cases"] = .array(cases) }
    let path = try folder.addSuite {
      $0["task"] = .string(task)
      $0["protocol"] = ["kind": "given"]
      $0["seeds"] = [1, 2]
    }
    return (folder, path)
  }

  private func entry(_ name: String, setting: JSON? = nil) -> JSON {
    var members: [String: JSON] = [
      "name": .string(name), "truth": ["modes": 2, "prompts": 3],
      "query": [
        "text": ["file": "test.features.npy"], "image": ["file": "test.features.npy"],
      ],
    ]
    members["setting"] = setting
    return .object(members)
  }

  private func failure(_ path: String) throws -> SuiteError? {
    let suite = try Suite.read(path)
    do throws(SuiteError) {
      _ = try suite.plan()
      return nil
    } catch {
      return error
    }
  }

  @Test("each case is a setting of its own, for each seed")
  func settings() throws {
    let (kept, path) = try folder([entry("a"), entry("b")])
    defer { withExtendedLifetime(kept) {} }
    let plan = try Suite.read(path).plan()
    #expect(
      plan.settings.map(\.setting) == [["case": "a"], ["case": "a"], ["case": "b"], ["case": "b"]])
    #expect(plan.settings.map(\.seed) == [1, 2, 1, 2])
    #expect(plan.settings[0].offered == ["text", "image"])
  }

  @Test("cases of one setting are calls of one trial")
  func calls() throws {
    let (kept, path) = try folder([
      entry("a", setting: ["kind": "x"]), entry("b", setting: ["kind": "x"]),
    ])
    defer { withExtendedLifetime(kept) {} }
    let plan = try Suite.read(path).plan(seeds: [1])
    let evaluation = try #require(plan.settings.first).materialise()
    #expect(plan.settings.count == 1)
    #expect(evaluation.queries.map(\.name) == ["a", "b"])
    #expect(evaluation.queries[0].truth["modes"]?.dtype == .f64)
  }

  @Test("what a case lacks, misspells or misshapes is told with its place, all at once")
  func mistakes() throws {
    let (kept, path) = try folder([
      [
        "name": "a", "truth": ["modes": 2, "promts": 3],
        "query": [
          "text": ["file": "test.features.npy"], "image": ["file": "train.features.npy"],
        ],
      ]
    ])
    defer { withExtendedLifetime(kept) {} }
    let text = try #require(try failure(path)).description
    #expect(text.contains("/cases/0/truth: 'prompts' is missing"))
    #expect(text.contains("there is no tensor 'promts'; did you mean 'prompts'?"))
    #expect(text.contains("/cases/0/query/text: 'text' has shape [16, 4]"))
  }

  @Test("a dataset without cases is refused")
  func none() throws {
    let (kept, path) = try folder([])
    defer { withExtendedLifetime(kept) {} }
    #expect(try #require(try failure(path)).description.contains("has no cases"))
  }

  @Test("attributes to group directions by are refused")
  func groups() throws {
    let folder = try SuiteFolder()
    let path = try folder.addSuite {
      $0["task"] = "estimate-distance"
      $0["protocol"] = ["kind": "directions", "counts": [10], "repeats": 2]
      $0["groups"] = ["class"]
    }
    #expect(throws: SuiteError.self) { _ = try Suite.read(path) }
  }
}
