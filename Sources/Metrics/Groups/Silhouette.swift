/// The silhouette of each point: how much nearer it lies to its own group than to the nearest other.
///
/// `(b - a) / max(a, b)` with `a` the mean Euclidean distance to the other points of its group and `b`
/// the least mean distance to the points of another group; 0 for a point that is alone in its group.
/// Points are `[N, D]`, row after row. Empty with fewer than two groups, where it is not defined.
///
/// Source: Rousseeuw, "Silhouettes", Journal of Computational and Applied Mathematics 20 (1987).
package func silhouettes(of points: [Double], width: Int, groups: [Int32]) -> [Double] {
  let places = Dictionary(
    uniqueKeysWithValues: zip(Set(groups).sorted(), 0...))
  guard places.count > 1, points.count == groups.count * width else { return [] }
  let own = groups.map { places[$0, default: 0] }
  let sizes = own.reduce(into: [Int](repeating: 0, count: places.count)) { $0[$1] += 1 }
  return points.withUnsafeBufferPointer { points in
    own.indices.map { row in
      var sums = [Double](repeating: 0, count: sizes.count)
      for other in own.indices {
        var square = 0.0
        for axis in 0..<width {
          let step = points[row * width + axis] - points[other * width + axis]
          square += step * step
        }
        sums[own[other]] += square.squareRoot()
      }
      let group = own[row]
      guard sizes[group] > 1 else { return 0 }
      let inside = sums[group] / Double(sizes[group] - 1)
      let outside =
        sizes.indices.filter { $0 != group }.map { sums[$0] / Double(sizes[$0]) }.min() ?? 0
      return max(inside, outside) == 0 ? 0 : (outside - inside) / max(inside, outside)
    }
  }
}
