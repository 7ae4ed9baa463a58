import Evaluation
import Testing

@testable import Reports

@Suite("A row that one metric calls better and another worse")
struct MixedVerdictTests {
  private let folder = TemporaryFolder()
  private var store: TrialStore { TrialStore(path: folder.path + "/r.store") }

  /// Twenty-five more rows right, and far too sure of those that are still wrong.
  private func compare(failOn rules: String...) throws -> ReportDiff {
    try diff(
      baseline: report([measured(correct: rows(300), in: store)]),
      candidate: report([
        measured(
          correct: rows(300, flipping: (0..<25).map { 5 * $0 }), confidence: 0.999999, in: store)
      ]), samplesA: store, samplesB: store,
      options: DiffOptions(
        rules: rules.map { try GateRule(parsing: $0, metrics: classificationMetrics) },
        resamples: 256))
  }

  @Test("has the verdict of the worse one, which every rendering names")
  func mixed() throws {
    let diff = try compare()
    let row = try #require(diff.pooledRows.first)
    #expect(row.verdict == .regressed)
    #expect(diff.shown(row).map(\.metric) == ["accuracy", "nll"])
    #expect(diff.shown(row).map(\.verdict) == [.improved, .regressed])
    #expect(diff.text().contains("nll"))
    #expect(diff.markdown().contains("nll "))
    let page = HTMLRendering.page(diff: diff, baseline: "a", candidate: "b")
    #expect(page.contains("1 row got worse.") && page.lowercased().contains("nll"))
  }

  @Test("has the verdict of the gated metric under a gate, and the others are named beside it")
  func gated() throws {
    let diff = try compare(failOn: "accuracy:-1pp")
    let row = try #require(diff.pooledRows.first)
    #expect(row.verdict == .improved)
    #expect(diff.shown(row).map(\.metric) == ["accuracy"])
    #expect(diff.aside(row)?.hasPrefix("also worse: nll") == true)
    #expect(diff.text().contains("also worse: nll"))
  }
}
