import LinearAlgebra

/// Rows and labels from the generator of `reference.py`: a linear congruence, three classes.
struct Sample {
  var rows: Matrix<Float>
  var labels: [Int32]

  init(_ count: Int = 90, width: Int = 4, seed: UInt64 = 1) {
    var state = seed
    func uniform() -> Double {
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      return Double(state) / Double(1 << 31)
    }
    labels = (0..<count).map { Int32($0 % 3) }
    let numbers = labels.flatMap { label in
      (0..<width).map { column in Float(uniform() + (column == Int(label) ? 0.4 : 0)) }
    }
    rows = Matrix(numbers, rows: count, columns: width)
  }

  /// The rows of one class.
  func rows(of label: Int32) -> Matrix<Float> {
    let own = labels.indices.filter { labels[$0] == label }
    let numbers = own.flatMap { row in (0..<rows.columns).map { rows[row, $0] } }
    return Matrix(numbers, rows: own.count, columns: rows.columns)
  }
}
