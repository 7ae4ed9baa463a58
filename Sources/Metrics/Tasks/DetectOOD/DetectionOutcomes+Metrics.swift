extension DetectionOutcomes {
  package static let metrics: [Metric<DetectionOutcomes>] = rankings + decisions

  private static let rankings: [Metric<DetectionOutcomes>] = [
    Metric(.auroc, isDefault: true) {
      AUROC($0.oodPositive)
    } support: {
      $0.rarerKind
    },
    Metric(
      "fpr95_ood_pos", "FPR95 (OOD positive)", direction: .lower, isDefault: true,
      undefined: oneClass, source: "Zhang et al., OpenOOD v1.5, 2023",
      "Share of ID rows rejected at the highest threshold that detects 95 % of the OOD rows; OOD "
        + "is the positive class, as in OpenOOD from v1.5 on."
    ) {
      FalsePositiveRate($0.oodPositive, atTruePositiveRate: 0.95)
    } support: {
      $0.rarerKind
    },
    Metric(
      "fpr95_id_pos", "FPR95 (ID positive)", direction: .lower, isDefault: true,
      undefined: oneClass, source: ming,
      "Share of OOD rows accepted at the threshold that keeps 95 % of the ID rows; ID is the "
        + "positive class, as in most papers on CLIP."
    ) {
      FalsePositiveRate($0.idPositive, atTruePositiveRate: 0.95)
    } support: {
      $0.rarerKind
    },
    Metric(
      "fpr95_nearest", "FPR95 (ID positive, nearest)", direction: .lower, isDefault: true,
      undefined: oneClass, source: ming,
      "Share of OOD rows accepted at the point of the ROC curve that keeps the share of ID rows "
        + "nearest to 95 %; ID is the positive class, as in the code of MCM and COOkeD."
    ) {
      NearestFalsePositiveRate($0.idPositive, nearestTruePositiveRate: 0.95)
    } support: {
      $0.rarerKind
    },
    Metric(
      "fpr95_interp", "FPR95 (ID positive, interpolated)", direction: .lower, isDefault: true,
      undefined: oneClass, source: "Wang et al., ICCV 2023",
      "Share of OOD rows accepted where the ROC curve's lines pass 95 % of the ID rows; ID is the "
        + "positive class, as in CLIPN."
    ) {
      InterpolatedFalsePositiveRate($0.idPositive, atTruePositiveRate: 0.95)
    } support: {
      $0.rarerKind
    },
    Metric(
      "aupr_in", "AUPR-in", direction: .higher, isDefault: true,
      undefined: "there are no ID rows", source: yang,
      "Area under the precision-recall curve by trapezoids, ID rows positive, as in OpenOOD."
    ) {
      PrecisionRecallArea($0.idPositive, .trapezoid)
    } support: {
      $0.rarerKind
    },
    Metric(
      "aupr_out", "AUPR-out", direction: .higher, isDefault: true,
      undefined: "there are no OOD rows", source: yang,
      "Area under the precision-recall curve by trapezoids, OOD rows positive, as in OpenOOD."
    ) {
      PrecisionRecallArea($0.oodPositive, .trapezoid)
    } support: {
      $0.rarerKind
    },
  ]

  private static let decisions: [Metric<DetectionOutcomes>] = [
    Metric(
      "id_accuracy", "ID accuracy", direction: .higher, isDefault: true,
      undefined: "no in-distribution row has a label, or the method gives no logits",
      "Share of labelled ID rows whose highest logit is the true class; OOD rows are ignored."
    ) { table in
      table.predicted.map { predicted in
        ShareMetric(
          rows: table.n, among: { !table.isOOD[$0] && table.labels[$0] >= 0 },
          where: { predicted[$0] == table.labels[$0] },
          reason: "no in-distribution row has a label")
      }
    },
    Metric(
      "decision_balanced_accuracy", "Balanced accuracy of the decision", direction: .higher,
      isDefault: true,
      undefined: "the method makes no decision of its own, or only one class is present",
      "Mean of the shares of ID rows kept and of OOD rows found by the method's own decision, which "
        + "needs no threshold."
    ) {
      $0.balancedDecision
    } support: {
      $0.rarerKind
    },
  ]

  private static let oneClass = "only one class is present"
  private static let ming = "Ming et al., NeurIPS 2022"
  private static let yang = "Yang et al., OpenOOD, NeurIPS 2022"

  private var balancedDecision: any WeightedMetric {
    guard let decisions else {
      return UndefinedMetric(undefinedReason: "the method makes no decision of its own")
    }
    return BalancedDecision(isOOD: isOOD, decisions: decisions)
  }

  /// The number of OOD rows, or of ID rows where those are fewer.
  private var rarerKind: Int {
    let positives = isOOD.count { $0 }
    return min(positives, n - positives)
  }

  private var oodPositive: BinaryRanking { BinaryRanking(scores: scores, isPositive: isOOD) }
  private var idPositive: BinaryRanking {
    BinaryRanking(scores: scores.map { -$0 }, isPositive: isOOD.map { !$0 })
  }
}

/// The mean of the shares of ID rows that are kept and of OOD rows that are found.
private struct BalancedDecision: WeightedMetric {
  private let kept: ShareMetric
  private let found: ShareMetric

  init(isOOD: [Bool], decisions: [Bool]) {
    let n = isOOD.count
    kept = ShareMetric(
      rows: n, among: { !isOOD[$0] }, where: { !decisions[$0] }, reason: "no row is ID")
    found = ShareMetric(
      rows: n, among: { isOOD[$0] }, where: { decisions[$0] }, reason: "no row is OOD")
  }

  func values(under weights: WeightBlock) -> [Double] {
    zip(kept.values(under: weights), found.values(under: weights)).map { ($0 + $1) / 2 }
  }

  var undefinedReason: String { "only one class is present" }
}
