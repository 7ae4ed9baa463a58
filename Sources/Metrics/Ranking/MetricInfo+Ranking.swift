extension MetricInfo {
  /// A metric of every table that ranks two kinds of rows.
  package static let auroc = MetricInfo(
    "auroc", "AUROC", direction: .higher,
    undefined: "only one class is present, or in classify other than two",
    "Probability that a positive row scores above a negative one, ties counting 1/2; in "
      + "detect-ood the OOD rows are positive (the value is the same with ID as positive).")
}
