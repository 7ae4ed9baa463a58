internal import Glibc

/// The mean of several classifiers' probabilities for one row `[K]`, in double precision.
///
/// Entropies of confident rows lie near 1e-6: in single precision they would tie.
struct MeanProbabilities {
  private var sums: [Double]
  private var members = 0

  init(classCount: Int) { sums = [Double](repeating: 0, count: classCount) }

  /// Starts the next row.
  mutating func clear() {
    for index in sums.indices { sums[index] = 0 }
    members = 0
  }

  /// Adds the soft-max of a member's logits `[K]`.
  mutating func add(softmaxOf logits: UnsafeBufferPointer<Float>) {
    var greatest = -Double.infinity
    for logit in logits { greatest = max(greatest, Double(logit)) }
    var total = 0.0
    for logit in logits { total += exp(Double(logit) - greatest) }
    for index in sums.indices { sums[index] += exp(Double(logits[index]) - greatest) / total }
    members += 1
  }

  private var share: Double { 1 / Double(members) }

  /// `-Σ p log p`, with `0 log 0 = 0`.
  var entropy: Double {
    let share = share
    return sums.reduce(0) { total, sum in
      let p = sum * share
      return p > 0 ? total - p * log(p) : total
    }
  }

  /// `-log max p`, which ranks as `1 - max p` does and keeps rows apart whose maximum rounds to 1.
  var surprise: Double {
    var best = 0
    for index in sums.indices where sums[index] > sums[best] { best = index }
    var rest = 0.0
    for index in sums.indices where index != best { rest += sums[index] }
    return rest * share < 0.5 ? -log1p(-rest * share) : -log(sums[best] * share)
  }

  /// Writes `log p`, finite even where p is 0 in double precision.
  func writeLogarithms(to row: UnsafeMutableBufferPointer<Float>) {
    let share = share
    for index in sums.indices {
      row[index] = Float(log(max(sums[index] * share, .leastNormalMagnitude)))
    }
  }
}
