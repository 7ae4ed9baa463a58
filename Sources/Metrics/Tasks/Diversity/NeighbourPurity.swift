internal import LinearAlgebra
internal import Neighbours
package import Tensors

/// The mean share of each row's nearest other rows (Euclidean) that have its label.
///
/// Where rows at equal distance contend for the last places, each counts with the probability that a
/// random order puts it there, so that the order of the rows decides nothing.
///
/// - Parameters:
///   - rows: f32 `[N, D]`.
///   - labels: A number for each row.
///   - neighbours: How many nearest rows are asked, or all others where there are fewer.
/// - Returns: Nil for fewer than two rows.
package func neighbourPurity(of rows: Tensor, labels: [Int32], neighbours: Int) -> Double? {
  precondition(rows.dtype == .f32 && rows.shape.rank == 2 && rows.shape[0] == labels.count)
  guard labels.count > 1 else { return nil }
  return rows.withElements(of: Float.self) { values in
    let matrix = Matrix(Array(values), rows: rows.shape[0], columns: rows.shape[1])
    // One more than is asked shows whether the last place is contended for.
    let found = NearestNeighbours(rows: matrix.view, by: .euclideanDistance)
      .neighboursOfRows(count: neighbours + 1)
    let asked = min(neighbours, labels.count - 1)
    var share = 0.0
    for (row, label) in labels.enumerated() {
      let distances = Array(found.values(of: row))
      guard asked < distances.count, distances[asked] == distances[asked - 1] else {
        let nearest = found.indices(of: row).prefix(asked)
        share += Double(nearest.count { labels[Int($0)] == label }) / Double(asked)
        continue
      }
      let others = labels.indices.filter { $0 != row }.map { other in
        (distance: distance(matrix.view, row, other), isAlike: labels[other] == label)
      }
      let nearer = others.filter { $0.distance < distances[asked] }
      let tied = others.filter { $0.distance == distances[asked] }
      let left = Double(asked - nearer.count) / Double(tied.count)
      let alike = Double(nearer.count { $0.isAlike }) + left * Double(tied.count { $0.isAlike })
      share += alike / Double(asked)
    }
    return share / Double(labels.count)
  }
}

/// The distance in f64, as the search for neighbours measures it.
private func distance(_ rows: MatrixView<Float>, _ first: Int, _ second: Int) -> Double {
  var sum = 0.0
  for column in 0..<rows.columns {
    let difference = Double(rows[first, column]) - Double(rows[second, column])
    sum += difference * difference
  }
  return sum.squareRoot()
}
