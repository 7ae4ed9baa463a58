internal import Glibc

/// Where scores tie, what a random order of them is expected to give.
///
/// An item counts as relevant above 1/2. The DCG forms take the relevance itself as the gain.
extension RecommendationOutcomes {
  package static let metrics: [Metric<RecommendationOutcomes>] =
    cuts.map { k in
      listed(
        "dcg\(k)_saito", "DCG@\(k) (Saito)", ListMetric(.dcgSaito, k),
        range: 0...Double.infinity, isDefault: k != 10, source: saito,
        "Relevance among a user's first \(k), rank 1 weighing 1 and rank r from 2 on 1 / log2 r, "
          + "summed; mean over the users with a relevant item. Published values are of "
          + "dcg\(k)_saito_real (real data) or dcg\(k)_saito_semi.")
    }
    + cuts.map { k in
      listed(
        "recall\(k)", "Recall@\(k)", ListMetric(.recall, k), isDefault: k == 5, source: ties,
        "Share of a user's relevant items that stand among the first \(k); mean over users.")
    }
    + cuts.map { k in
      listed(
        "map\(k)_saito", "MAP@\(k) (Saito)", ListMetric(.averagePrecisionSaito, k),
        isDefault: k == 5, source: saito,
        "Precision at each relevant rank up to \(k), summed and divided by the number of a user's "
          + "relevant items; mean over the users with one, as published for semi-synthetic data. "
          + "Published values for real data are of map\(k)_saito_real.")
    }
    + cuts.map { k in
      listed(
        "ndcg\(k)", "nDCG@\(k)", ListMetric(.ndcg, k), isDefault: k == 5,
        source: "Järvelin and Kekäläinen, TOIS 20, 2002; \(ties)",
        "Relevance among a user's first \(k), rank r weighing 1 / log2(r + 1), over the largest sum "
          + "that the list allows; mean over the users whose relevance is not all 0.")
    }
    + cuts.map { k in
      listed(
        "map\(k)", "MAP@\(k)", ListMetric(.averagePrecision, k), isDefault: k == 5, source: ties,
        "Precision at each relevant rank up to \(k), summed and divided by the lesser of \(k) and "
          + "the number of a user's relevant items; mean over users.")
    }
    + cuts.map { k in
      listed(
        "ndcg\(k)_exp", "nDCG@\(k) (2^r - 1)", ListMetric(.ndcgExponential, k),
        source: "Burges et al., ICML 2005; \(ties)",
        "nDCG with the gain 2^r - 1 of a relevance r, which favours the most relevant where relevance "
          + "is graded (Burges et al., ICML 2005); the same as nDCG where it is 0 or 1.")
    }
    + entropies + fromClicks + ofScripts

  /// The lengths at which lists are cut; that of published headlines first.
  private static let cuts = [5, 3, 1, 10]

  private static let entropies: [Metric<RecommendationOutcomes>] = [
    Metric(
      "cross_entropy", "Cross-entropy", direction: .lower, range: 0...Double.infinity,
      isDefault: true,
      undefined: "there are no rows, or a relevance above 1 is a grade and no probability",
      "Mean over the pairs of -r log p - (1 - r) log(1 - p), p the sigmoid of the score."
    ) { $0.grades ?? $0.crossEntropy(weights: $0.relevance.map(Double.init)) },
    Metric(
      "ips_cross_entropy", "Cross-entropy (IPS)", direction: .lower,
      range: -Double.infinity...Double.infinity,
      undefined: "there are no rows, a relevance is a grade above 1, or the exposure of the scored "
        + "pairs is not known", source: saito,
      "Estimate of the cross-entropy from clicks: r is the click over its propensity (0.01 at "
        + "least), so that it may exceed 1 and the value fall below 0."
    ) { table in
      table.grades
        ?? table.exposure.map { table.crossEntropy(weights: table.inverseWeights($0)) }
        ?? table.noExposure
    } counting: { _ in
      nil
    },
  ]

  private static let fromClicks: [Metric<RecommendationOutcomes>] =
    cuts.map { k in
      listed(
        "snips_dcg\(k)_saito", "DCG@\(k) (Saito, SNIPS)", ListMetric(.snipsDCGSaito, k),
        source: saito,
        "Estimate from clicks: each click among a user's first \(k) weighs its discount over its "
          + "propensity (0.01 at least), divided by the sum of all the inverse propensities.")
    }
    + cuts.map { k in
      listed(
        "ips_dcg\(k)_saito", "DCG@\(k) (Saito, IPS)", ListMetric(.ipsDCGSaito, k),
        range: 0...Double.infinity, source: saito,
        "Estimate from clicks: each click among a user's first \(k) weighs its discount over its "
          + "propensity (0.01 at least), divided by the number of the user's items.")
    }

  /// The metrics of the two published scripts that ``ListMetric`` does not have.
  static let ofScripts: [Metric<RecommendationOutcomes>] =
    cuts.map { k in
      scripted(
        "dcg\(k)_saito_semi", "DCG@\(k) (Saito, semi-synthetic)", ScriptMetric(.semiDCG, k),
        "DCG@\(k) (Saito) over the sum of a user's relevances, as in the script for semi-synthetic "
          + "data; mean over the users with a relevant item.")
    }
    + cuts.map { k in
      scripted(
        "dcg\(k)_saito_real", "DCG@\(k) (Saito, real)", ScriptMetric(.realDCG, k),
        range: 0...Double.infinity, asInScript("the discounted sum, divided by nothing"))
    }
    + cuts.map { k in
      scripted(
        "recall\(k)_saito_real", "Recall@\(k) (Saito, real)", ScriptMetric(.realRecall, k),
        asInScript("the sum among the first ranks over that of the whole list"))
    }
    + cuts.map { k in
      scripted(
        "map\(k)_saito_real", "MAP@\(k) (Saito, real)", ScriptMetric(.realPrecision, k),
        range: 0...Double.infinity,
        asInScript("at each relevant rank the mean up to there, summed, divided by nothing"))
    }

  private static func asInScript(_ rule: String) -> String {
    "As in the script for uniformly shown ratings: relevance r counts as 0.001 + 0.999 r; "
      + "\(rule); mean over all users, also those without a relevant item."
  }

  private static let saito = "Saito et al., WSDM 2020"
  private static let ties = "ties as in McSherry and Najork, ECIR 2008"
  private static let noneRelevant = "no user has a relevant item"

  /// A metric of each user's list.
  private static func listed(
    _ key: String, _ title: String, _ metric: ListMetric, range: ClosedRange<Double> = 0...1,
    isDefault: Bool = false, source: String, _ summary: String
  ) -> Metric<RecommendationOutcomes> {
    let unknown = metric.takesExposure ? ", or the exposure of the scored pairs is not known" : ""
    return Metric(
      key, title, version: 2, direction: .higher, range: range, isDefault: isDefault,
      undefined: noneRelevant + unknown, source: source, summary
    ) {
      $0.mean(of: metric)
    } counting: { table in
      table.users(countedBy: metric).flatMap(table.rows(of:))
    } note: {
      $0.note(on: metric)
    }
  }

  /// A metric of each user's list as a published script has it.
  private static func scripted(
    _ key: String, _ title: String, _ metric: ScriptMetric, range: ClosedRange<Double> = 0...1,
    _ summary: String
  ) -> Metric<RecommendationOutcomes> {
    Metric(
      key, title, direction: .higher, range: range,
      undefined: metric.takesEveryUser ? "there are no rows" : noneRelevant, source: saito, summary
    ) { $0.mean(of: metric) }
  }
}

// MARK: What the metrics are made of

extension RecommendationOutcomes {
  /// The mean over the rows of `-w log p - (1 - w) log (1 - p)`, with p the sigmoid of the score.
  private func crossEntropy(weights: [Double]) -> any WeightedMetric {
    MeanMetric(
      zip(scores, weights).map { score, weight in softplus(Double(score)) - weight * Double(score) }
    )
  }

  /// The weight of each row in an estimate from clicks: relevance over exposure.
  private func inverseWeights(_ exposure: [Float]) -> [Double] {
    zip(relevance, exposure).map { Double($0) * inversePropensity(Double($1)) }
  }

  /// Why a grade has no likelihood; nil where every relevance is a probability.
  private var grades: (any WeightedMetric)? {
    relevance.contains { $0 > 1 }
      ? UndefinedMetric(undefinedReason: "a relevance above 1 is a grade and no probability") : nil
  }

  private var noExposure: any WeightedMetric {
    UndefinedMetric(undefinedReason: "the exposure of the scored pairs is not known")
  }

  /// The mean of a metric of one list over the users that have a relevant item.
  private func mean(of metric: ListMetric) -> any WeightedMetric {
    guard !metric.takesExposure || exposure != nil else { return noExposure }
    return mean(over: users(countedBy: metric), reason: Self.noneRelevant) { rows in
      metric.value(list(rows))
    }
  }

  /// The mean of a metric of the published scripts over the users that it takes.
  private func mean(of metric: ScriptMetric) -> any WeightedMetric {
    let users = (0..<lists.count).filter { metric.takesEveryUser || hasRelevant($0) }
    let reason = metric.takesEveryUser ? "there are no rows" : Self.noneRelevant
    return mean(over: users, reason: reason) { rows in
      metric.value(
        relevance: rows.map { Double(relevance[$0]) }, scores: rows.map { scores[$0] })
    }
  }

  /// The mean over some users, each of whom stands in his first row.
  private func mean(
    over users: [Int], reason: String, _ value: ([Int]) -> Double
  ) -> SubsetMean {
    var values = [Double](repeating: 0, count: n)
    var first: [Int] = []
    for user in users {
      let rows = rows(of: user)
      first.append(rows[0])
      values[rows[0]] = value(rows)
    }
    return SubsetMean(rows: first, values: values, reason: reason)
  }

  private func list(_ rows: [Int]) -> ScoredList {
    let starts = rows.indices.filter { $0 == 0 || scores[rows[$0]] != scores[rows[$0 - 1]] }
    return ScoredList(
      gains: rows.map { Double(relevance[$0]) },
      weights: exposure.map { known in rows.map { inversePropensity(Double(known[$0])) } },
      starts: starts + [rows.count])
  }

  /// The rows of a user, the highest score first.
  private func rows(of user: Int) -> [Int] {
    lists.rows[lists.starts[user]..<lists.starts[user + 1]].map(Int.init)
  }

  private func users(countedBy metric: ListMetric) -> [Int] {
    (0..<lists.count).filter { user in
      lists.rows[lists.starts[user]..<lists.starts[user + 1]].contains { row in
        let gain = Double(relevance[Int(row)])
        return metric.isGraded ? gain > 0 : ScoredList.isRelevant(gain)
      }
    }
  }

  private func hasRelevant(_ user: Int) -> Bool {
    lists.rows[lists.starts[user]..<lists.starts[user + 1]].contains { row in
      ScoredList.isRelevant(Double(relevance[Int(row)]))
    }
  }

  private func note(on metric: ListMetric) -> String? {
    let left = lists.count - users(countedBy: metric).count
    guard left > 0 else { return nil }
    return "nothing is relevant to \(left) of \(lists.count) users, who do not count"
      + (metric.isGraded ? "" : "; an item is relevant above 1/2")
  }
}
