/// The dimensions in which the centroids of two groups of rows differ most, the most first; of equal
/// ones the lowest.
///
/// Points are `[N, D]`, row after row. At most `count` dimensions, none where a group has no rows.
///
/// Source: Sourget et al., "Fairness and robustness of CLIP-based models for chest X-rays", 2025, where
/// the absolute differences of the centroids of each pair of groups are sorted.
package func centroidDimensions(
  of points: [Double], width: Int, between first: [Int], and second: [Int], count: Int
) -> [Int] {
  guard !first.isEmpty, !second.isEmpty else { return [] }
  func centroid(_ rows: [Int]) -> [Double] {
    var sum = [Double](repeating: 0, count: width)
    for row in rows {
      for axis in 0..<width { sum[axis] += points[row * width + axis] }
    }
    return sum.map { $0 / Double(rows.count) }
  }
  let gaps = zip(centroid(first), centroid(second)).map { abs($0 - $1) }
  let order = gaps.indices.sorted { gaps[$0] == gaps[$1] ? $0 < $1 : gaps[$0] > gaps[$1] }
  return Array(order.prefix(count))
}
