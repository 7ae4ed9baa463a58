internal import Glibc

/// The randomisation test of paired differences: each is as likely of the one sign as of the other.
///
/// p is the share of the 2^m ways to choose the signs whose sum is at least as far from 0 as the
/// one seen. It is exact for up to 12 differences, for differences of one size (then it is McNemar's
/// test), and for few sizes that are multiples of the least, as sums over seeds of right and wrong
/// are; else it is the saddlepoint tail, whose relative error is far below that of a normal tail.
///
/// Source: Lugannani and Rice, Adv. Appl. Probab. 12, 1980; Daniels, Biometrika 42, 1955 (its use
/// for randomisation tests); Fisher, "The Design of Experiments", 1935, section 21.
package enum SignFlip {
  private static let listed = 12
  /// The most steps of an exact convolution.
  private static let convolutionSteps = 20_000_000

  /// The two-sided p-value of the sum of `differences`; 1 where all are 0.
  ///
  /// Never below the share of one pair of signs, 2^(1 - m) for m differences other than 0.
  package static func p(_ differences: [Double]) -> Double {
    let sizes = differences.filter { $0 != 0 }.map(abs)
    guard let largest = sizes.max(), largest.isFinite else { return 1 }
    let sum = abs(differences.reduce(0, +)) / largest
    let scaled = sizes.map { $0 / largest }
    guard sum > 1e-9 else { return 1 }
    if let multiples = multiples(of: scaled) {
      let unit = scaled.min() ?? 1
      return floored(latticeTail(multiples, atLeast: Int((sum / unit).rounded())), sizes.count)
    }
    if sizes.count <= listed { return listedTail(scaled, atLeast: sum) }
    return floored(saddlepointTail(scaled, atLeast: sum), sizes.count)
  }

  /// The least p-value that so many units can give.
  package static func leastP(units: Int) -> Double { units < 1 ? 1 : exp2(Double(1 - units)) }

  private static func floored(_ p: Double, _ count: Int) -> Double {
    min(1, max(p, leastP(units: count), .leastNormalMagnitude))
  }

  /// The sizes as multiples of the least one, where all are and an exact tail is affordable.
  private static func multiples(of sizes: [Double]) -> [Int]? {
    guard let unit = sizes.min(), unit > 1e-4 else { return nil }
    var multiples: [Int] = []
    multiples.reserveCapacity(sizes.count)
    for size in sizes {
      let multiple = (size / unit).rounded()
      guard abs(size / unit - multiple) < 1e-6 else { return nil }
      multiples.append(Int(multiple))
    }
    if multiples.allSatisfy({ $0 == 1 }) { return multiples }
    let steps = multiples.count * multiples.reduce(0, +)
    return steps <= convolutionSteps ? multiples : nil
  }

  /// P(|Σ ± k| ≥ sum), exactly.
  private static func latticeTail(_ multiples: [Int], atLeast sum: Int) -> Double {
    let total = multiples.reduce(0, +)
    // Σ ± k = total - 2 Σ of those taken negative.
    let most = (total - sum) / 2
    if total == multiples.count { return McNemar.exact(lost: most, won: total - most) }
    var shares = [Double](repeating: 0, count: total + 1)
    shares[0] = 1
    var reach = 0
    for multiple in multiples {
      reach += multiple
      for place in stride(from: reach, through: 0, by: -1) {
        let moved = place >= multiple ? shares[place - multiple] : 0
        shares[place] = 0.5 * (shares[place] + moved)
      }
    }
    return 2 * shares[0...most].reduce(0, +)
  }

  private static func listedTail(_ sizes: [Double], atLeast sum: Double) -> Double {
    let last = sizes.count - 1
    // Of each pair of opposite choices one is enough: the last difference keeps its sign.
    let count = (0..<(1 << last)).count { choice in
      var total = sizes[last]
      for place in 0..<last {
        total += choice >> place & 1 == 0 ? sizes[place] : -sizes[place]
      }
      return abs(total) >= sum - 1e-9
    }
    return Double(count) / Double(1 << last)
  }

  private static func saddlepointTail(_ sizes: [Double], atLeast sum: Double) -> Double {
    let total = sizes.reduce(0, +)
    guard sum < total * (1 - 1e-12) else { return leastP(units: sizes.count) }
    /// The slope of the cumulant function, and its curvature.
    func slopes(_ t: Double) -> (first: Double, second: Double) {
      var (first, second) = (0.0, 0.0)
      for size in sizes {
        let share = tanh(t * size)
        first += size * share
        second += size * size * (1 - share * share)
      }
      return (first, second)
    }
    var (low, high) = (0.0, 1.0)
    while slopes(high).first < sum, high < 1e12 { (low, high) = (high, 2 * high) }
    var t = (low + high) / 2
    for _ in 0..<100 {
      let (first, second) = slopes(t)
      if first < sum { low = t } else { high = t }
      let newton = t + (sum - first) / second
      let next = newton > low && newton < high ? newton : (low + high) / 2
      if abs(next - t) <= 1e-12 * t { break }
      t = next
    }
    let cumulant = sizes.reduce(0.0) { sum, size in
      sum + t * size + log1p(exp(-2 * t * size)) - M_LN2
    }
    let w = max(2 * (t * sum - cumulant), 0).squareRoot()
    guard w > 1e-6 else { return 1 }
    let u = t * slopes(t).second.squareRoot()
    guard u > 0 else { return leastP(units: sizes.count) }
    return erfc((w + log(u / w) / w) / 2.0.squareRoot())
  }
}
