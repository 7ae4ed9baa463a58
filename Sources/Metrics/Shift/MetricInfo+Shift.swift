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
      "Mean over corruptions of the error in per cent of the baseline's; undefined where the "
        + "baseline makes no error under one of them."),
    MetricInfo(
      "relative_mce", "Relative mCE", higherIsBetter: false,
      range: -Double.infinity...Double.infinity,
      "Mean over corruptions of the rise of the error over the clean one, in per cent of the "
        + "baseline's rise; undefined where the baseline gets no worse under one of them, since a "
        + "mean over the others would compare with no other."),
    MetricInfo(
      "error_ratio", "Error ratio", higherIsBetter: false, range: 0...Double.infinity,
      "Error on the rows with a visual factor over the error on all rows."),
    MetricInfo(
      "effective_robustness", "Effective robustness", higherIsBetter: true, range: -1...1,
      "Accuracy under a shift above the line of the family's accuracies on logit axes; the judged "
        + "model takes no part in the line."),
    MetricInfo(
      "relative_robustness", "Relative robustness", higherIsBetter: true, range: -1...1,
      "Accuracy under a shift less that of the base that the model was made from (Taori et al., "
        + "NeurIPS 2020)."),
  ]

  /// What a report derives from the lines of sources of training data.
  package static let sources: [MetricInfo] = [
    MetricInfo(
      "line_slope", "Slope of the line", higherIsBetter: true, range: everything,
      "Slope of the shifted accuracy over the reference one, on logit axes, over one source's "
        + "models."),
    MetricInfo(
      "line_slope_error", "Error of the slope", higherIsBetter: false, range: 0...Double.infinity,
      "Standard error of the slope."),
    MetricInfo(
      "line_intercept", "Intercept of the line", higherIsBetter: true, range: everything,
      "Logit of the shifted accuracy that the line has at a reference accuracy of one half."),
    MetricInfo(
      "line_intercept_error", "Error of the intercept", higherIsBetter: false,
      range: 0...Double.infinity, "Standard error of the intercept."),
    MetricInfo(
      "line_r_squared", "R² of the line", higherIsBetter: true,
      "The share of variance that the line explains."),
    MetricInfo(
      "line_residual", "Residual of the line", higherIsBetter: false, range: 0...Double.infinity,
      "Standard deviation of the residuals in logits, with two degrees of freedom fewer."),
    MetricInfo(
      "reference_accuracy", "Common reference accuracy", higherIsBetter: true,
      "The median reference accuracy of the models in the range that all sources reach."),
    MetricInfo(
      "accuracy_at", "Accuracy at the common reference", higherIsBetter: true,
      "The shifted accuracy that a source's line has at the common reference accuracy."),
    MetricInfo(
      "source_rank", "Rank of the source", higherIsBetter: false, range: 1...Double.infinity,
      "The place of a source among the unmixed ones under a shift, 1 for the best."),
    MetricInfo(
      "rank_agreement", "Kendall's W", higherIsBetter: true,
      "How far the shifts agree in ranking the sources: 1 where all do."),
    MetricInfo(
      "rank_correlation", "Spearman between shifts", higherIsBetter: true, range: -1...1,
      "Correlation of the sources' ranks under two shifts."),
    MetricInfo(
      "dilution_position", "Position of the mixture", higherIsBetter: true, range: everything,
      "Where a mixture stands between its worst part (0) and its best (1) at the common reference "
        + "accuracy."),
    MetricInfo(
      "dilution_tolerance", "Tolerance of the verdict", higherIsBetter: false,
      "Half the width of the interval of the mixture's accuracy: within it beyond its parts the "
        + "verdict is between."),
  ]

  /// What a report derives from the accuracies with several prompts.
  package static let prompts: [MetricInfo] = [
    MetricInfo(
      "prompt_mean", "Mean over prompts", higherIsBetter: true,
      "Mean accuracy over the prompts, each on its own."),
    MetricInfo(
      "prompt_sd", "Sd over prompts", higherIsBetter: false,
      "Standard deviation of the accuracies with the prompts, divided by their number less one."),
    MetricInfo(
      "prompt_range", "Range over prompts", higherIsBetter: false,
      "Accuracy with the best prompt less that with the worst."),
  ]

  private static let everything = -Double.infinity...Double.infinity
}
