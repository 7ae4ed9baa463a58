internal import Statistics

/// Kendall's coefficient of concordance W of several judges who rank the same things: 1 where all
/// agree, 0 where the rank sums are equal.
///
/// W = (12 Σ R² - 3 m² n (n + 1)²) / (m² n (n² - 1) - m Σ (t³ - t)) with the rank sums R of n things
/// by m judges and the sizes t of ties. Source: Kendall and Babington Smith, "The problem of m
/// rankings", Annals of Mathematical Statistics 10 (1939); ties as in Siegel and Castellan, 1988.
///
/// - Parameter scores: `[judge][thing]`; higher is better.
package func kendallW(_ scores: [[Double]]) -> MetricValue {
  let judges = scores.count
  let things = scores.first?.count ?? 0
  guard judges > 1, things > 1 else {
    return .undefined(n: things, "it needs two or more rankings of two or more things")
  }
  guard scores.allSatisfy({ $0.count == things && $0.allSatisfy(\.isFinite) }) else {
    return .undefined(n: things, "a score is missing, NaN or infinite")
  }
  let ranks = scores.map { midRanks($0) }
  let sums = (0..<things).map { thing in ranks.reduce(0) { $0 + $1[thing] } }
  let ties = ranks.reduce(0.0) { total, ranks in
    total
      + Dictionary(grouping: ranks, by: \.self).values.reduce(0.0) {
        let size = Double($1.count)
        return $0 + size * size * size - size
      }
  }
  let (m, n) = (Double(judges), Double(things))
  let scale = m * m * n * (n * n - 1) - m * ties
  guard scale > 0 else { return .undefined(n: things, "every ranking is one tie") }
  let squares = sums.reduce(0) { $0 + $1 * $1 }
  return MetricValue(
    value: (12 * squares - 3 * m * m * n * (n + 1) * (n + 1)) / scale, n: things)
}
