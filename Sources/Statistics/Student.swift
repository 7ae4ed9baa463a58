internal import Glibc

/// The quantile of Student's t with `degrees` of freedom, to 1 part in 10^8.
///
/// Infinite at 0 and 1. From 200 degrees on by the expansion around the normal quantile, which is
/// off by less than 1e-8 there; below by bisection of the tail of F(1, degrees), which t squared
/// follows.
/// Source of the expansion: Abramowitz and Stegun, 26.7.5.
package func studentQuantile(_ p: Double, degreesOfFreedom degrees: Double) -> Double {
  guard p > 0, p < 1, degrees > 0 else { return p == 0 ? -Double.infinity : .infinity }
  if p < 0.5 { return -studentQuantile(1 - p, degreesOfFreedom: degrees) }
  let normal = normalQuantile(p)
  if p == 0.5 { return 0 }
  if degrees >= 200 {
    let (x, square) = (normal, normal * normal)
    let terms = [
      x * (square + 1) / 4, x * ((5 * square + 16) * square + 3) / 96,
      x * (((3 * square + 19) * square + 17) * square - 15) / 384,
      x * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92_160,
    ]
    return terms.reversed().reduce(0) { ($0 + $1) / degrees } + x
  }
  let tail = 2 * (1 - p)
  var (low, high) = (normal, max(2 * normal, 1))
  while fTail(above: high * high, degreesOfFreedom: 1, degrees) > tail { high *= 2 }
  while high - low > 1e-12 * high {
    let middle = low + (high - low) / 2
    if middle == low || middle == high { break }
    if fTail(above: middle * middle, degreesOfFreedom: 1, degrees) > tail {
      low = middle
    } else {
      high = middle
    }
  }
  return low + (high - low) / 2
}
