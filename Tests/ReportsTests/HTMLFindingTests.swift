import Evaluation
import Metrics
import PluginHost
import Testing

@testable import Reports

@Suite("What a page finds")
struct HTMLFindingTests {
  private func findings(_ trials: [TrialRecord]) -> Findings {
    Findings(PageModel(report: report(trials), samples: nil))
  }

  private func finding(_ trials: [TrialRecord]) throws -> Finding {
    try #require(findings(trials).all.first)
  }

  @Test(
    "two methods are apart only where their intervals do not meet",
    arguments: [
      (0.9, 0.7, Finding.Relation.apart), (0.9, 0.85, .overlapping), (0.9, 0.9, .equal),
    ])
  func relations(_ first: Double, _ second: Double, _ expected: Finding.Relation) throws {
    let found = try finding([trial("a", accuracy: first), trial("b", accuracy: second)])
    #expect(found.relation == expected)
    #expect(found.leader?.label == "a" && found.next?.label == "b")
    #expect(abs((found.lead ?? -1) - (first - second)) < 1e-12)
  }

  @Test("one method has no rival, and no method is no finding")
  func alone() throws {
    #expect(try finding([trial()]).relation == .alone)
    #expect(findings([]).all.isEmpty)
    #expect(findings([trial(status: .crashed)]).all.isEmpty)
  }

  @Test("what was tuned on the test rows, or lacks seeds, is drawn and does not lead")
  func fairness() throws {
    let found = try finding([
      trial("oracle", accuracy: 0.95, selection: .oracle),
      trial("lacking", seed: 1, accuracy: 0.92), trial("lacking", seed: 2, status: .crashed),
      trial("fair", accuracy: 0.8),
    ])
    #expect(found.standings.map(\.label) == ["oracle", "lacking", "fair"])
    #expect(found.leader?.label == "fair" && found.next == nil)
  }

  @Test("a method that failed where others have values is named in the panel")
  func lacking() throws {
    let page = HTMLRendering.page(
      report: report([trial("good"), trial("bad", status: .crashed)]), samples: nil)
    let panel = try #require(page.split(separator: "<div class=\"panels few\">").last)
    let figure = panel.split(separator: "</figcaption>")[0]
    #expect(figure.contains("class=\"failed\"") && figure.contains("bad"))
  }

  @Test("the method that leads most panels is named first, equal ones lead none")
  func leaders() {
    let found = findings([
      trial("a", accuracy: 0.9, dataset: "one"), trial("b", accuracy: 0.5, dataset: "one"),
      trial("a", accuracy: 0.9, dataset: "two"), trial("b", accuracy: 0.89, dataset: "two"),
      trial("a", accuracy: 0.5, dataset: "three"), trial("b", accuracy: 0.9, dataset: "three"),
      trial("a", accuracy: 0.5, dataset: "four"), trial("b", accuracy: 0.5, dataset: "four"),
    ])
    #expect(found.leaders.map(\.label) == ["a", "b"])
    #expect(found.leaders.map(\.panels) == [2, 1])
    #expect(found.leaders.map(\.apart) == [1, 1])
    #expect(found.leader == "a")
  }
}
