internal import Statistics

extension Philox {
  /// Draws a number in `0 ..< 1` from 53 random bits.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Draws a whole number in `0 ..< n` without bias.
  ///
  /// Source: Lemire, "Fast random integer generation in an interval", TOMACS 2019.
  package mutating func below(_ n: Int) -> Int {
    precondition(n > 0, "no whole number lies below \(n)")
    let bound = UInt64(n)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// Draws from the standard normal distribution, by inversion of one uniform draw.
  ///
  /// The central 85 % needs only arithmetic and is the same on every machine; the tails use the
  /// system's `log`, so their last bit may differ between C libraries.
  package mutating func normal() -> Double {
    normalQuantile((Double(next() >> 12) + 0.5) * 0x1p-52)
  }

  /// Brings the elements into random order (Fisher and Yates).
  package mutating func shuffle<Element>(_ array: inout [Element]) {
    guard array.count > 1 else { return }
    for last in stride(from: array.count - 1, to: 0, by: -1) {
      array.swapAt(last, below(last + 1))
    }
  }

  /// Draws `k` different numbers of `0 ..< n`, in random order; all `n` when `k` is greater.
  package mutating func choose(_ k: Int, of n: Int) -> [Int] {
    var pool = Array(0..<n)
    let count = Swift.min(k, n)
    for first in 0..<count { pool.swapAt(first, first + below(n - first)) }
    return Array(pool.prefix(count))
  }
}
