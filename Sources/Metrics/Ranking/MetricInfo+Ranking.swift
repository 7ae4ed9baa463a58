extension MetricInfo {
  /// The metrics of `detect-ood`; `auroc` is also one of classification into two classes.
  package static let detection: [MetricInfo] = [
    MetricInfo(
      "auroc", "AUROC", higherIsBetter: true,
      "Probability that a positive row scores above a negative one, ties counting 1/2; in "
        + "detect-ood the OOD rows are positive (the value is the same with ID as positive)."),
    MetricInfo(
      "fpr95_ood_pos", "FPR95 (OOD positive)", higherIsBetter: false,
      "Share of ID rows rejected at the highest threshold that detects 95 % of the OOD rows; OOD "
        + "is the positive class, as in OpenOOD from v1.5 on."),
    MetricInfo(
      "fpr95_id_pos", "FPR95 (ID positive)", higherIsBetter: false,
      "Share of OOD rows accepted at the threshold that keeps 95 % of the ID rows; ID is the "
        + "positive class, as in most papers on CLIP."),
    MetricInfo(
      "fpr95_nearest", "FPR95 (ID positive, nearest)", higherIsBetter: false,
      "Share of OOD rows accepted at the point of the ROC curve that keeps the share of ID rows "
        + "nearest to 95 %; ID is the positive class, as in the code of MCM and COOkeD."),
    MetricInfo(
      "fpr95_interp", "FPR95 (ID positive, interpolated)", higherIsBetter: false,
      "Share of OOD rows accepted where the ROC curve's lines pass 95 % of the ID rows; ID is the "
        + "positive class, as in CLIPN."),
    MetricInfo(
      "aupr_in", "AUPR-in", higherIsBetter: true,
      "Area under the precision-recall curve by trapezoids, ID rows positive, as in OpenOOD."),
    MetricInfo(
      "aupr_out", "AUPR-out", higherIsBetter: true,
      "Area under the precision-recall curve by trapezoids, OOD rows positive, as in OpenOOD."),
    MetricInfo(
      "id_accuracy", "ID accuracy", higherIsBetter: true,
      "Share of labelled ID rows whose highest logit is the true class; OOD rows are ignored."),
    MetricInfo(
      "decision_balanced_accuracy", "Balanced accuracy of the decision", higherIsBetter: true,
      "Mean of the shares of ID rows kept and of OOD rows found by the method's own decision, which "
        + "needs no threshold."),
  ]

  /// The metrics of `retrieve`, in both directions; of tied candidates every order is as likely.
  package static let retrieval: [MetricInfo] = [
    ("i2t", "image to text", "images that have texts"), ("t2i", "text to image", "texts"),
  ].flatMap { prefix, title, queries in
    [1, 5, 10].map { k in
      MetricInfo(
        "\(prefix)_r\(k)", "R@\(k), \(title)", version: 2, higherIsBetter: true,
        "Share of \(queries) with a match among the first \(k); where similarities tie, the "
          + "probability of one in a random order.")
    } + [
      MetricInfo(
        "\(prefix)_median_rank", "Median rank, \(title)", version: 2, higherIsBetter: false,
        range: 1...Double.infinity,
        "Median over the queries of the rank of the first match, from 1; where similarities tie, of "
          + "its mean over their orders."),
      MetricInfo(
        "\(prefix)_mrr", "MRR, \(title)", version: 2, higherIsBetter: true,
        "Mean reciprocal rank of the first match."),
      MetricInfo(
        "\(prefix)_map", "mAP, \(title)", version: 2, higherIsBetter: true,
        "Mean over the queries of the mean precision at the ranks of all matches."),
    ] + deep(prefix, title, queries)
  }

  /// What counts every match among the first k.
  private static func deep(_ prefix: String, _ title: String, _ queries: String) -> [MetricInfo] {
    let recalls = [1, 5, 10].map { k in
      MetricInfo(
        "\(prefix)_recall\(k)", "Recall@\(k) (true), \(title)", version: 2, higherIsBetter: true,
        "Share of a query's matches that stand among the first \(k), mean over \(queries); R@\(k) "
          + "asks only whether there is one.")
    }
    let precisions = [1, 5, 10].map { k in
      MetricInfo(
        "\(prefix)_map\(k)", "mAP@\(k), \(title)", version: 2, higherIsBetter: true,
        "Precision at the rank of each match among the first \(k), summed and divided by the lesser "
          + "of \(k) and the number of matches; mean over \(queries).")
    }
    return recalls + precisions
  }

  /// The metrics of `classify` with two classes, of which class 1 is positive and its margin over
  /// class 0 the score; and what takes the scores of every class.
  package static let decision: [MetricInfo] = [
    MetricInfo(
      "brier_binary", "Brier (binary)", higherIsBetter: false,
      "Mean squared distance of the probability of class 1 from the label, of two classes: half of "
        + "the Brier score that is summed over the classes (Brier, Monthly Weather Review 78, 1950)."
    ),
    MetricInfo(
      "classwise_ece15", "Classwise ECE (15)", higherIsBetter: false,
      "Expected calibration error of each class's probability on all rows in 15 bins of equal width, "
        + "averaged over the classes (Kull et al., NeurIPS 2019)."),
    MetricInfo(
      "auroc_ovr", "AUROC (one vs rest)", higherIsBetter: true,
      "AUROC of each class against the rest by its probability, averaged over the classes that "
        + "have both; with two classes the AUROC."),
    MetricInfo(
      "auroc_hull", "AUROC (convex hull)", higherIsBetter: true, range: 0.5...1,
      "Area under the convex hull of the ROC curve, (0, 0) and (1, 1): what the best threshold for "
        + "each class ratio and cost can reach."),
    MetricInfo(
      "cost_curve_area", "Cost curve area", higherIsBetter: false, range: 0...0.25,
      "Normalised expected cost at the best threshold, averaged over all probability costs "
        + "(Drummond and Holte); 1/4 at chance."),
    MetricInfo(
      "ap", "AP", higherIsBetter: true,
      "Average precision: sum over distinct scores of the step in recall times the precision."),
    MetricInfo(
      "aupr_trapz", "AUPR (trapezoid)", higherIsBetter: true,
      "Area under the precision-recall curve by trapezoids from recall 0 and precision 1."),
    MetricInfo(
      "adjusted_auprc", "Adjusted AUPRC", higherIsBetter: true, range: -Double.infinity...1,
      "1 - ln AP / ln prevalence: 0 at chance whatever the prevalence, 1 if perfect."),
    MetricInfo(
      "selection_rate", "Selection rate", direction: .neutral, isProportion: true,
      "Share of rows called positive."),
    MetricInfo(
      "prevalence", "Prevalence", direction: .neutral, isProportion: true,
      "Share of rows labelled positive."),
    MetricInfo(
      "tpr", "TPR", higherIsBetter: true, "Share of positive rows called positive."),
    MetricInfo(
      "fpr", "FPR", higherIsBetter: false, "Share of negative rows called positive."),
  ]
}
