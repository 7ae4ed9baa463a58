extension ClassificationOutcomes {
  package static let metrics: [Metric<ClassificationOutcomes>] =
    ofDecisions + ofProbabilities + atTemperature + ofCues + ofConfidence + ofTwoClasses

  private static let ofDecisions: [Metric<ClassificationOutcomes>] = [
    Metric(
      "accuracy", "Accuracy", direction: .higher, isProportion: true, isDefault: true,
      "Share of rows whose highest score is the true class; ties go to the lowest index."
    ) { table in ShareMetric(rows: table.n) { table.labels[$0] == table.predicted[$0] } },
    Metric(
      "top5_accuracy", "Top-5", version: 2, direction: .higher, isProportion: true,
      isDefault: true,
      "Share of rows whose true class is among the five highest scores, 1 up to five classes; a tie "
        + "across the fifth place counts in part."
    ) { $0.topFiveShare },
    Metric(
      "mean_per_class_accuracy", "Mean per class", direction: .higher, isDefault: true,
      "Mean recall over the classes that occur in the labels (balanced accuracy)."
    ) {
      MeanPerClassAccuracy($0.confusion)
    } support: {
      $0.rarerClass
    } note: {
      $0.absentClasses
    },
    Metric(
      "geometric_mean", "G-mean", direction: .higher,
      "Geometric mean of the recalls of the classes that occur in the labels."
    ) {
      GeometricMean($0.confusion)
    } support: {
      $0.rarerClass
    } note: {
      $0.absentClasses
    },
    Metric(
      "macro_f1", "Macro F1", direction: .higher, isDefault: true,
      "Mean F1 over the classes that occur in the labels or the predictions."
    ) {
      MacroF1($0.confusion)
    } note: { table in
      table.unusedClasses.map { "\($0), which are left out" }
    },
    Metric(
      "macro_f1_all", "Macro F1 (all classes)", direction: .higher,
      "Mean F1 over all classes that there are scores of; one that occurs neither in the labels nor "
        + "in the predictions counts as 0."
    ) {
      $0.macroF1OfAll
    } note: { table in
      table.unusedClasses.map { "\($0), which count as 0" }
    },
  ]

  private static let ofProbabilities: [Metric<ClassificationOutcomes>] = [
    Metric(
      "nll", "NLL", direction: .lower, range: 0...Double.infinity, isDefault: true,
      "Mean negative log-likelihood of the true class under softmax, in nats."
    ) { MeanMetric($0.nll.map(Double.init)) },
    Metric(
      "brier", "Brier", direction: .lower, range: 0...2, isDefault: true,
      source: "Brier, Monthly Weather Review 78, 1950",
      "Mean squared distance of the probabilities from the one-hot label, summed over classes."
    ) { MeanMetric($0.brier.map(Double.init)) },
    Metric(
      "ece15_width", "ECE (15, width)", direction: .lower, isDefault: true,
      source: guo,
      "Expected calibration error of the highest probability in 15 bins of equal width."
    ) {
      WidthCalibration(confidence: $0.confidence, correct: $0.ranksFirst, norm: .mean)
    } note: {
      $0.fewRows
    },
    Metric(
      "ece15_mass", "ECE (15, mass)", version: 2, direction: .lower, isDefault: true,
      source: nguyen,
      "Expected calibration error of the highest probability in 15 bins of equal count; bins share "
        + "the rows of equal probability at their edges evenly."
    ) {
      MassCalibration(confidence: $0.confidence, order: $0.order, correct: $0.ranksFirst)
    } note: {
      joined([$0.fewRows, $0.tiesAtEdges($0.order)])
    },
  ]

  private static let atTemperature: [Metric<ClassificationOutcomes>] = [
    Metric(
      "nll_scaled", "NLL, scaled", direction: .lower, range: 0...Double.infinity,
      source: "Guo et al., ICML 2017",
      "NLL at the temperature that was fitted in distribution."
    ) { table in table.scaled.map { MeanMetric($0.nll.map(Double.init)) } },
    Metric(
      "ece15_width_scaled", "ECE (15, width), scaled", direction: .lower, source: guo,
      "ECE in bins of equal width at the temperature that was fitted in distribution."
    ) { table in
      table.scaled.map {
        WidthCalibration(confidence: $0.confidence, correct: table.ranksFirst, norm: .mean)
      }
    } note: {
      $0.fewRows
    },
    Metric(
      "ece15_mass_scaled", "ECE (15, mass), scaled", version: 2, direction: .lower,
      source: nguyen,
      "ECE in bins of equal count at the temperature that was fitted in distribution."
    ) { table in
      table.scaled.map {
        MassCalibration(confidence: $0.confidence, order: $0.order, correct: table.ranksFirst)
      }
    } note: { table in
      joined([table.fewRows, table.scaled.flatMap { table.tiesAtEdges($0.order) }])
    },
  ]

  private static let ofCues: [Metric<ClassificationOutcomes>] = [
    Metric(
      "shape_bias", "Shape bias", direction: .higher,
      undefined: "no prediction agrees with either cue", source: geirhos,
      "Among rows with conflicting cues that are decided for either, the share decided for the "
        + "label's (shape)."
    ) { table in
      table.conflicts.map { cues in
        ShareMetric(
          rows: table.n,
          among: { table.isInConflict($0, cues) && table.followsCue($0, cues) },
          where: { table.predicted[$0] == table.labels[$0] },
          reason: "no prediction agrees with either cue")
      }
    },
    Metric(
      "cue_coverage", "Cue coverage", direction: .higher,
      undefined: "no row has conflicting cues", source: geirhos,
      "Share of the rows with conflicting cues that are decided for either."
    ) { table in
      table.conflicts.map { cues in
        ShareMetric(
          rows: table.n, among: { table.isInConflict($0, cues) },
          where: { table.followsCue($0, cues) }, reason: "no row has conflicting cues")
      }
    },
  ]

  private static let ofConfidence: [Metric<ClassificationOutcomes>] = [
    Metric(
      "mce15_width", "MCE (15, width)", direction: .lower, source: guo,
      "Greatest gap of accuracy and confidence among 15 bins of equal width."
    ) {
      WidthCalibration(confidence: $0.confidence, correct: $0.ranksFirst, norm: .maximum)
    } note: {
      $0.fewRows
    },
    Metric(
      "ce15_l2_debiased", "Squared CE (15, debiased)", direction: .lower, range: -0.25...1,
      source: "Kumar, Liang and Ma, NeurIPS 2019",
      "Squared calibration error of the highest probability in 15 bins of equal width, less what "
        + "chance adds to it: 0 on average where the model is calibrated, so that it may fall below."
    ) {
      DebiasedCalibration(confidence: $0.confidence, correct: $0.ranksFirst)
    } note: {
      $0.fewRows
    },
    Metric(
      "aurc", "AURC", version: 2, direction: .lower, source: geifman,
      "Area under the risk-coverage curve of the highest probability; ties are averaged."
    ) { RiskCoverage(confidence: $0.order, correct: $0.ranksFirst, aboveOptimum: false) },
    Metric(
      "eaurc", "E-AURC", version: 2, direction: .lower, source: geifman,
      "AURC above that of the perfect ordering of the same number of errors."
    ) { RiskCoverage(confidence: $0.order, correct: $0.ranksFirst, aboveOptimum: true) },
    Metric(
      "classwise_ece15", "Classwise ECE (15)", direction: .lower,
      source: "Kull et al., NeurIPS 2019",
      "Expected calibration error of each class's probability on all rows in 15 bins of equal width, "
        + "averaged over the classes (Kull et al., NeurIPS 2019)."
    ) {
      $0.classwiseCalibration
    } note: {
      $0.fewRows
    },
    Metric(
      "auroc_ovr", "AUROC (one vs rest)", direction: .higher,
      undefined: "only one class is present",
      "AUROC of each class against the rest by its probability, averaged over the classes that "
        + "have both; with two classes the AUROC."
    ) {
      $0.oneVersusRest
    } note: {
      $0.absentClasses
    },
  ]

  static let guo = "Naeini, Cooper and Hauskrecht, AAAI 2015; as in Guo et al., ICML 2017"
  static let nguyen = "Nguyen and O'Connor, EMNLP 2015"
  static let geirhos = "Geirhos et al., ICLR 2019"
  static let geifman = "Geifman, Uziel and El-Yaniv, ICLR 2019"
}

// MARK: What the metrics are made of

extension ClassificationOutcomes {
  /// What orders rows by how sure the classifier is of them.
  var order: [Double] { certainty ?? confidence.map(Double.init) }

  /// Whether the true class has the highest score, whatever was decided.
  private var ranksFirst: [Bool] { ranks.map { $0 == 0 } }
  private var confusion: Confusion { Confusion(labels: labels, predicted: predicted) }

  /// A mean where a tie makes a share of a row, so that rows are not right or wrong.
  private var topFiveShare: any WeightedMetric {
    guard let topFive else { return ShareMetric(rows: n) { ranks[$0] < 5 } }
    guard topFive.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      return MeanMetric(topFive.map(Double.init))
    }
    return ShareMetric(rows: n) { topFive[$0] == 1 }
  }

  private var macroF1OfAll: any WeightedMetric {
    guard let classCounts else {
      return UndefinedMetric(undefinedReason: "the number of classes was not kept")
    }
    return MacroF1(confusion, over: Int(classCounts.max() ?? 0))
  }

  private func isInConflict(_ row: Int, _ cues: [Int32]) -> Bool { labels[row] != cues[row] }

  private func followsCue(_ row: Int, _ cues: [Int32]) -> Bool {
    predicted[row] == labels[row] || predicted[row] == cues[row]
  }

  private var oneVersusRest: any WeightedMetric {
    if let ranking { return AUROC(ranking) }
    guard let classMargins else { return noClassMargins }
    return MacroAUROC(classMargins: classMargins, labels: labels)
  }

  private var classwiseCalibration: any WeightedMetric {
    if let margins {
      return ClasswiseCalibration(classMargins: [margins.map { -$0 }, margins], labels: labels)
    }
    guard let classMargins else { return noClassMargins }
    return ClasswiseCalibration(classMargins: classMargins, labels: labels)
  }

  private var noClassMargins: UndefinedMetric {
    UndefinedMetric(
      undefinedReason: classCounts?.max() == 1
        ? "only one class is present" : "the scores of the classes were not kept")
  }
}

// MARK: Notes

extension ClassificationOutcomes {
  /// What the mean over classes leaves out.
  private var absentClasses: String? {
    guard let count = classCounts?.max() else { return nil }
    let absent = Int(count) - Set(labels).count
    return absent > 0 ? "\(absent) of \(count) classes have no row" : nil
  }

  /// The classes that are neither a row's nor decided for.
  private var unusedClasses: String? {
    guard let count = classCounts?.max() else { return nil }
    let unused = Int(count) - Set(labels).union(predicted).count
    return unused > 0 ? "\(unused) of \(count) classes have no row and no prediction" : nil
  }

  private var fewRows: String? {
    n > 0 && n < calibrationBinCount ? "there are fewer rows (\(n)) than bins" : nil
  }

  private func tiesAtEdges(_ confidence: [Double]) -> String? {
    let ties = MassCalibration.tiesAtEdges(confidence)
    return ties > 0
      ? "ties_at_edges: \(ties); there the bins share rows of equal confidence evenly" : nil
  }
}

private func joined(_ notes: [String?]) -> String? {
  let notes = notes.compactMap(\.self)
  return notes.isEmpty ? nil : notes.joined(separator: "; ")
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
