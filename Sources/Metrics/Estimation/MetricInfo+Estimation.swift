extension MetricInfo {
  package static let estimation: [MetricInfo] = [
    MetricInfo(
      "relative_error", "Relative error", higherIsBetter: false, range: 0...Double.infinity,
      "Mean of |value - reference| / |reference| over the pairs whose reference is not 0."),
    MetricInfo(
      "relative_rmse", "Relative RMSE", higherIsBetter: false, range: 0...Double.infinity,
      "Root of the mean squared relative error over the pairs whose reference is not 0."),
    MetricInfo(
      "coverage95", "Coverage (95 %)", higherIsBetter: true, isProportion: true,
      "Share of pairs whose reference lies within 1.96 stated standard errors of the value."),
    MetricInfo(
      "mode_spearman", "Spearman (modes)", higherIsBetter: true, range: -1...1,
      "Rank correlation of the diversity beyond the prompts and the true number of modes."),
    MetricInfo(
      "prompt_spearman", "Spearman (prompts)", higherIsBetter: true, range: -1...1,
      "Rank correlation of the diversity due to the prompts and the true number of prompts."),
  ]
}
