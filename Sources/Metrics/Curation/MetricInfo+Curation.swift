extension MetricInfo {
  package static let curation: [MetricInfo] = [
    MetricInfo("kept_share", "Kept", higherIsBetter: true, "Share of the texts that are kept."),
    MetricInfo(
      "expected_share", "Expected", higherIsBetter: true,
      "Mean of the probabilities with which the texts were to be kept."),
    MetricInfo(
      "kept_ratio", "Kept / expected", higherIsBetter: true, range: 0...Double.infinity,
      "Number of kept texts over the sum of the probabilities; 1 where these are what they say."),
    MetricInfo(
      "tail_kept", "Tail kept", higherIsBetter: true,
      "Share kept of the texts that match a tail entry; the tail are the rarest entries, which "
        + "together have 10 % of the matches."),
    MetricInfo(
      "concepts_kept", "Concepts kept", higherIsBetter: true,
      "Share of the entries with a match in the pool that have one in the kept texts."),
    MetricInfo(
      "entry_entropy", "Entropy", higherIsBetter: true, range: 0...Double.infinity,
      "Entropy in nats of the matches of the kept texts over the entries."),
    MetricInfo(
      "entry_entropy_before", "Entropy before", higherIsBetter: true, range: 0...Double.infinity,
      "Entropy in nats of the matches of all texts over the entries."),
    MetricInfo(
      "entry_gini", "Gini", higherIsBetter: false,
      "Gini coefficient of the entries' numbers of kept texts, over entries with a match."),
    MetricInfo(
      "entry_gini_before", "Gini before", higherIsBetter: false,
      "Gini coefficient of the entries' numbers of texts, over entries with a match."),
    MetricInfo(
      "head_lift", "Head lift", higherIsBetter: true, range: 0...Double.infinity,
      "Matches that thinned-out entries keep over what each would keep by itself, sum over sum."),
    MetricInfo(
      "match_precision", "Match precision", higherIsBetter: true,
      "Reported matches that are true over all reported, by the number of each entry."),
    MetricInfo(
      "match_recall", "Match recall", higherIsBetter: true,
      "True matches that are reported over all true ones, by the number of each entry."),
    MetricInfo(
      "probe_balanced_accuracy", "Probe, balanced", higherIsBetter: true,
      "Mean recall over classes of a linear probe trained on a fixed number of draws of kept rows."),
    MetricInfo(
      "probe_few_accuracy", "Probe, few", higherIsBetter: true,
      "Mean recall of the probe over classes of fewer than 20 texts in the pool."),
    MetricInfo("probe_accuracy", "Probe", higherIsBetter: true, "Accuracy of the probe."),
  ]
}
