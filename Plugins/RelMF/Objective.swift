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
  let penalty: Float
  let userCount: Int
  let itemCount: Int

  /// The number of pairs of a user and an item.
  var pairCount: Int { userCount * itemCount }

  // MARK: Value

  /// The part of δ0, by a sweep over all pairs or as the mean over some.
  func backgroundValue(at factors: Factors, over sample: Pairs?) -> Double {
    if let sample {
      var logits = factors.logits(of: sample)
      let sum = logits.withUnsafeMutableBufferPointer { loss.sum($0, bias: 0) }
      return background * sum / Double(max(sample.count, 1))
    }
    var sum = 0.0
    eachBlock(of: factors) { _, logits in sum += loss.sum(logits.numbers, bias: factors.bias) }
    return background * sum / Double(pairCount)
  }

  /// The part of some clicks.
  func clickValue(at factors: Factors, of clicks: Clicks) -> Double {
    let logits = factors.logits(of: clicks.pairs)
    return zip(logits, clicks.weights).reduce(0) { sum, click in
      sum + Double(click.1) * loss.clickValue(click.0, background: background)
    } / Double(pairCount)
  }

  // MARK: Gradient

  /// Writes the gradient by a sweep over all pairs, a block of users at a time.
  func sweep(at factors: Factors, into gradient: MutableMatrixView<Float>) {
    let users = factors.users
    let items = factors.items
    let scale = Float(1 / Double(pairCount))
    let itemSlopes = gradient.rows(userCount..<userCount + itemCount)
    itemSlopes.fill(0)
    eachBlock(of: factors) { range, logits in
      let span = clicks.starts[range.lowerBound]..<clicks.starts[range.upperBound]
      func place(_ click: Int) -> Int {
        (Int(clicks.pairs.users[click]) - range.lowerBound) * itemCount
          + Int(clicks.pairs.items[click])
      }
      let pulls = span.map { click in
        clicks.weights[click] * scale
          * loss.clickSlope(
            logits.numbers[place(click)] + factors.bias, background: Float(background))
      }
      loss.replaceBySlopes(
        logits.numbers, bias: factors.bias, scale: scale * Float(background))
      for (click, pull) in zip(span, pulls) { logits.numbers[place(click)] += pull }
      gemm(logits.view, items, into: gradient.rows(range))
      gemm(logits.view.transposed, users.rows(range), into: itemSlopes, keeping: 1)
    }
    complete(gradient, at: factors)
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
    let pulls = zip(slopes.suffix(half), drawn).map { logit, click in
      clicks.weights[click] * loss.clickSlope(logit, background: Float(background))
    }
    slopes.withUnsafeMutableBufferPointer { slopes in
      loss.replaceBySlopes(
        UnsafeMutableBufferPointer(rebasing: slopes[..<others]), bias: 0,
        scale: Float(background / Double(others)))
      let scale = Float(Double(clickCount) / (Double(pairCount) * Double(max(half, 1))))
      for (place, pull) in pulls.enumerated() { slopes[others + place] = scale * pull }
    }
    gradient.fill(0)
    let rows = factors.rows.view
    for (place, slope) in slopes.enumerated() {
      let (user, item) = (Int(users[place]), userCount + Int(items[place]))
      rows.withRow(item) { add(slope, $0, to: gradient.row(user)) }
      rows.withRow(user) { add(slope, $0, to: gradient.row(item)) }
    }
    complete(gradient, at: factors)
  }

  // MARK: Parts

  /// Computes the logits of all pairs but for b0, so many users at a time that they stay in the cache.
  private func eachBlock(
    of factors: Factors, _ body: (Range<Int>, MutableMatrixView<Float>) -> Void
  ) {
    let users = factors.users
    let items = factors.items
    let height = min(max((1 << 16) / itemCount, 1), userCount)
    var logits = Matrix<Float>(rows: height, columns: itemCount)
    logits.withMutableView { logits in
      for start in stride(from: 0, to: userCount, by: height) {
        let range = start..<min(start + height, userCount)
        let block = logits.rows(0..<range.count)
        gemm(users.rows(range), items.transposed, into: block)
        body(range, block)
      }
    }
  }

  /// Adds the penalty, gives b0 its part, and holds the constant columns.
  private func complete(_ gradient: MutableMatrixView<Float>, at factors: Factors) {
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
