internal import Statistics

/// What the paired outcomes of one seed tell of a difference.
package struct Evidence: Sendable {
  /// Candidate less baseline in each resample of the test rows.
  package var resampled: [Double]
  /// What each unit adds, where the difference is a sum over units.
  package var terms: DifferenceTerms?
  /// The difference in each exchange of the sides; empty where there are terms.
  package var exchanged: [Double]
  /// Whether these are all exchanges.
  package var isComplete: Bool
  /// The independent units that count, by the key of their rows.
  package var units: [UInt64: Int]

  package init(
    resampled: [Double], terms: DifferenceTerms? = nil, exchanged: [Double], isComplete: Bool,
    units: [UInt64: Int]
  ) {
    self.resampled = resampled
    self.terms = terms
    self.exchanged = exchanged
    self.isComplete = isComplete
    self.units = units
  }
}

/// How many draws stand behind a test, and whether exchanges of few units are listed.
package struct DrawPlan: Sendable {
  package var resamples: Int
  /// Listed exchanges of several seeds would not be independent where their rows are others.
  package var lists: Bool

  package init(resamples: Int, lists: Bool) {
    self.resamples = resamples
    self.lists = lists
  }

  package func draws(_ kind: PairDraws.Kind, _ outcomes: OutcomePair) -> PairDraws {
    PairDraws(
      kind, count: resamples, key: outcomes.key, over: outcomes.units, listing: lists)
  }
}

extension OutcomePair {
  /// The evidence on the difference of each of some metrics over all rows.
  package func evidence(_ metrics: [String], _ plan: DrawPlan) -> [String: Evidence] {
    var result: [String: Evidence] = [:]
    var keys: [String] = []
    var pending: [PreparedMetric] = []
    for metric in metrics {
      guard let prepared = joint.prepared(metric) else { continue }
      if let terms = terms(metric) {
        result[metric] = Evidence(
          resampled: terms.resampled(plan.resamples), terms: terms, exchanged: [],
          isComplete: true, units: [key: terms.byUnit.count])
      } else {
        keys.append(metric)
        pending.append(prepared)
      }
    }
    let exchanges = plan.draws(.exchanges, self)
    let drawn = plan.draws(.resamples, self).distributions(of: pending.map(\.metric))
    let exchanged = exchanges.distributions(of: pending.map(\.metric))
    for (place, metric) in keys.enumerated() {
      let counted = pending[place].rows.map { rows in
        Set(rows.map { units.unit(of: $0 % max(n, 1)) }).count
      }
      result[metric] = Evidence(
        resampled: drawn[place].differences, terms: nil, exchanged: exchanged[place].differences,
        isComplete: exchanges.isComplete, units: [key: counted ?? units.unitCount])
    }
    return result
  }
}

/// What several seeds of a row tell of a difference together.
package struct PooledEvidence: Sendable {
  /// The difference in each resample, averaged over the seeds.
  package let resampled: [Double]
  package let p: Double
  /// The independent units behind it.
  package let units: Int
  /// The standard deviation of the difference that exchanges of the sides give.
  package let nullDeviation: Double

  /// Pools the evidence of the seeds whose predictions changed.
  ///
  /// `seedCount` includes the other seeds, whose difference is 0. Nil if the seeds were not drawn
  /// alike.
  package init?(_ evidence: [Evidence], seedCount: Int, difference: Double) {
    guard let count = evidence.first?.resampled.count,
      evidence.allSatisfy({ $0.resampled.count == count })
    else { return nil }
    let share = 1 / Double(seedCount)
    func pooled(_ draws: [[Double]]) -> [Double] {
      (0..<(draws.first?.count ?? 0)).map { draw in
        share * draws.reduce(0) { $0 + $1[draw] }
      }
    }
    resampled = pooled(evidence.map(\.resampled))
    units = evidence.reduce(into: [UInt64: Int]()) { $0.merge($1.units, uniquingKeysWith: max) }
      .values.reduce(0, +)
    let terms = evidence.compactMap(\.terms)
    if terms.count == evidence.count {
      let sums = terms.reduce(into: [DifferenceTerms.Unit: Double]()) { sums, seed in
        sums.merge(seed.byUnit) { $0 + $1 }
      }
      // In one order, so that rounding is the same every time.
      let ordered = sums.sorted {
        ($0.key.rows, $0.key.place) < ($1.key.rows, $1.key.place)
      }
      let parts = ordered.map { share * $0.value }
      p = SignFlip.p(parts)
      nullDeviation = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return
    }
    let exchanged = evidence.map(\.exchanged)
    guard let draws = exchanged.first?.count, draws > 0,
      exchanged.allSatisfy({ $0.count == draws })
    else { return nil }
    let all = pooled(exchanged)
    let defined = all.filter { !$0.isNaN }
    nullDeviation =
      (defined.reduce(0) { $0 + $1 * $1 } / Double(max(defined.count, 1))).squareRoot()
    p = exchangeP(
      of: difference, among: all,
      isComplete: seedCount == 1 && evidence.allSatisfy(\.isComplete), units: units)
  }

  /// The interval of the difference; none from fewer than two units.
  ///
  /// Where all units differ by the same, resamples do not vary; then it reaches as far towards 0 as
  /// Newcombe's interval of paired proportions 1 and 0 does (Stat. Med. 17, 1998, method 10).
  /// From under ten units it is widened about its middle by the quantile of Student's t over the normal one, and by
  /// the root of n / (n - 1) by which resamples of few units vary too little.
  package func interval() -> (interval: Interval?, skipped: Double) {
    guard units > 1 else { return (nil, 0) }
    var (interval, skipped) = Bootstrap(resamples: resampled.count, key: 0).interval(of: resampled)
    if let found = interval, found.lower == found.upper, found.lower != 0 {
      let z = normalQuantile(0.5 + found.level / 2)
      let reach = 2.0.squareRoot() * z * z / (Double(units) + z * z)
      let bound = found.lower * (1 - reach)
      interval = Interval(
        lower: min(found.lower, bound), upper: max(found.lower, bound), level: found.level,
        method: "newcombe")
    } else if units < 10, let found = interval {
      let n = Double(units)
      let tail = 0.5 + found.level / 2
      let factor =
        studentQuantile(tail, degreesOfFreedom: n - 1) / normalQuantile(tail)
        * (n / (n - 1)).squareRoot()
      let middle = (found.lower + found.upper) / 2
      interval?.lower = middle - factor * (middle - found.lower)
      interval?.upper = middle + factor * (found.upper - middle)
    }
    return (interval, skipped)
  }
}
