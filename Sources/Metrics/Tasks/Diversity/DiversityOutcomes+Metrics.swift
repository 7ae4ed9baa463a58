extension DiversityOutcomes {
  package static let metrics: [Metric<DiversityOutcomes>] = [
    Metric(
      "sce", "SCE", direction: .higher, range: 1...Double.infinity, isDefault: true,
      undefined: notReported, source: ospanov,
      "The reported diversity beyond the prompts, mean over the sets."
    ) { $0.mean($0.sce) },
    Metric(
      "text_diversity", "Text diversity", direction: .higher, range: 1...Double.infinity,
      isDefault: true, undefined: notReported, source: ospanov,
      "The reported diversity due to the prompts, mean over the sets."
    ) { $0.mean($0.reported(.textDiversity)) },
    Metric(
      "trace_image", "Unexplained share", direction: .higher, isDefault: true,
      undefined: notReported, source: ospanov,
      "The reported share of the spectrum that the prompts do not explain, mean over the sets."
    ) { $0.mean($0.reported(.traceImage)) },
    Metric(
      "trace_total", "Sum of shares", direction: .higher, range: 0...2, isDefault: true,
      undefined: notReported, source: ospanov,
      "The sum of the shares that the prompts explain and do not explain; 1 in exact arithmetic."
    ) { $0.mean(zip($0.reported(.traceImage), $0.reported(.traceText)).map { $0 + $1 }) },
    Metric(
      "prompt_purity", "Prompt purity", direction: .lower, isDefault: true, undefined: noPurity,
      "Share of the 5 nearest neighbours (Euclidean) with the same prompt among the corrected "
        + "images: chance where the prompt is removed."
    ) { $0.mean($0.reported(.promptPurity), reason: noPurity) },
    Metric(
      "mode_purity", "Mode purity", direction: .higher, isDefault: true, undefined: noPurity,
      "Share of the 5 nearest neighbours (Euclidean) of the same mode among the corrected images."
    ) { $0.mean($0.reported(.modePurity), reason: noPurity) },
    Metric(
      "mode_spearman", "Spearman (modes)", direction: .higher, range: -1...1, isDefault: true,
      undefined: "one of the two values is the same in all rows",
      "Rank correlation of the diversity beyond the prompts and the true number of modes."
    ) { RankCorrelation($0.modes, $0.sce) },
    Metric(
      "prompt_spearman", "Spearman (prompts)", direction: .higher, range: -1...1,
      isDefault: true,
      undefined: "one of the two values is the same in all rows, or the method reports no text "
        + "diversity",
      "Rank correlation of the diversity due to the prompts and the true number of prompts."
    ) { table in
      table.reports[.textDiversity].map { RankCorrelation(table.prompts, $0) }
        ?? RankCorrelation(
          table.prompts, [Double](repeating: 0, count: table.n),
          reason: "the method reports no text diversity")
    },
  ]

  private static let ospanov = "arXiv:2412.18645"
  private static let notReported = "the method does not report it"
  private static let noPurity =
    "the method corrects nothing, or a set has fewer than two pairs to correct"

  /// NaN where a set lacks the number, which makes the mean undefined.
  private func mean(_ values: [Double], reason: String = notReported) -> SubsetMean {
    SubsetMean(rows: Array(0..<n), values: values, reason: reason)
  }

  private func reported(_ report: Report) -> [Double] {
    reports[report] ?? [Double](repeating: .nan, count: n)
  }
}
