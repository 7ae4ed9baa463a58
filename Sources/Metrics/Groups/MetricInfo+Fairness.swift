extension MetricInfo {
  /// The disparities between groups; those over classes are of multiclass decisions.
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
        "equalised_odds_gap", "Equalised odds gap", higherIsBetter: false,
        "The greater of the TPR gap and the FPR gap."),
      MetricInfo(
        "equalised_odds_gap_mean", "Equalised odds gap (mean)", higherIsBetter: false,
        "The mean of the TPR gap and the FPR gap."),
      MetricInfo(
        "equalised_odds_ratio", "Equalised odds ratio", higherIsBetter: true,
        "The lesser of the TPR ratio and the FPR ratio."),
      MetricInfo(
        "auroc_gap", "AUROC gap", higherIsBetter: false,
        "Greatest less least AUROC of a group that has both classes."),
      MetricInfo(
        "worst_group_accuracy", "Worst-group accuracy", higherIsBetter: true,
        "Least accuracy of a group."),
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

extension FairnessGap {
  fileprivate var title: String { rawValue.replacing("_", with: " ") }
}
