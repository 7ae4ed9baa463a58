internal import AssayKit
internal import Numerics

/// The loss over all pairs of users and items, from weighted clicks alone.
///
///     L = a / (U I) Σ_pairs δ0(s) + 1 / (U I) Σ_clicks c (δ1(s) - a δ0(s))
///
/// With c = 1 / θ and a = 1 this is the unbiased estimate of Saito et al. (WSDM 2020): its terms are
/// δ0 where Y = 0, and the second sum makes them up to `Y/θ δ1 + (1 - Y/θ) δ0` where Y = 1. The
/// gradient has `penalty` times the parameters added.
struct Objective {
  let loss: LocalLoss
  /// The weight `a` of a pair that is not clicked.
  let background: Double
  let clicks: Clicks
  /// Clicks that were held back, whose loss is measured beside the other.
  let validation: Clicks?
  let penalty: Float
  let userCount: Int
  let itemCount: Int

  /// The number of pairs of a user and an item.
  var pairCount: Int { userCount * itemCount }

  /// The loss on the clicks to learn from, and on those that were held back.
  struct Losses {
    var train: Double
    var validation: Double?
  }

  // MARK: Some pairs

  /// The losses, with some pairs standing for all that are not clicked.
  func losses(at factors: Factors, over sample: Pairs) -> Losses {
    var logits = factors.logits(of: sample)
    let sum = logits.withUnsafeMutableBufferPointer {
      loss.replaceBySlopes($0, bias: 0, scale: 1)
    }
    let everything = background * sum / Double(max(sample.count, 1))
    func value(_ clicks: Clicks) -> Double {
      zip(factors.logits(of: clicks.pairs), clicks.weights).reduce(0) { sum, click in
        sum + Double(click.1) * loss.clickValue(click.0, background: background)
      } / Double(pairCount)
    }
    return Losses(
      train: everything + value(clicks), validation: validation.map { everything + value($0) })
  }

  /// Writes an unbiased estimate of the gradient from `batch` pairs: half of them any pairs, half
  /// clicks, all drawn with replacement.
  func sample(
    at factors: Factors, into gradient: MutableMatrixView<Float>, batch: Int,
    random: inout Philox
  ) {
    let clickCount = clicks.pairs.count
    let half = clickCount == 0 ? 0 : max(batch / 2, 1)
    let others = max(batch - half, 1)
    let drawn = (0..<half).map { _ in random.below(clickCount) }
    var users = (0..<others).map { _ in Int32(random.below(userCount)) }
    var items = (0..<others).map { _ in Int32(random.below(itemCount)) }
    users += drawn.map { clicks.pairs.users[$0] }
    items += drawn.map { clicks.pairs.items[$0] }
    var slopes = factors.logits(of: Pairs(users: users, items: items))
    let scale = Float(Double(clickCount) / (Double(pairCount) * Double(max(half, 1))))
    let pulls = zip(slopes.suffix(half), drawn).map { logit, click in
      scale * clicks.weights[click] * loss.clickSlope(logit, background: Float(background))
    }
    slopes.removeLast(half)
    slopes.withUnsafeMutableBufferPointer {
      _ = loss.replaceBySlopes($0, bias: 0, scale: Float(background / Double(others)))
    }
    gradient.fill(0)
    let rows = factors.rows.view
    for (place, slope) in (slopes + pulls).enumerated() {
      let (user, item) = (Int(users[place]), userCount + Int(items[place]))
      rows.withRow(item) { add(slope, $0, to: gradient.row(user)) }
      rows.withRow(user) { add(slope, $0, to: gradient.row(item)) }
    }
    complete(gradient, at: factors)
  }

  // MARK: Parts

  /// Adds the penalty, gives b0 its part, and holds the constant columns.
  func complete(_ gradient: MutableMatrixView<Float>, at factors: Factors) {
    let rows = factors.rows.view
    let last = gradient.row(userCount + itemCount)
    last.update(repeating: 0)
    for row in 0..<userCount + itemCount {
      let slopes = gradient.row(row)
      if factors.hasBiases, row < userCount { last[0] += slopes[factors.dimension] }
      if penalty > 0 { rows.withRow(row) { add(penalty, $0, to: slopes) } }
      if factors.hasBiases { slopes[factors.constantColumn(ofRow: row)] = 0 }
    }
  }

  private func add(
    _ factor: Float, _ numbers: UnsafeBufferPointer<Float>,
    to sums: UnsafeMutableBufferPointer<Float>
  ) {
    for column in 0..<sums.count { sums[column] += factor * numbers[column] }
  }
}
