internal import LinearAlgebra

/// Rows `[N, D]` as f64, block by block, each row of unit length when asked.
struct RowBlocks {
  private let rows: MatrixView<Float>
  private let unit: Bool

  init(_ rows: MatrixView<Float>, unit: Bool) {
    self.rows = rows
    self.unit = unit
  }

  /// The rows of every block, in order.
  var ranges: [Range<Int>] {
    stride(from: 0, to: rows.rows, by: 512).map { $0..<min($0 + 512, rows.rows) }
  }

  /// All rows.
  var all: Matrix<Double> { self[0..<rows.rows] }

  /// The rows of a range; a row of zeros stays.
  subscript(range: Range<Int>) -> Matrix<Double> {
    Matrix(rows: range.count, columns: rows.columns) { block in
      for index in range {
        let target = block.row(index - range.lowerBound)
        rows.withRow(index) { row in
          for column in row.indices { target[column] = Double(row[column]) }
        }
        guard unit else { continue }
        let square = dot(UnsafeBufferPointer(target), UnsafeBufferPointer(target))
        guard square > 0 else { continue }
        let factor = 1 / square.squareRoot()
        for column in target.indices { target[column] *= factor }
      }
    }
  }
}
