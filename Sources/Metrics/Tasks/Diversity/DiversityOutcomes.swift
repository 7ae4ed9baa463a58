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

  package func selecting(rows: [Int]) -> DiversityOutcomes {
    DiversityOutcomes(
      checked: rows.map { modes[$0] }, rows.map { prompts[$0] }, rows.map { sce[$0] },
      reports.mapValues { values in rows.map { values[$0] } })
  }
}
