internal import AssayKit
internal import LinearAlgebra
internal import Random

/// The loss over all pairs of users and items, from weighted clicks alone.
///
/// With c = 1 / θ and the exact ``Balance`` this is the unbiased estimate of Saito et al. (WSDM
/// 2020), `Y/θ δ1 + (1 - Y/θ) δ0`, without a term for each pair. The gradient has `penalty` times the
/// parameters added.
struct Objective {
  let loss: LocalLoss
  let clicks: Clicks
  let balance: Balance
  /// Clicks that were held back, whose loss is measured beside the other, and their balance.
  let validation: (clicks: Clicks, balance: Balance)?
  /// The pairs that halves of batches are drawn from; nil: all of them.
  let blanks: Blanks?
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

  /// The losses, with the sum of δ0 over all pairs and the sums of what clicks add.
  func losses(everything: Double, own: Double, held: Double) -> Losses {
    func total(_ balance: Balance, _ sum: Double) -> Double {
      (balance.background * everything + sum) / balance.divisor
    }
    return Losses(
      train: total(balance, own), validation: validation.map { total($0.balance, held) })
  }

  // MARK: Some pairs

  /// The losses, with some pairs standing for all.
  func losses(at factors: Factors, over sample: Pairs) -> Losses {
    var logits = factors.logits(of: sample)
    let sum = logits.withUnsafeMutableBufferPointer {
      loss.replaceBySlopes($0, bias: 0, scale: 1)
    }
    func added(_ clicks: Clicks, _ balance: Balance) -> Double {
      zip(factors.logits(of: clicks.pairs), clicks.weights).reduce(0) { sum, click in
        sum + loss.clickValue(click.0, weight: click.1, balance)
      }
    }
    return losses(
      everything: Double(pairCount) * sum / Double(max(sample.count, 1)),
      own: added(clicks, balance),
      held: validation.map { added($0.clicks, $0.balance) } ?? 0)
  }

  /// Writes an unbiased estimate of the gradient from `batch` pairs, all drawn with replacement: half
  /// of them clicks, half other pairs, or any pairs where ``blanks`` is nil.
  func sample(
    at factors: Factors, into gradient: MutableMatrixView<Float>, batch: Int,
    random: inout Philox
  ) {
    let clickCount = clicks.pairs.count
    let half = clickCount == 0 ? 0 : max(batch / 2, 1)
    let others = blanks?.count == 0 ? 0 : max(batch - half, 1)
    let drawn = (0..<half).map { _ in random.below(clickCount) }
    var pairs: Pairs
    if let blanks {
      let chosen = (0..<others).map { _ in blanks[random.below(blanks.count)] }
      pairs = Pairs(users: chosen.map { Int32($0.user) }, items: chosen.map { Int32($0.item) })
    } else {
      let users = (0..<others).map { _ in Int32(random.below(userCount)) }
      pairs = Pairs(users: users, items: users.map { _ in Int32(random.below(itemCount)) })
    }
    pairs = Pairs(
      users: pairs.users + drawn.map { clicks.pairs.users[$0] },
      items: pairs.items + drawn.map { clicks.pairs.items[$0] })
    var slopes = factors.logits(of: pairs)
    let scale = Float(Double(clickCount) / (balance.divisor * Double(max(half, 1))))
    // A blank is no click, so that what a click adds to its δ0 is the whole of it.
    let left = blanks == nil ? balance : balance.withoutBackground
    let pulls = zip(slopes.suffix(half), drawn).map { logit, click in
      loss.clickSlope(logit, weight: clicks.weights[click], scale: scale, left)
    }
    slopes.removeLast(half)
    let share = balance.background * (Double(blanks?.count ?? pairCount) / balance.divisor)
    slopes.withUnsafeMutableBufferPointer {
      _ = loss.replaceBySlopes($0, bias: 0, scale: Float(share / Double(max(others, 1))))
    }
    gradient.fill(0)
    let rows = factors.rows.view
    for (place, slope) in (slopes + pulls).enumerated() {
      let (user, item) = (Int(pairs.users[place]), userCount + Int(pairs.items[place]))
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
