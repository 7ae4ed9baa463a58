extension MetricInfo {
  /// What a report derives from the accuracies under shifts.
  package static let shift: [MetricInfo] = [
    MetricInfo(
      "mean_corruption_accuracy", "Mean corruption accuracy", higherIsBetter: true,
      "Mean accuracy over all corruptions and severities."),
    MetricInfo(
      "ce", "Corruption error", higherIsBetter: false, range: 0...Double.infinity,
      "Error under one corruption, summed over severities, in per cent of the baseline's."),
    MetricInfo(
      "mce", "mCE", higherIsBetter: false, range: 0...Double.infinity,
      "Mean over corruptions of the error in per cent of the baseline's."),
    MetricInfo(
      "relative_mce", "Relative mCE", higherIsBetter: false,
      range: -Double.infinity...Double.infinity,
      "Mean over corruptions of the rise of the error over the clean one, in per cent of the "
        + "baseline's rise."),
    MetricInfo(
      "error_ratio", "Error ratio", higherIsBetter: false, range: 0...Double.infinity,
      "Error on the rows with a visual factor over the error on all rows."),
    MetricInfo(
      "effective_robustness", "Effective robustness", higherIsBetter: true, range: -1...1,
      "Accuracy under a shift above the line of the family's accuracies on logit axes."),
    MetricInfo(
      "relative_robustness", "Relative robustness", higherIsBetter: true, range: -1...1,
      "Accuracy under a shift less that of the base that the model was made from (Taori et al., "
        + "NeurIPS 2020)."),
  ]
}
