internal import Numerics
package import Tensors

/// The mean share of each row's nearest other rows (Euclidean) that have its label.
///
/// - Parameters:
///   - rows: f32 `[N, D]`.
///   - labels: A number for each row.
///   - neighbours: How many nearest rows are asked, or all others where there are fewer.
/// - Returns: NaN for fewer than two rows.
package func neighbourPurity(of rows: Tensor, labels: [Int32], neighbours: Int) -> Double {
  precondition(rows.dtype == .f32 && rows.shape.rank == 2 && rows.shape[0] == labels.count)
  guard labels.count > 1 else { return .nan }
  return rows.withElements(of: Float.self) { values in
    let matrix = Matrix(Array(values), rows: rows.shape[0], columns: rows.shape[1])
    let found = NearestNeighbours(rows: matrix.view, by: .euclideanDistance)
      .neighboursOfRows(count: neighbours)
    var share = 0.0
    for (row, label) in labels.enumerated() {
      let nearest = found.indices(of: row)
      share += Double(nearest.count { labels[Int($0)] == label }) / Double(nearest.count)
    }
    return share / Double(labels.count)
  }
}
