internal import AssayKit
internal import LinearAlgebra
internal import Random

/// Unit directions `[L, D]`.
struct Directions {
  let rows: MatrixView<Float>

  /// Takes directions, each of which has to be of unit length to 1e-3.
  init(given rows: MatrixView<Float>) throws(MethodError) {
    guard rows.rows > 1 else {
      throw .contract("'directions' has \(rows.rows) rows; a standard error needs at least 2")
    }
    for index in 0..<rows.rows {
      let square = rows.withRow(index) { dot($0, $0) }
      guard abs(square - 1) < 2e-3 else {
        throw .contract(
          "row \(index) of 'directions' has length \(square.squareRoot()); wanted is 1")
      }
    }
    self.rows = rows
  }

  /// Draws directions uniformly: normal numbers, row by row, each row brought to unit length.
  init(_ count: Int, width: Int, _ context: Context) {
    var random = Philox(key: context.seed, stream: context.stream)
    rows =
      Matrix<Float>(rows: count, columns: width) { rows in
        var direction = [Double](repeating: 0, count: width)
        for index in 0..<count {
          var square = 0.0
          while square == 0 {
            for column in 0..<width { direction[column] = random.normal() }
            square = direction.reduce(0) { $0 + $1 * $1 }
          }
          let row = rows.row(index)
          let factor = 1 / square.squareRoot()
          for column in 0..<width { row[column] = Float(direction[column] * factor) }
        }
      }.view
  }
}
