package import Tensors

/// The outcomes of a diversity score: per set of pairs the true numbers and what was reported.
///
/// One row a set; the sets of a trial are joined to be ranked.
package struct DiversityOutcomes: OutcomeTable {
  /// What a method may report of a set, or the host may find in its outputs, beside `sce`.
  package enum Report: String, CaseIterable, Sendable {
    case textDiversity = "text_diversity"
    case traceImage = "trace_image"
    case traceText = "trace_text"
    case promptPurity = "prompt_purity"
    case modePurity = "mode_purity"
  }

  /// The true number of modes of the images that the prompts do not decide.
  package let modes: [Double]
  /// The true number of prompts.
  package let prompts: [Double]
  /// The reported diversity beyond the prompts, `sce`.
  package let sce: [Double]
  /// What else there is of every set.
  package let reports: [Report: [Double]]

  package var n: Int { modes.count }
  package var givenColumns: [String] { ["modes", "prompts"] }

  package var columns: [String: Tensor] {
    var columns = [
      "modes": Tensor(doubles: modes), "prompts": Tensor(doubles: prompts),
      "sce": Tensor(doubles: sce),
    ]
    for (report, values) in reports { columns[report.rawValue] = Tensor(doubles: values) }
    return columns
  }

  /// Takes the outcomes of `n` sets.
  package init(
    modes: [Double], prompts: [Double], sce: [Double], reports: [Report: [Double]] = [:]
  ) throws(MetricsError) {
    self.init(checked: modes, prompts, sce, reports)
    try requireColumn("modes", modes, count: n)
    try requireColumn("prompts", prompts, count: n)
    try requireColumn("sce", sce, count: n)
    for (report, values) in reports { try requireColumn(report.rawValue, values, count: n) }
  }

  /// Takes the outcomes from stored columns, all f64 `[n]`.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    var reports: [Report: [Double]] = [:]
    for report in Report.allCases where columns[report.rawValue] != nil {
      reports[report] = try doubles(report.rawValue, of: columns)
    }
    try self.init(
      modes: try doubles("modes", of: columns), prompts: try doubles("prompts", of: columns),
      sce: try doubles("sce", of: columns), reports: reports)
  }

  private init(
    checked modes: [Double], _ prompts: [Double], _ sce: [Double], _ reports: [Report: [Double]]
  ) {
    self.modes = modes
    self.prompts = prompts
    self.sce = sce
    self.reports = reports
  }

  package func evaluator(for metric: String) -> (any WeightedMetric)? {
    let missing = [Double](repeating: .nan, count: n)
    switch metric {
    case "sce": return mean(sce)
    case "text_diversity": return mean(reports[.textDiversity] ?? missing)
    case "trace_image": return mean(reports[.traceImage] ?? missing)
    case "prompt_purity": return mean(reports[.promptPurity] ?? missing, reason: noPurity)
    case "mode_purity": return mean(reports[.modePurity] ?? missing, reason: noPurity)
    case "trace_total":
      return mean(
        zip(reports[.traceImage] ?? missing, reports[.traceText] ?? missing).map { $0 + $1 })
    case "mode_spearman": return RankCorrelation(modes, sce)
    case "prompt_spearman":
      return reports[.textDiversity].map { RankCorrelation(prompts, $0) }
        ?? RankCorrelation(
          prompts, [Double](repeating: 0, count: n), reason: "the method reports no text diversity")
    default: return nil
    }
  }

  /// NaN where a set lacks the number, which makes the mean undefined.
  private func mean(
    _ values: [Double], reason: String = "the method does not report it"
  ) -> SubsetMean {
    SubsetMean(rows: Array(0..<n), values: values, reason: reason)
  }

  private var noPurity: String {
    "the method corrects nothing, or a set has fewer than two pairs to correct"
  }

  package func selecting(rows: [Int]) -> DiversityOutcomes {
    DiversityOutcomes(
      checked: rows.map { modes[$0] }, rows.map { prompts[$0] }, rows.map { sce[$0] },
      reports.mapValues { values in rows.map { values[$0] } })
  }
}
