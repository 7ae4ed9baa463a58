extension MetricInfo {
  /// The disparities of decisions between groups; those over classes are of more than two classes.
  package static let fairness: [MetricInfo] =
    [
      MetricInfo(
        "demographic_parity_gap", "Demographic parity gap", direction: .lower, undefined: tooFew,
        source: dwork,
        "Greatest less least selection rate of a group."),
      MetricInfo(
        "demographic_parity_ratio", "Demographic parity ratio", direction: .higher,
        undefined: tooFew, source: dwork,
        "Least over greatest selection rate of a group."),
      MetricInfo(
        "equal_opportunity_gap", "Equal opportunity gap", direction: .lower, undefined: tooFew,
        source: hardt,
        "Greatest less least TPR of a group; groups without positives are left out."),
      MetricInfo(
        "equal_opportunity_ratio", "Equal opportunity ratio", direction: .higher, undefined: tooFew,
        source: hardt,
        "Least over greatest TPR of a group; groups without positives are left out."),
      MetricInfo(
        "equalised_odds_gap", "Equalised odds gap", direction: .lower, undefined: tooFew,
        source: hardt,
        "The greater of the TPR gap and the FPR gap."),
      MetricInfo(
        "equalised_odds_gap_mean", "Equalised odds gap (mean)", direction: .lower,
        undefined: tooFew, source: hardt,
        "The mean of the TPR gap and the FPR gap."),
      MetricInfo(
        "equalised_odds_ratio", "Equalised odds ratio", direction: .higher, undefined: tooFew,
        source: hardt,
        "The lesser of the TPR ratio and the FPR ratio."),
      MetricInfo(
        "equalised_odds_ratio_mean", "Equalised odds ratio (mean)", direction: .higher,
        undefined: tooFew, source: hardt,
        "The mean of the TPR ratio and the FPR ratio."),
    ]
    + FairnessGap.allCases.filter { $0.functional == .gap }.flatMap { gap in
      [
        MetricInfo(
          "\(gap.rawValue)_class_mean", "\(gap.title), mean class", direction: .lower,
          undefined: tooFew,
          source: gap.rawValue.hasPrefix("demographic") ? dwork : hardt,
          "The \(gap.title) of each class against the rest, averaged over the classes."),
        MetricInfo(
          "\(gap.rawValue)_class_max", "\(gap.title), worst class", direction: .lower,
          undefined: tooFew,
          source: gap.rawValue.hasPrefix("demographic") ? dwork : hardt,
          "The \(gap.title) of each class against the rest, at its greatest."),
      ]
    }

  private static let tooFew = "fewer than two groups have a value"
  private static let dwork = "Dwork et al., ITCS 2012; as in fairlearn"
  private static let hardt = "Hardt, Price and Srebro, NeurIPS 2016; as in fairlearn"
}

extension MetricInfo {
  /// What groups have beside the metrics of their rows.
  package static let ofGroups: [MetricInfo] = [
    MetricInfo(
      "silhouette", "Silhouette", direction: .higher, range: -1...1,
      source: "Rousseeuw, Journal of Computational and Applied Mathematics 20, 1987",
      "Mean over the rows of how much nearer a row lies to its own group than to the nearest "
        + "other; 0 where groups do not show."),
    MetricInfo(
      "centroid_difference", "Centroid difference", direction: .neutral,
      range: -.infinity ... .infinity, source: "Sourget et al., 2025",
      "The mean of a feature in one group less that in another."),
    MetricInfo(
      "decision_threshold", "Decision threshold", direction: .neutral,
      "The probability of class 1 from which a row is called positive."),
    MetricInfo(
      "temperature", "Temperature", direction: .neutral, range: 0...Double.infinity,
      source: "Guo et al., ICML 2017",
      "The temperature that was fitted on in-distribution rows; 1 where scores are calibrated."),
  ]
}

extension FairnessGap {
  fileprivate var title: String { rawValue.replacing("_", with: " ") }
}
