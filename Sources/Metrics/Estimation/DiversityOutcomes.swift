package import Tensors

/// The outcomes of a diversity score: per set of pairs the true numbers and what was reported.
///
/// One row a set; the rows of a suite are joined with `init(joining:)` to be ranked.
package struct DiversityOutcomes: OutcomeTable {
  /// The true number of modes of the images that the prompts do not decide.
  package let modes: [Double]
  /// The true number of prompts.
  package let prompts: [Double]
  /// The reported diversity beyond the prompts, `sce`.
  package let sce: [Double]
  /// The reported diversity due to the prompts; nil when the method reported none.
  package let textDiversity: [Double]?

  package var n: Int { modes.count }
  package var givenColumns: [String] { ["modes", "prompts"] }

  package var columns: [String: Tensor] {
    var columns = [
      "modes": Tensor(doubles: modes), "prompts": Tensor(doubles: prompts),
      "sce": Tensor(doubles: sce),
    ]
    columns["text_diversity"] = textDiversity.map(Tensor.init(doubles:))
    return columns
  }

  /// Takes the outcomes of `n` sets.
  package init(
    modes: [Double], prompts: [Double], sce: [Double], textDiversity: [Double]? = nil
  ) throws(MetricsError) {
    self.init(checked: modes, prompts, sce, textDiversity)
    try requireColumn("modes", modes, count: n)
    try requireColumn("prompts", prompts, count: n)
    try requireColumn("sce", sce, count: n)
    if let textDiversity { try requireColumn("text_diversity", textDiversity, count: n) }
  }

  /// Joins the rows of several tables; text diversity stays only where all have it.
  package init(joining tables: [DiversityOutcomes]) {
    let texts = tables.compactMap(\.textDiversity)
    self.init(
      checked: tables.flatMap(\.modes), tables.flatMap(\.prompts), tables.flatMap(\.sce),
      texts.count == tables.count ? texts.flatMap { $0 } : nil)
  }

  /// Takes the outcomes from stored columns, all f64 `[n]`.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    try self.init(
      modes: try doubles("modes", of: columns), prompts: try doubles("prompts", of: columns),
      sce: try doubles("sce", of: columns),
      textDiversity: columns["text_diversity"] == nil
        ? nil : try doubles("text_diversity", of: columns))
  }

  private init(
    checked modes: [Double], _ prompts: [Double], _ sce: [Double], _ textDiversity: [Double]?
  ) {
    self.modes = modes
    self.prompts = prompts
    self.sce = sce
    self.textDiversity = textDiversity
  }

  package func evaluator(for metric: String) -> (any WeightedMetric)? {
    switch metric {
    case "mode_spearman": RankCorrelation(modes, sce)
    case "prompt_spearman":
      textDiversity.map { RankCorrelation(prompts, $0) }
        ?? RankCorrelation(
          prompts, [Double](repeating: 0, count: n), reason: "the method reports no text diversity")
    default: nil
    }
  }

  package func selecting(rows: [Int]) -> DiversityOutcomes {
    DiversityOutcomes(
      checked: rows.map { modes[$0] }, rows.map { prompts[$0] }, rows.map { sce[$0] },
      textDiversity.map { texts in rows.map { texts[$0] } })
  }
}
