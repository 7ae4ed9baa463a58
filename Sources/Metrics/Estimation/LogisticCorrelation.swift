internal import Glibc
internal import Numerics

/// Pearson's correlation of `y` and the logistic function of `x` with four parameters that fits it
/// best, as is the custom for objective against subjective quality.
///
/// The function b2 + (b1 - b2) / (1 + exp(-(x - b3) / b4)) takes out the saturation at both ends of
/// a rating scale; the fit is by least squares (Levenberg and Marquardt). Since it may fall, the value
/// is never negative. Undefined for fewer than five pairs, and where one side is constant. Source:
/// Video Quality Experts Group, final report on validation, phase I, 2000.
package func pearsonAfterLogistic(_ x: [Double], _ y: [Double]) -> MetricValue {
  if let problem = pairProblem(x, y) {
    return .undefined(n: min(x.count, y.count), problem)
  }
  guard x.count >= 5 else {
    return .undefined(n: x.count, "four parameters need five pairs or more")
  }
  // On a standard scale, so that units decide nothing.
  let (u, v) = (standardised(x), standardised(y))
  let rises: Double = zip(u, v).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? -1 : 1
  let (low, high) = (v.min() ?? 0, v.max() ?? 0)
  let fits = [0.5, 1.0, 4.0].map { steepness in
    Logistic(low: low, rise: high - low, steepness: rises * steepness, centre: 0).fitted(u, v)
  }
  guard let best = fits.min(by: { $0.squaredError(u, v) < $1.squaredError(u, v) }) else {
    return .undefined(n: x.count, "no logistic function fits")
  }
  return pearson(u.map { best($0) }, v)
}

/// low + rise / (1 + exp(-steepness (x - centre))).
private struct Logistic {
  var low: Double
  var rise: Double
  var steepness: Double
  var centre: Double

  func callAsFunction(_ x: Double) -> Double { low + rise * share(x) }

  private func share(_ x: Double) -> Double { 1 / (1 + exp(-steepness * (x - centre))) }

  func squaredError(_ x: [Double], _ y: [Double]) -> Double {
    let error = zip(x, y).reduce(0) { sum, pair in
      let gap = self(pair.0) - pair.1
      return sum + gap * gap
    }
    return error.isFinite ? error : .infinity
  }

  /// The function at a minimum of the squared error, as far as 1,000 steps lead.
  func fitted(_ x: [Double], _ y: [Double]) -> Logistic {
    var best = self
    var error = squaredError(x, y)
    var damping = 1e-3
    for _ in 0..<1000 where damping < 1e12 {
      guard let next = best.step(x, y, damping: damping) else {
        damping *= 10
        continue
      }
      let found = next.squaredError(x, y)
      guard found < error else {
        damping *= 10
        continue
      }
      let gain = error - found
      (best, error) = (next, found)
      damping = max(damping / 10, 1e-12)
      if gain <= 1e-15 * error { break }
    }
    return best
  }

  /// One damped Gauss-Newton step; nil where the normal equations have no solution.
  private func step(_ x: [Double], _ y: [Double], damping: Double) -> Logistic? {
    var normal = Matrix<Double>(rows: 4, columns: 4)
    var right = Matrix<Double>(rows: 1, columns: 4)
    for (x, y) in zip(x, y) {
      let share = share(x)
      let slope = rise * share * (1 - share)
      let gradient = [1, share, slope * (x - centre), -slope * steepness]
      for row in 0..<4 {
        right[0, row] += gradient[row] * (y - self(x))
        for column in 0..<4 { normal[row, column] += gradient[row] * gradient[column] }
      }
    }
    for place in 0..<4 { normal[place, place] += damping * (normal[place, place] + 1e-9) }
    guard let factor = Cholesky(normal) else { return nil }
    factor.solve(rows: &right)
    return Logistic(
      low: low + right[0, 0], rise: rise + right[0, 1], steepness: steepness + right[0, 2],
      centre: centre + right[0, 3])
  }
}

private func standardised(_ values: [Double]) -> [Double] {
  let centre = mean(values) ?? 0
  let spread = standardDeviation(values) ?? 1
  return values.map { ($0 - centre) / spread }
}
