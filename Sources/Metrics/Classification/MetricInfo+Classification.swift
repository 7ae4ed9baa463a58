extension MetricInfo {
  package static let classification: [MetricInfo] = [
    MetricInfo(
      "accuracy", "Accuracy", higherIsBetter: true, isProportion: true,
      "Share of rows whose highest score is the true class; ties go to the lowest index."),
    MetricInfo(
      "top5_accuracy", "Top-5", version: 2, higherIsBetter: true, isProportion: true,
      "Share of rows whose true class is among the five highest scores, 1 up to five classes; a tie "
        + "across the fifth place counts in part."),
    MetricInfo(
      "mean_per_class_accuracy", "Mean per class", higherIsBetter: true,
      "Mean recall over the classes that occur in the labels (balanced accuracy)."),
    MetricInfo(
      "geometric_mean", "G-mean", higherIsBetter: true,
      "Geometric mean of the recalls of the classes that occur in the labels."),
    MetricInfo(
      "macro_f1", "Macro F1", higherIsBetter: true,
      "Mean F1 over the classes that occur in the labels or the predictions."),
    MetricInfo(
      "macro_f1_all", "Macro F1 (all classes)", higherIsBetter: true,
      "Mean F1 over all classes that there are scores of; one that occurs neither in the labels nor "
        + "in the predictions counts as 0."),
    MetricInfo(
      "nll", "NLL", higherIsBetter: false, range: 0...Double.infinity,
      "Mean negative log-likelihood of the true class under softmax, in nats."),
    MetricInfo(
      "brier", "Brier", higherIsBetter: false, range: 0...2,
      "Mean squared distance of the probabilities from the one-hot label, summed over classes."),
    MetricInfo(
      "ece15_width", "ECE (15, width)", higherIsBetter: false,
      "Expected calibration error of the highest probability in 15 bins of equal width."),
    MetricInfo(
      "ece15_mass", "ECE (15, mass)", version: 2, higherIsBetter: false,
      "Expected calibration error of the highest probability in 15 bins of equal count; bins share "
        + "the rows of equal probability at their edges evenly."),
    MetricInfo(
      "nll_scaled", "NLL, scaled", higherIsBetter: false, range: 0...Double.infinity,
      "NLL at the temperature that was fitted in distribution."),
    MetricInfo(
      "ece15_width_scaled", "ECE (15, width), scaled", higherIsBetter: false,
      "ECE in bins of equal width at the temperature that was fitted in distribution."),
    MetricInfo(
      "ece15_mass_scaled", "ECE (15, mass), scaled", version: 2, higherIsBetter: false,
      "ECE in bins of equal count at the temperature that was fitted in distribution."),
    MetricInfo(
      "temperature", "Temperature", direction: .neutral, range: 0...Double.infinity,
      "The temperature that was fitted on in-distribution rows; 1 where scores are calibrated."),
    MetricInfo(
      "shape_bias", "Shape bias", higherIsBetter: true,
      "Among rows with conflicting cues that are decided for either, the share decided for the "
        + "label's (shape)."),
    MetricInfo(
      "cue_coverage", "Cue coverage", higherIsBetter: true,
      "Share of the rows with conflicting cues that are decided for either."),
    MetricInfo(
      "mce15_width", "MCE (15, width)", higherIsBetter: false,
      "Greatest gap of accuracy and confidence among 15 bins of equal width."),
    MetricInfo(
      "aurc", "AURC", version: 2, higherIsBetter: false,
      "Area under the risk-coverage curve of the highest probability; ties are averaged."),
    MetricInfo(
      "eaurc", "E-AURC", version: 2, higherIsBetter: false,
      "AURC above that of the perfect ordering of the same number of errors."),
  ]
}
