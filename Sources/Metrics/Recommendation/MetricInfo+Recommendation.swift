extension MetricInfo {
  /// The metrics of `recommend`; where scores tie, what a random order of them is expected to give.
  ///
  /// An item counts as relevant above 1/2. The DCG forms take the relevance itself as the gain.
  package static let recommendation: [MetricInfo] =
    ListMetric.cuts.map { k in
      MetricInfo(
        "dcg\(k)_saito", "DCG@\(k) (Saito)", version: 2, higherIsBetter: true,
        range: 0...Double.infinity,
        "Relevance among a user's first \(k), rank 1 weighing 1 and rank r from 2 on 1 / log2 r, "
          + "summed; mean over the users with a relevant item. Published values are of "
          + "dcg\(k)_saito_real (real data) or dcg\(k)_saito_semi.")
    }
    + ListMetric.cuts.map { k in
      MetricInfo(
        "ndcg\(k)", "nDCG@\(k)", version: 2, higherIsBetter: true,
        "Relevance among a user's first \(k), rank r weighing 1 / log2(r + 1), over the largest sum "
          + "that the list allows; mean over the users whose relevance is not all 0.")
    }
    + exponential
    + ListMetric.cuts.map { k in
      MetricInfo(
        "recall\(k)", "Recall@\(k)", version: 2, higherIsBetter: true,
        "Share of a user's relevant items that stand among the first \(k); mean over users.")
    }
    + ListMetric.cuts.map { k in
      MetricInfo(
        "map\(k)_saito", "MAP@\(k) (Saito)", version: 2, higherIsBetter: true,
        "Precision at each relevant rank up to \(k), summed and divided by the number of a user's "
          + "relevant items; mean over the users with one, as published for semi-synthetic data. "
          + "Published values for real data are of map\(k)_saito_real.")
    }
    + ListMetric.cuts.map { k in
      MetricInfo(
        "map\(k)", "MAP@\(k)", version: 2, higherIsBetter: true,
        "Precision at each relevant rank up to \(k), summed and divided by the lesser of \(k) and "
          + "the number of a user's relevant items; mean over users.")
    }
    + ListMetric.cuts.map { k in
      MetricInfo(
        "snips_dcg\(k)_saito", "DCG@\(k) (Saito, SNIPS)", version: 2, higherIsBetter: true,
        "Estimate from clicks: each click among a user's first \(k) weighs its discount over its "
          + "propensity (0.01 at least), divided by the sum of all the inverse propensities.")
    }
    + plainEstimates + scripts + [
      MetricInfo(
        "cross_entropy", "Cross-entropy", higherIsBetter: false, range: 0...Double.infinity,
        "Mean over the pairs of -r log p - (1 - r) log(1 - p), p the sigmoid of the score."),
      MetricInfo(
        "ips_cross_entropy", "Cross-entropy (IPS)", higherIsBetter: false,
        range: -Double.infinity...Double.infinity,
        "Estimate of the cross-entropy from clicks: r is the click over its propensity (0.01 at "
          + "least), so that it may exceed 1 and the value fall below 0."),
    ]

  private static let exponential = ListMetric.cuts.map { k in
    MetricInfo(
      "ndcg\(k)_exp", "nDCG@\(k) (2^r - 1)", version: 2, higherIsBetter: true,
      "nDCG with the gain 2^r - 1 of a relevance r, which favours the most relevant where relevance "
        + "is graded (Burges et al., ICML 2005); the same as nDCG where it is 0 or 1.")
  }

  private static let plainEstimates = ListMetric.cuts.map { k in
    MetricInfo(
      "ips_dcg\(k)_saito", "DCG@\(k) (Saito, IPS)", version: 2, higherIsBetter: true,
      range: 0...Double.infinity,
      "Estimate from clicks: each click among a user's first \(k) weighs its discount over its "
        + "propensity (0.01 at least), divided by the number of the user's items.")
  }
}
