internal import Glibc
internal import Random
internal import Statistics

/// Draws from the outcomes of two methods on the same rows, which lie in one table: the `n` rows of
/// the first method, then those of the second.
///
/// Metrics are prepared for the joint table and evaluated twice in each draw, under the weights of
/// either side; so whatever can be weighted can be resampled and exchanged.
package struct PairDraws: Sendable {
  /// What a draw changes.
  package enum Kind: Sendable {
    /// Units are drawn with replacement, the same for both sides: what other rows would give.
    case resamples
    /// The sides of a unit change places, or do not: what would be, were the methods alike.
    case exchanges
  }

  package let kind: Kind
  package let count: Int
  /// Whether the draws are all there are, each once.
  package let isComplete: Bool
  private let key: UInt64
  private let units: RowUnits

  /// The most units whose exchanges are listed.
  private static let listed = 11

  /// Draws over the units of `n` rows; equal keys give equal draws.
  ///
  /// With `listing`, all exchanges of few units are gone through instead of drawn.
  package init(_ kind: Kind, count: Int, key: UInt64, over units: RowUnits, listing: Bool = false) {
    self.kind = kind
    self.key = key
    self.units = units
    isComplete = kind == .exchanges && listing && units.unitCount <= Self.listed
    self.count = isComplete ? 1 << units.unitCount : count
  }

  /// The values of metrics of the joint table on both sides, in each draw; NaN where undefined.
  package func distributions(of metrics: [any WeightedMetric]) -> [PairValues] {
    guard !metrics.isEmpty else { return [] }
    var result = metrics.map { _ in PairValues() }
    let lanes = WeightBlock.lanes
    for index in 0..<((count + lanes - 1) / lanes) {
      let (first, second) = weights(of: index)
      let used = min(lanes, count - index * lanes)
      for (place, metric) in metrics.enumerated() {
        result[place].first += metric.values(under: first).prefix(used)
        result[place].second += metric.values(under: second).prefix(used)
      }
    }
    return result
  }

  private func weights(of index: Int) -> (WeightBlock, WeightBlock) {
    switch kind {
    case .resamples:
      WeightBlock.sides(
        of: units.weights(of: Resamples.block(index, key: key, n: units.unitCount)))
    case .exchanges: WeightBlock.exchanged(units: units, choices: choices(of: index))
    }
  }

  /// For each unit a word whose bit `l` says whether its sides are exchanged in lane `l`.
  private func choices(of index: Int) -> [UInt64] {
    guard isComplete else {
      var random = Philox(key: key ^ 0x45_7863_6861_6E67, stream: UInt64(index))
      return (0..<units.unitCount).map { _ in random.next() }
    }
    return (0..<units.unitCount).map { unit in
      (0..<WeightBlock.lanes).reduce(0) { word, lane in
        let choice = index * WeightBlock.lanes + lane
        return word | UInt64(choice >> unit & 1) << UInt64(lane)
      }
    }
  }
}

/// The values of a metric on both sides, draw by draw.
package struct PairValues: Sendable {
  package fileprivate(set) var first: [Double] = []
  package fileprivate(set) var second: [Double] = []

  /// Second less first.
  package var differences: [Double] { zip(second, first).map(-) }
}

extension WeightBlock {
  /// The weights of the joint table on its first and on its second side.
  static func sides(of weights: WeightBlock) -> (WeightBlock, WeightBlock) {
    func side(startingAt start: Int) -> WeightBlock {
      weights.withLines { source in
        WeightBlock(n: 2 * weights.n, distinctLanes: weights.distinctLanes) { lines in
          guard let base = lines.baseAddress else { return }
          (base + start * lanes).update(from: source, count: weights.n * lanes)
        }
      }
    }
    return (side(startingAt: 0), side(startingAt: weights.n))
  }

  /// Every row once on either side, the sides of a unit exchanged where its bit says so.
  static func exchanged(units: RowUnits, choices: [UInt64]) -> (WeightBlock, WeightBlock) {
    func side(_ isSecond: Bool) -> WeightBlock {
      let n = units.rowCount
      return WeightBlock(n: 2 * n) { lines in
        guard let base = lines.baseAddress else { return }
        for row in 0..<n {
          let word = choices[units.unit(of: row)]
          for lane in 0..<lanes {
            let isExchanged = UInt8(truncatingIfNeeded: word >> UInt64(lane) & 1)
            let isOfSecond = isSecond ? 1 - isExchanged : isExchanged
            base[row * lanes + lane] = 1 - isOfSecond
            base[(n + row) * lanes + lane] = isOfSecond
          }
        }
      }
    }
    return (side(false), side(true))
  }
}

/// The p-value of a difference among those that exchanges of the sides give.
///
/// The share of exchanges at least as far from 0. Where fewer than ten are, the tail beyond them is
/// Hoeffding's bound 2 exp(-z²/2) for sums of sign flips, z in the root mean square of the exchanged
/// differences (JASA 58, 1963, theorem 2), but never below what the number of units allows.
package func exchangeP(
  of difference: Double, among exchanged: [Double], isComplete: Bool, units: Int
) -> Double {
  let size = abs(difference) * (1 - 1e-12)
  // An exchange that leaves the metric undefined speaks for no difference.
  let beyond = exchanged.count { $0.isNaN || abs($0) >= size }
  if isComplete { return Double(beyond) / Double(max(exchanged.count, 1)) }
  let share = Double(beyond + 1) / Double(exchanged.count + 1)
  let defined = exchanged.filter { !$0.isNaN }
  guard beyond < 10, !defined.isEmpty else { return min(1, share) }
  let square = defined.reduce(0) { $0 + $1 * $1 } / Double(defined.count)
  guard square > 0 else { return share }
  let tail = 2 * exp(-difference * difference / square / 2)
  return min(share, max(tail, SignFlip.leastP(units: units), .leastNormalMagnitude))
}
