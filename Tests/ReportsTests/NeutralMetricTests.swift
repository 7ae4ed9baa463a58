import Documents
import Evaluation
import Metrics
import Testing

@testable import Reports

private let metrics = ["accuracy", "selection_rate"].compactMap(MetricInfo.named).map {
  MetricEntry(key: $0.key, title: $0.title, version: $0.version, direction: $0.direction)
}

private func selecting(_ rate: Double, _ label: String = "gda") -> TrialRecord {
  trial(
    label, predictions: "\(rate)",
    metrics: [
      "selection_rate": MetricValue(
        value: rate, n: 1000,
        interval: Interval(lower: rate - 0.02, upper: rate + 0.02, method: "wilson"))
    ])
}

@Suite("Metrics that are better neither way")
struct NeutralMetricTests {
  @Test(
    "the shares of rows, the threshold and the temperature have no direction",
    arguments: ["selection_rate", "prevalence", "decision_threshold", "temperature"])
  func keys(key: String) {
    #expect(MetricInfo.named(key)?.direction == .neutral)
  }

  @Test("a change of one is neither improved nor regressed, whichever way it goes")
  func verdicts() throws {
    for (old, new) in [(0.2, 0.8), (0.8, 0.2)] {
      let found = diff(
        baseline: report([selecting(old)], metrics: metrics),
        candidate: report([selecting(new)], metrics: metrics))
      for row in found.rows {
        let comparison = try #require(row.comparisons.first)
        #expect(comparison.verdict == .noResult && row.verdict == .noResult)
        #expect(
          comparison.reason?.hasPrefix("changed, but selection_rate is better neither way") == true)
      }
    }
  }

  @Test("a change within chance is within noise all the same")
  func noise() throws {
    let found = diff(
      baseline: report([selecting(0.5)], metrics: metrics),
      candidate: report([selecting(0.505)], metrics: metrics))
    #expect(found.pooledRows.first?.comparisons.first?.verdict == .withinNoise)
  }

  @Test("no rule can ask for it not to get worse")
  func gate() {
    #expect(
      throws: GateRuleError(
        description:
          "--fail-on 'selection-rate:-1pp': 'selection-rate' is better neither way, so no "
          + "change of it is for the worse")
    ) { try GateRule(parsing: "selection-rate:-1pp", metrics: metrics) }
    #expect(throws: Never.self) { try GateRule(parsing: "accuracy:-1pp", metrics: metrics) }
  }

  @Test("a report says so with null, and reads it back")
  func document() throws {
    let written = report([selecting(0.5)], metrics: metrics)
    #expect(written.json["metrics"]?.array?[1]["higher_is_better"]?.isNull == true)
    let read = try Report(json: written.json)
    #expect(read.metrics.map(\.direction) == [.higher, .neutral])
    #expect(written.markdown(metric: "selection_rate").contains("better neither way"))
  }
}
