internal import Tensors

/// What two classes add: class 1 is the positive one, and its margin over class 0 the score, which
/// ranks rows as the probability does without running into 0 and 1.
extension ClassificationOutcomes: DecisionTable, ThresholdedTable {
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

  package var isBinary: Bool { margins != nil }

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

  /// The rows ranked by the margin of class 1; nil with other than two classes.
  var ranking: BinaryRanking? {
    margins.map { BinaryRanking(scores: $0, isPositive: labels.map { $0 == 1 }) }
  }

  /// The units with a row of the class that fewer have; of more than two classes all.
  var rarerClass: Int {
    guard margins != nil else { return unitCount }
    return min(
      unitCount(of: labels.indices.filter { labels[$0] == 1 }),
      unitCount(of: labels.indices.filter { labels[$0] == 0 }))
  }
}

extension ClassificationOutcomes {
  static let ofTwoClasses: [Metric<ClassificationOutcomes>] = rankings + rates

  private static let rankings: [Metric<ClassificationOutcomes>] = [
    Metric(.auroc) {
      $0.ranked { AUROC($0) }
    } support: {
      $0.rarerClass
    },
    Metric(
      "auroc_hull", "AUROC (convex hull)", direction: .higher, range: 0.5...1,
      undefined: oneClass, source: "Provost and Fawcett, Machine Learning 42, 2001",
      "Area under the convex hull of the ROC curve, (0, 0) and (1, 1): what the best threshold for "
        + "each class ratio and cost can reach."
    ) {
      $0.ranked { HullAUROC($0) }
    } support: {
      $0.rarerClass
    },
    Metric(
      "cost_curve_area", "Cost curve area", direction: .lower, range: 0...0.25,
      undefined: oneClass, source: "Drummond and Holte, Machine Learning 65, 2006",
      "Normalised expected cost at the best threshold, averaged over all probability costs "
        + "(Drummond and Holte); 1/4 at chance."
    ) {
      $0.ranked { CostCurveArea($0) }
    } support: {
      $0.rarerClass
    },
    Metric(
      "ap", "AP", direction: .higher, undefined: noPositives,
      "Average precision: sum over distinct scores of the step in recall times the precision."
    ) {
      $0.ranked { PrecisionRecallArea($0, .step) }
    } support: {
      $0.rarerClass
    },
    Metric(
      "aupr_trapz", "AUPR (trapezoid)", direction: .higher, undefined: noPositives,
      "Area under the precision-recall curve by trapezoids from recall 0 and precision 1."
    ) {
      $0.ranked { PrecisionRecallArea($0, .trapezoid) }
    } support: {
      $0.rarerClass
    },
    Metric(
      "adjusted_auprc", "Adjusted AUPRC", direction: .higher, range: -Double.infinity...1,
      undefined: oneClass, source: "Sourget et al., 2025",
      "1 - ln AP / ln prevalence: 0 at chance whatever the prevalence, 1 if perfect."
    ) {
      $0.ranked { PrecisionRecallArea($0, .adjusted) }
    } support: {
      $0.rarerClass
    },
  ]

  private static let rates: [Metric<ClassificationOutcomes>] = [
    Metric(
      "brier_binary", "Brier (binary)", direction: .lower, undefined: noRows,
      source: "Brier, Monthly Weather Review 78, 1950",
      "Mean squared distance of the probability of class 1 from the label, of two classes: half of "
        + "the Brier score that is summed over the classes (Brier, Monthly Weather Review 78, 1950)."
    ) { $0.binary { MeanMetric($0.brier.map { Double($0) / 2 }) } },
    Metric(
      "selection_rate", "Selection rate", direction: .neutral, isProportion: true,
      undefined: noRows, "Share of rows called positive."
    ) { $0.binary { table in ShareMetric(rows: table.n) { table.predicted[$0] == 1 } } },
    Metric(
      "prevalence", "Prevalence", direction: .neutral, isProportion: true, undefined: noRows,
      "Share of rows labelled positive."
    ) { $0.binary { table in ShareMetric(rows: table.n) { table.labels[$0] == 1 } } },
    Metric(
      "tpr", "TPR", direction: .higher, undefined: noPositives,
      "Share of positive rows called positive."
    ) { $0.binary { $0.selected(ofClass: 1, reason: "there are no positive rows") } },
    Metric(
      "fpr", "FPR", direction: .lower,
      undefined: "there are no negative rows, or other than two classes",
      "Share of negative rows called positive."
    ) { $0.binary { $0.selected(ofClass: 0, reason: "there are no negative rows") } },
  ]

  private static let oneClass = "only one class is present, or there are other than two"
  private static let noPositives = "there are no positive rows, or other than two classes"
  private static let noRows = "there are no rows, or other than two classes"

  /// A metric of two classes alone.
  private func binary(
    _ metric: (ClassificationOutcomes) -> any WeightedMetric
  ) -> any WeightedMetric {
    guard margins != nil else {
      return UndefinedMetric(
        undefinedReason: "it takes two classes, of which class 1 is the positive one")
    }
    return metric(self)
  }

  private func ranked(_ metric: (BinaryRanking) -> any WeightedMetric) -> any WeightedMetric {
    binary { table in
      metric(
        BinaryRanking(scores: table.margins ?? [], isPositive: table.labels.map { $0 == 1 }))
    }
  }

  /// The share of the rows of a class that are called positive.
  private func selected(ofClass number: Int32, reason: String) -> ShareMetric {
    ShareMetric(
      rows: n, among: { labels[$0] == number }, where: { predicted[$0] == 1 }, reason: reason)
  }
}
