extension MetricInfo {
  /// What a report derives from the accuracies under shifts.
  package static let shift: [MetricInfo] = [
    MetricInfo(
      "mean_corruption_accuracy", "Mean corruption accuracy", direction: .higher, source: hendrycks,
      "Mean accuracy over all corruptions and severities."),
    MetricInfo(
      "ce", "Corruption error", direction: .lower, range: 0...Double.infinity,
      undefined: noBaseline, source: hendrycks,
      "Error under one corruption, summed over severities, in per cent of the baseline's."),
    MetricInfo(
      "mce", "mCE", direction: .lower, range: 0...Double.infinity, undefined: noBaseline,
      source: hendrycks,
      "Mean over corruptions of the error in per cent of the baseline's; undefined where the "
        + "baseline makes no error under one of them."),
    MetricInfo(
      "relative_mce", "Relative mCE", direction: .lower,
      range: -Double.infinity...Double.infinity, undefined: noBaseline, source: hendrycks,
      "Mean over corruptions of the rise of the error over the clean one, in per cent of the "
        + "baseline's rise; undefined where the baseline gets no worse under one of them, since a "
        + "mean over the others would compare with no other."),
    MetricInfo(
      "error_ratio", "Error ratio", direction: .lower, range: 0...Double.infinity,
      undefined: "no row is wrong",
      "Error on the rows with a visual factor over the error on all rows."),
    MetricInfo(
      "effective_robustness", "Effective robustness", direction: .higher, range: -1...1,
      undefined: "the family has fewer than three rows, or all of one reference accuracy",
      source: taori,
      "Accuracy under a shift above the line of the family's accuracies on logit axes; the judged "
        + "model takes no part in the line."),
    MetricInfo(
      "relative_robustness", "Relative robustness", direction: .higher, range: -1...1,
      source: taori,
      "Accuracy under a shift less that of the base that the model was made from (Taori et al., "
        + "NeurIPS 2020)."),
  ]

  /// What a report derives from the lines of sources of training data.
  package static let sources: [MetricInfo] = [
    MetricInfo(
      "line_slope", "Slope of the line", direction: .higher, range: everything, undefined: tooFew,
      source: nguyen,
      "Slope of the shifted accuracy over the reference one, on logit axes, over one source's "
        + "models."),
    MetricInfo(
      "line_slope_error", "Error of the slope", direction: .lower, range: 0...Double.infinity,
      undefined: tooFew, source: nguyen,
      "Standard error of the slope."),
    MetricInfo(
      "line_intercept", "Intercept of the line", direction: .higher, range: everything,
      undefined: tooFew, source: nguyen,
      "Logit of the shifted accuracy that the line has at a reference accuracy of one half."),
    MetricInfo(
      "line_intercept_error", "Error of the intercept", direction: .lower,
      range: 0...Double.infinity, undefined: tooFew, source: nguyen,
      "Standard error of the intercept."),
    MetricInfo(
      "line_r_squared", "R² of the line", direction: .higher, undefined: tooFew, source: nguyen,
      "The share of variance that the line explains."),
    MetricInfo(
      "line_residual", "Residual of the line", direction: .lower, range: 0...Double.infinity,
      undefined: tooFew, source: nguyen,
      "Standard deviation of the residuals in logits, with two degrees of freedom fewer."),
    MetricInfo(
      "reference_accuracy", "Common reference accuracy", direction: .higher, undefined: tooFew,
      source: nguyen,
      "The median reference accuracy of the models in the range that all sources reach."),
    MetricInfo(
      "accuracy_at", "Accuracy at the common reference", direction: .higher, undefined: tooFew,
      source: nguyen,
      "The shifted accuracy that a source's line has at the common reference accuracy."),
    MetricInfo(
      "source_rank", "Rank of the source", direction: .lower, range: 1...Double.infinity,
      undefined: tooFew, source: nguyen,
      "The place of a source among the unmixed ones under a shift, 1 for the best."),
    MetricInfo(
      "rank_agreement", "Kendall's W", direction: .higher, undefined: tooFew, source: kendall,
      "How far the shifts agree in ranking the sources: 1 where all do."),
    MetricInfo(
      "rank_correlation", "Spearman between shifts", direction: .higher, range: -1...1,
      undefined: tooFew, source: nguyen,
      "Correlation of the sources' ranks under two shifts."),
    MetricInfo(
      "dilution_position", "Position of the mixture", direction: .higher, range: everything,
      undefined: tooFew, source: nguyen,
      "Where a mixture stands between its worst part (0) and its best (1) at the common reference "
        + "accuracy."),
    MetricInfo(
      "dilution_tolerance", "Tolerance of the verdict", direction: .lower, undefined: tooFew,
      source: nguyen,
      "Half the width of the interval of the mixture's accuracy: within it beyond its parts the "
        + "verdict is between."),
  ]

  /// What a report derives from the accuracies with several prompts.
  package static let prompts: [MetricInfo] = [
    MetricInfo(
      "prompt_mean", "Mean over prompts", direction: .higher,
      "Mean accuracy over the prompts, each on its own."),
    MetricInfo(
      "prompt_sd", "Sd over prompts", direction: .lower,
      "Standard deviation of the accuracies with the prompts, divided by their number less one."),
    MetricInfo(
      "prompt_range", "Range over prompts", direction: .lower,
      "Accuracy with the best prompt less that with the worst."),
  ]

  private static let everything = -Double.infinity...Double.infinity
  private static let noBaseline = "the baseline makes no error, or gets no worse"
  private static let tooFew = "a source has fewer than three models"
  private static let hendrycks = "Hendrycks and Dietterich, ICLR 2019"
  private static let taori = "Taori et al., NeurIPS 2020"
  private static let nguyen = "Nguyen et al., NeurIPS 2022"
  private static let kendall =
    "Kendall and Babington Smith, Annals of Mathematical Statistics 10, 1939"
}
