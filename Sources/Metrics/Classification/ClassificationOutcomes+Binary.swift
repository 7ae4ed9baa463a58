internal import Tensors

/// What two classes add: class 1 is the positive one, and its margin over class 0 the score, which
/// ranks rows as the probability does without running into 0 and 1.
extension ClassificationOutcomes {
  /// Takes margins and labels of two classes; a row is called positive from the threshold on.
  ///
  /// - Throws: ``MetricsError`` if the counts differ or a margin is not finite.
  package init(
    margins: [Float], isPositive: [Bool], threshold: Float
  ) throws(MetricsError) {
    guard margins.count == isPositive.count else {
      throw MetricsError(
        .invalidInput,
        "There are \(margins.count) scores but \(isPositive.count) labels; each row needs both.")
    }
    self = try ClassificationOutcomes(
      logits: Tensor(margins.flatMap { [0, $0] }, shape: Shape([margins.count, 2])),
      labels: isPositive.map { $0 ? 1 : 0 }
    ).deciding(at: Double(threshold))
  }

  /// The same scores with another decision: positive where the margin is at least the threshold.
  ///
  /// Changes nothing where there are other than two classes. What is measured of the scores alone,
  /// such as the log-likelihood or the calibration of the highest probability, stays as it is.
  package func deciding(at threshold: Double) -> ClassificationOutcomes {
    guard let margins else { return self }
    var table = self
    table.predicted = margins.map { $0 >= threshold ? 1 : 0 }
    return table
  }

  func binaryEvaluator(for metric: String) -> (any WeightedMetric)? {
    if metric == "auroc_ovr" { return oneVersusRest }
    if metric == "classwise_ece15" { return classwiseCalibration }
    guard MetricInfo.decision.contains(where: { $0.key == metric }) || metric == "auroc" else {
      return nil
    }
    guard let margins else {
      return UndefinedMetric(
        undefinedReason: "it takes two classes, of which class 1 is the positive one")
    }
    if let rate = binaryRate(for: metric) { return rate.metric }
    if metric == "brier_binary" { return MeanMetric(brier.map { Double($0) / 2 }) }
    let ranking = BinaryRanking(scores: margins, isPositive: labels.map { $0 == 1 })
    return switch metric {
    case "auroc": AUROC(ranking)
    case "auroc_hull": HullAUROC(ranking)
    case "cost_curve_area": CostCurveArea(ranking)
    case "ap": PrecisionRecallArea(ranking, .step)
    case "aupr_trapz": PrecisionRecallArea(ranking, .trapezoid)
    default: PrecisionRecallArea(ranking, .adjusted)
    }
  }

  func binaryRate(for metric: String) -> RowRate? {
    guard margins != nil else { return nil }
    return switch metric {
    case "selection_rate": RowRate(rows: n, where: { predicted[$0] == 1 })
    case "prevalence": RowRate(rows: n, where: { labels[$0] == 1 })
    case "tpr":
      RowRate(
        rows: n, among: { labels[$0] == 1 }, where: { predicted[$0] == 1 },
        reason: "there are no positive rows")
    case "fpr":
      RowRate(
        rows: n, among: { labels[$0] == 0 }, where: { predicted[$0] == 1 },
        reason: "there are no negative rows")
    default: nil
    }
  }

  package func support(for metric: String) -> Int {
    if let rate = rate(for: metric) { return unitCount { rate.isCounted[$0] } }
    guard margins != nil, rarerClassMetrics.contains(metric) else { return unitCount }
    return min(unitCount { labels[$0] == 1 }, unitCount { labels[$0] == 0 })
  }

  /// The number of units that have a row of some kind; of such rows where no units are given.
  package func unitCount(where isMeant: (Int) -> Bool) -> Int {
    let rows = labels.indices.filter(isMeant)
    return units.map { units in Set(rows.map { units[$0] }).count } ?? rows.count
  }

  private var noClassMargins: UndefinedMetric {
    UndefinedMetric(
      undefinedReason: classCounts?.max() == 1
        ? "only one class is present" : "the scores of the classes were not kept")
  }

  private var oneVersusRest: any WeightedMetric {
    if let margins {
      return AUROC(BinaryRanking(scores: margins, isPositive: labels.map { $0 == 1 }))
    }
    guard let classMargins else {
      return noClassMargins
    }
    return MacroAUROC(classMargins: classMargins, labels: labels)
  }
}

extension ClassificationOutcomes {
  private var classwiseCalibration: any WeightedMetric {
    if let margins {
      return ClasswiseCalibration(classMargins: [margins.map { -$0 }, margins], labels: labels)
    }
    guard let classMargins else {
      return noClassMargins
    }
    return ClasswiseCalibration(classMargins: classMargins, labels: labels)
  }
}

/// The mean of AUROC of each class against the rest, over the classes that have both.
struct MacroAUROC: WeightedMetric {
  let classes: [AUROC]

  init(classMargins: [[Double]], labels: [Int32]) {
    classes = classMargins.enumerated().map { number, margins in
      AUROC(BinaryRanking(scores: margins, isPositive: labels.map { $0 == number }))
    }
  }

  func values(under weights: WeightBlock) -> [Double] {
    let values = classes.map { $0.values(under: weights) }
    return (0..<WeightBlock.lanes).map { lane in
      let defined = values.map { $0[lane] }.filter { !$0.isNaN }
      return defined.reduce(0, +) / Double(defined.count)
    }
  }

  var undefinedReason: String { "only one class is present" }
}

/// The metrics whose support is the rarer class: rankings, and means of the classes' recalls.
private let rarerClassMetrics: Set = [
  "auroc", "auroc_hull", "cost_curve_area", "ap", "aupr_trapz", "adjusted_auprc",
  "mean_per_class_accuracy", "geometric_mean",
]
