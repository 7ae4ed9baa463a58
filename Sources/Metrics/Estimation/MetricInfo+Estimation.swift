extension MetricInfo {
  package static let estimation: [MetricInfo] = distance + diversity

  static let distance: [MetricInfo] = [
    MetricInfo(
      "relative_error", "Relative error", higherIsBetter: false, range: 0...Double.infinity,
      "Mean of |value - reference| / |reference| over the pairs whose reference is not 0."),
    MetricInfo(
      "relative_rmse", "Relative RMSE", higherIsBetter: false, range: 0...Double.infinity,
      "Root of the mean squared relative error over the pairs whose reference is not 0."),
    MetricInfo(
      "relative_bias", "Relative bias", higherIsBetter: false,
      range: -Double.infinity...Double.infinity,
      "Mean of (value - reference) / |reference| over the estimates whose reference is not 0."),
    MetricInfo(
      "relative_variance", "Relative variance", higherIsBetter: false, range: 0...Double.infinity,
      "Unbiased variance of (value - reference) / |reference| over the estimates whose reference "
        + "is not 0."),
    MetricInfo(
      "absolute_error", "Absolute error", higherIsBetter: false, range: 0...Double.infinity,
      "Mean of |value - reference|."),
    MetricInfo(
      "coverage95", "Coverage (95 %)", version: 2, higherIsBetter: true, isProportion: true,
      "Share of pairs whose reference lies within 1.96 stated standard errors of the value, or within "
        + "1e-9 of it in relative terms, which is rounding."),
  ]

  static let diversity: [MetricInfo] = [
    MetricInfo(
      "sce", "SCE", higherIsBetter: true, range: 1...Double.infinity,
      "The reported diversity beyond the prompts, mean over the sets."),
    MetricInfo(
      "text_diversity", "Text diversity", higherIsBetter: true, range: 1...Double.infinity,
      "The reported diversity due to the prompts, mean over the sets."),
    MetricInfo(
      "trace_image", "Unexplained share", higherIsBetter: true,
      "The reported share of the spectrum that the prompts do not explain, mean over the sets."),
    MetricInfo(
      "trace_total", "Sum of shares", higherIsBetter: true, range: 0...2,
      "The sum of the shares that the prompts explain and do not explain; 1 in exact arithmetic."),
    MetricInfo(
      "prompt_purity", "Prompt purity", higherIsBetter: false,
      "Share of the 5 nearest neighbours (Euclidean) with the same prompt among the corrected "
        + "images: chance where the prompt is removed."),
    MetricInfo(
      "mode_purity", "Mode purity", higherIsBetter: true,
      "Share of the 5 nearest neighbours (Euclidean) of the same mode among the corrected images."),
    MetricInfo(
      "mode_spearman", "Spearman (modes)", higherIsBetter: true, range: -1...1,
      "Rank correlation of the diversity beyond the prompts and the true number of modes."),
    MetricInfo(
      "prompt_spearman", "Spearman (prompts)", higherIsBetter: true, range: -1...1,
      "Rank correlation of the diversity due to the prompts and the true number of prompts."),
  ]
}
