/// The mean place, from 1, of each value among the ascending ones; neighbours that differ by no more
/// than `tolerance` tie.
package func midRanks(_ values: [Double], within tolerance: Double = 0) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] - values[order[end - 1]] <= tolerance { end += 1 }
    for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
    start = end
  }
  return ranks
}

/// How far two of these values may lie apart and yet be equal but for rounding: 1e-12 of the largest
/// magnitude.
///
/// A mean of thousands of terms is off by some 1e-14 of itself, whatever its unit; methods that
/// differ by less than a hundred times that do not differ.
package func roundingTolerance(of values: some Sequence<Double>) -> Double {
  1e-12 * values.reduce(0) { max($0, abs($1)) }
}
