internal import Statistics

/// Pearson's correlation of pairs; undefined where one side is constant.
package func pearson(_ x: [Double], _ y: [Double]) -> MetricValue {
  guard let problem = pairProblem(x, y) else {
    let moments = Moments(x, y)
    let value = moments.xy / (moments.xx.squareRoot() * moments.yy.squareRoot())
    return MetricValue(value: min(max(value, -1), 1), n: x.count)
  }
  return .undefined(n: min(x.count, y.count), problem)
}

/// Spearman's correlation: Pearson's of the mid-ranks.
package func spearman(_ x: [Double], _ y: [Double]) -> MetricValue {
  if let problem = pairProblem(x, y) {
    return .undefined(n: min(x.count, y.count), problem)
  }
  return pearson(midRanks(x), midRanks(y))
}

/// Kendall's tau-b: (concordant - discordant) / sqrt((n0 - n1) (n0 - n2)), where n1 and n2 count the
/// pairs tied in x and in y.
///
/// Source: Knight, "A computer method for calculating Kendall's tau with ungrouped data", JASA 61
/// (1966): discordant pairs are the exchanges of a merge sort.
package func kendallTauB(_ x: [Double], _ y: [Double]) -> MetricValue {
  if let problem = pairProblem(x, y) {
    return .undefined(n: min(x.count, y.count), problem)
  }
  let order = x.indices.sorted { (x[$0], y[$0]) < (x[$1], y[$1]) }
  let tiedX = tiedPairs(order) { x[$0] == x[$1] }
  let tiedBoth = tiedPairs(order) { x[$0] == x[$1] && y[$0] == y[$1] }
  var values = order.map { y[$0] }
  let discordant = sortCountingExchanges(&values)
  let tiedY = tiedPairs(Array(values.indices)) { values[$0] == values[$1] }
  let pairs = x.count * (x.count - 1) / 2
  let concordant = pairs - tiedX - tiedY + tiedBoth - discordant
  let scale = (Double(pairs - tiedX) * Double(pairs - tiedY)).squareRoot()
  return MetricValue(value: Double(concordant - discordant) / scale, n: x.count)
}

/// Why pairs have no correlation, if so.
func pairProblem(_ x: [Double], _ y: [Double]) -> String? {
  guard x.count == y.count else { return "there are \(x.count) and \(y.count) values" }
  guard x.count > 1 else { return "there are fewer than two pairs" }
  guard (x + y).allSatisfy(\.isFinite) else { return "a value is NaN or infinite" }
  return x.allSatisfy { $0 == x[0] } || y.allSatisfy { $0 == y[0] } ? "one side is constant" : nil
}

/// The pairs within runs of neighbours that are equal.
private func tiedPairs(_ order: [Int], _ isEqual: (Int, Int) -> Bool) -> Int {
  var pairs = 0
  var run = 1
  for place in order.indices.dropFirst() {
    run = isEqual(order[place - 1], order[place]) ? run + 1 : 1
    pairs += run - 1
  }
  return pairs
}

/// Sorts by merging and counts the pairs that stood in the wrong order.
private func sortCountingExchanges(_ values: inout [Double]) -> Int {
  var exchanges = 0
  var width = 1
  while width < values.count {
    var merged: [Double] = []
    merged.reserveCapacity(values.count)
    for start in stride(from: 0, to: values.count, by: 2 * width) {
      let middle = min(start + width, values.count)
      let end = min(start + 2 * width, values.count)
      var (left, right) = (start, middle)
      while left < middle || right < end {
        if left < middle, right == end || values[left] <= values[right] {
          merged.append(values[left])
          left += 1
        } else {
          merged.append(values[right])
          right += 1
          exchanges += middle - left
        }
      }
    }
    values = merged
    width *= 2
  }
  return exchanges
}
