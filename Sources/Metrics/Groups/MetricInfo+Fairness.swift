extension MetricInfo {
  /// The disparities of decisions between groups; those over classes are of more than two classes.
  package static let fairness: [MetricInfo] =
    [
      MetricInfo(
        "demographic_parity_gap", "Demographic parity gap", higherIsBetter: false,
        "Greatest less least selection rate of a group."),
      MetricInfo(
        "demographic_parity_ratio", "Demographic parity ratio", higherIsBetter: true,
        "Least over greatest selection rate of a group."),
      MetricInfo(
        "equal_opportunity_gap", "Equal opportunity gap", higherIsBetter: false,
        "Greatest less least TPR of a group; groups without positives are left out."),
      MetricInfo(
        "equal_opportunity_ratio", "Equal opportunity ratio", higherIsBetter: true,
        "Least over greatest TPR of a group; groups without positives are left out."),
      MetricInfo(
        "equalised_odds_gap", "Equalised odds gap", higherIsBetter: false,
        "The greater of the TPR gap and the FPR gap."),
      MetricInfo(
        "equalised_odds_gap_mean", "Equalised odds gap (mean)", higherIsBetter: false,
        "The mean of the TPR gap and the FPR gap."),
      MetricInfo(
        "equalised_odds_ratio", "Equalised odds ratio", higherIsBetter: true,
        "The lesser of the TPR ratio and the FPR ratio."),
      MetricInfo(
        "equalised_odds_ratio_mean", "Equalised odds ratio (mean)", higherIsBetter: true,
        "The mean of the TPR ratio and the FPR ratio."),
    ]
    + FairnessGap.allCases.filter { $0.functional == .gap }.flatMap { gap in
      [
        MetricInfo(
          "\(gap.rawValue)_class_mean", "\(gap.title), mean class", higherIsBetter: false,
          "The \(gap.title) of each class against the rest, averaged over the classes."),
        MetricInfo(
          "\(gap.rawValue)_class_max", "\(gap.title), worst class", higherIsBetter: false,
          "The \(gap.title) of each class against the rest, at its greatest."),
      ]
    }
}

extension MetricInfo {
  /// What groups have beside the metrics of their rows.
  package static let ofGroups: [MetricInfo] = [
    MetricInfo(
      "silhouette", "Silhouette", higherIsBetter: true, range: -1...1,
      "Mean over the rows of how much nearer a row lies to its own group than to the nearest "
        + "other; 0 where groups do not show."),
    MetricInfo(
      "centroid_difference", "Centroid difference", direction: .neutral,
      range: -.infinity ... .infinity,
      "The mean of a feature in one group less that in another."),
    MetricInfo(
      "decision_threshold", "Decision threshold", direction: .neutral,
      "The probability of class 1 from which a row is called positive."),
  ]
}

extension FairnessGap {
  fileprivate var title: String { rawValue.replacing("_", with: " ") }
}
