/// The arithmetic mean; nil without values.
package func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// The sample standard deviation, with `n - 1` in the denominator; nil below two values.
package func standardDeviation(_ values: [Double]) -> Double? {
  guard values.count > 1, let centre = mean(values) else { return nil }
  let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
  return (squares / Double(values.count - 1)).squareRoot()
}

/// The quantile at `p` in `0...1` with linear interpolation (type 7 of Hyndman and Fan, NumPy's
/// default) of values in ascending order; nil without values.
package func quantile(_ p: Double, ofSorted values: [Double]) -> Double? {
  guard let last = values.indices.last else { return nil }
  let place = min(max(p, 0), 1) * Double(last)
  let lower = Int(place)
  let upper = min(lower + 1, last)
  return values[lower] + (place - Double(lower)) * (values[upper] - values[lower])
}
