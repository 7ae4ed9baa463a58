internal import Glibc

/// The probability that a chi-squared variable exceeds `x`; NaN for no degrees of freedom.
package func chiSquaredTail(above x: Double, degreesOfFreedom: Double) -> Double {
  guard degreesOfFreedom > 0, !x.isNaN else { return .nan }
  return x <= 0 ? 1 : x == .infinity ? 0 : gammaTail(degreesOfFreedom / 2, x / 2)
}

/// The probability that an F variable exceeds `x`; NaN for no degrees of freedom.
package func fTail(above x: Double, degreesOfFreedom first: Double, _ second: Double) -> Double {
  guard first > 0, second > 0, !x.isNaN else { return .nan }
  guard x > 0 else { return 1 }
  guard x < .infinity else { return 0 }
  return betaProbability(second / (second + first * x), second / 2, first / 2)
}

/// The regularised upper incomplete gamma function Q(a, x), for positive a and x.
///
/// By its series below a + 1, by Lentz's continued fraction above (NIST DLMF 8.11.4 and 8.9.2).
private func gammaTail(_ a: Double, _ x: Double) -> Double {
  let scale = exp(a * log(x) - x - lgamma(a))
  if x < a + 1 {
    var term = 1 / a
    var sum = term
    var next = a
    while term > sum * 0x1p-54 {
      next += 1
      term *= x / next
      sum += term
    }
    return max(0, 1 - scale * sum)
  }
  var b = x + 1 - a
  let fraction = continuedFraction(first: b) { step in
    b += 2
    return (-Double(step) * (Double(step) - a), b)
  }
  return scale / fraction
}

/// The regularised incomplete beta function I_x(a, b), for positive a and b and x in 0...1.
///
/// By Lentz's continued fraction on the side where it converges fast (NIST DLMF 8.17.22).
private func betaProbability(_ x: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x < 1 else { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - betaProbability(1 - x, b, a) }
  let scale = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let fraction = continuedFraction(first: 1) { step in
    let m = Double(step / 2)
    let numerator =
      step % 2 == 0
      ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return (numerator, 1)
  }
  return scale / fraction
}

/// The value of b0 + a1 / (b1 + a2 / (b2 + ...)); `part` gives (a, b) of each step from 1 on.
///
/// Source: Lentz's method as modified by Thompson and Barnett, J. Comput. Phys. 64 (1986).
private func continuedFraction(
  first: Double, part: (_ step: Int) -> (a: Double, b: Double)
) -> Double {
  let tiny = 1e-300
  func away(_ value: Double) -> Double { value == 0 ? tiny : value }
  var value = away(first)
  var c = value
  var d = 0.0
  for step in 1...10_000 {
    let (a, b) = part(step)
    d = 1 / away(b + a * d)
    c = away(b + a / c)
    value *= c * d
    if abs(c * d - 1) < 0x1p-52 { break }
  }
  return value
}

/// The probability that the range of `groups` independent standard normal variables exceeds `q`.
///
/// P = 1 - k ∫ φ(z) (Φ(z) - Φ(z - q))^(k - 1) dz by Simpson's rule on 4,000 panels of -8...8 + q.
package func rangeTail(above q: Double, groups k: Int) -> Double {
  guard k > 1, q > 0 else { return 1 }
  let panels = 4000
  let (start, end) = (-8.0, 8.0 + q)
  let step = (end - start) / Double(panels)
  // Each term is the density that z is the largest and one of the others lies below z - q.
  let sum = (0...panels).reduce(0.0) { sum, panel in
    let z = start + Double(panel) * step
    let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    let below = normalProbability(below: z)
    let within = below - normalProbability(below: z - q)
    let beyond = pow(below, Double(k - 1)) - pow(within, Double(k - 1))
    return sum + density * beyond * (panel == 0 || panel == panels ? 1 : panel % 2 == 1 ? 4 : 2)
  }
  return min(1, Double(k) * sum * step / 3)
}

/// The range of `groups` standard normal variables that is exceeded with probability `alpha`.
package func rangeQuantile(exceededBy alpha: Double, groups k: Int) -> Double {
  var (low, high) = (0.0, 20.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if rangeTail(above: middle, groups: k) > alpha { low = middle } else { high = middle }
  }
  return (low + high) / 2
}
