extension MetricInfo {
  /// When the metric has no value, as a clause; a value is null then, with the reason beside it.
  package var undefined: String {
    switch key {
    case "auroc": "only one class is present, or in classify other than two"
    case "auroc_ovr": "only one class is present"
    case "fpr95_ood_pos", "fpr95_id_pos", "fpr95_nearest", "fpr95_interp":
      "only one class is present"
    case "decision_balanced_accuracy":
      "the method makes no decision of its own, or only one class is present"
    case "aupr_in": "there are no ID rows"
    case "aupr_out": "there are no OOD rows"
    case "id_accuracy": "no in-distribution row has a label, or the method gives no logits"
    case "shape_bias": "no prediction agrees with either cue"
    case "cue_coverage": "no row has conflicting cues"
    case "auroc_hull", "cost_curve_area", "adjusted_auprc":
      "only one class is present, or there are other than two"
    case "ap", "aupr_trapz", "tpr": "there are no positive rows, or other than two classes"
    case "fpr": "there are no negative rows, or other than two classes"
    case "brier_binary", "selection_rate", "prevalence":
      "there are no rows, or other than two classes"
    case "coverage95": "the method states no standard error, or there are no pairs"
    case "relative_error", "relative_rmse": "there are no pairs whose true value differs from 0"
    case "absolute_error": "there are no estimates"
    case "relative_bias": "there are no estimates whose true value differs from 0"
    case "relative_variance": "there are fewer than two estimates whose true value differs from 0"
    case "sce", "text_diversity", "trace_image", "trace_total": "the method does not report it"
    case "prompt_purity", "mode_purity":
      "the method corrects nothing, or a set has fewer than two pairs to correct"
    case "mode_spearman": "one of the two values is the same in all rows"
    case "prompt_spearman":
      "one of the two values is the same in all rows, or the method reports no text diversity"
    case "cross_entropy": "there are no rows, or a relevance above 1 is a grade and no probability"
    case "ips_cross_entropy":
      "there are no rows, a relevance is a grade above 1, or the exposure of the scored pairs is not "
        + "known"
    case "tail_kept": "no text matches a tail entry"
    case "kept_share", "expected_share": "there are no texts"
    case "kept_ratio": "no text had a chance to be kept"
    case "head_lift": "no entry is thinned out"
    case "match_precision", "match_recall": "the method reports no matches, or there are none"
    case "probe_few_accuracy": "no class of the probe has few texts"
    case "probe_accuracy", "probe_balanced_accuracy":
      "the dataset has no probe, or nothing to train it on was kept"
    case "ce", "mce", "relative_mce": "the baseline makes no error, or gets no worse"
    case "error_ratio": "no row is wrong"
    case "effective_robustness":
      "the family has fewer than three rows, or all of one reference accuracy"
    default: undefinedOfKind
    }
  }

  private var undefinedOfKind: String {
    func isAmong(_ infos: [MetricInfo]) -> Bool { infos.contains { $0.key == key } }
    if isAmong(MetricInfo.retrieval) {
      return "no query of this direction has a relevant candidate"
    }
    if isAmong(MetricInfo.fairness) { return "fewer than two groups have a value" }
    if key.contains("ips_") {
      return "no user has a relevant item, or the exposure of the scored pairs is not known"
    }
    if isAmong(MetricInfo.recommendation), key != "cross_entropy", !key.hasSuffix("_real") {
      return "no user has a relevant item"
    }
    if isAmong(MetricInfo.curation) { return "no entry has a match" }
    if isAmong(MetricInfo.sources) { return "a source has fewer than three models" }
    return "there are no rows"
  }

  /// Who defined it so; nil where the sentence is all there is to it.
  package var source: String? {
    switch key {
    case "aurc", "eaurc": "Geifman, Uziel and El-Yaniv, ICLR 2019"
    case "ece15_width", "mce15_width", "ece15_width_scaled":
      "Naeini, Cooper and Hauskrecht, AAAI 2015; as in Guo et al., ICML 2017"
    case "nll_scaled", "temperature": "Guo et al., ICML 2017"
    case "ece15_mass", "ece15_mass_scaled": "Nguyen and O'Connor, EMNLP 2015"
    case "classwise_ece15": "Kull et al., NeurIPS 2019"
    case "brier", "brier_binary": "Brier, Monthly Weather Review 78, 1950"
    case "shape_bias", "cue_coverage": "Geirhos et al., ICLR 2019"
    case "auroc_hull": "Provost and Fawcett, Machine Learning 42, 2001"
    case "cost_curve_area": "Drummond and Holte, Machine Learning 65, 2006"
    case "adjusted_auprc", "centroid_difference": "Sourget et al., 2025"
    case "silhouette":
      "Rousseeuw, Journal of Computational and Applied Mathematics 20, 1987"
    case "fpr95_ood_pos": "Zhang et al., OpenOOD v1.5, 2023"
    case "aupr_in", "aupr_out": "Yang et al., OpenOOD, NeurIPS 2022"
    case "fpr95_id_pos", "fpr95_nearest": "Ming et al., NeurIPS 2022"
    case "fpr95_interp": "Wang et al., ICCV 2023"
    case "ce", "mce", "relative_mce", "mean_corruption_accuracy":
      "Hendrycks and Dietterich, ICLR 2019"
    case "effective_robustness", "relative_robustness": "Taori et al., NeurIPS 2020"
    case "rank_agreement":
      "Kendall and Babington Smith, Annals of Mathematical Statistics 10, 1939"
    case "sce", "text_diversity", "trace_image", "trace_total": "arXiv:2412.18645"
    default: sourceOfKind
    }
  }

  private var tieSource: String { "McSherry and Najork, ECIR 2008" }

  private var sourceOfKind: String? {
    if key.hasPrefix("demographic_parity") {
      return "Dwork et al., ITCS 2012; as in fairlearn"
    }
    if MetricInfo.fairness.contains(where: { $0.key == key }) {
      return "Hardt, Price and Srebro, NeurIPS 2016; as in fairlearn"
    }
    if MetricInfo.sources.contains(where: { $0.key == key }) {
      return "Nguyen et al., NeurIPS 2022"
    }
    if key.contains("_saito") || key == "ips_cross_entropy" { return "Saito et al., WSDM 2020" }
    if key.hasSuffix("_exp") { return "Burges et al., ICML 2005; ties as in \(tieSource)" }
    if key.hasPrefix("ndcg") {
      return "Järvelin and Kekäläinen, TOIS 20, 2002; ties as in \(tieSource)"
    }
    if MetricInfo.recommendation.contains(where: { $0.key == key }), key != "cross_entropy" {
      return "ties as in \(tieSource)"
    }
    return MetricInfo.retrieval.contains { $0.key == key } ? "ties as in \(tieSource)" : nil
  }

  /// The least and the greatest value, such as `0 ... 1`.
  package var rangeText: String {
    func text(_ end: Double) -> String {
      if end.isInfinite { return end < 0 ? "-infinity" : "infinity" }
      return Int(exactly: end).map(String.init) ?? String(end)
    }
    return "\(text(range.lowerBound)) ... \(text(range.upperBound))"
  }
}
