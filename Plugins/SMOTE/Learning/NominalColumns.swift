package import LinearAlgebra
package import Neighbours

/// Columns that hold codes of categories, and how rows look with one-hot columns for them.
package struct NominalColumns: Sendable {
  /// The columns with codes, ascending.
  package let columns: [Int]
  /// The other columns, ascending.
  package let others: [Int]
  /// The codes of each column that the rows have, ascending.
  private let codes: [[Float]]

  /// Looks up the codes in rows `[N, D]`; a code that they lack has no one-hot column.
  package init(_ columns: Set<Int>, rows: MatrixView<Float>) {
    precondition(columns.allSatisfy { (0..<rows.columns).contains($0) }, "no such column")
    self.columns = columns.sorted()
    others = (0..<rows.columns).filter { !columns.contains($0) }
    codes = self.columns.map { column in Set((0..<rows.rows).map { rows[$0, column] }).sorted() }
  }

  /// The other columns, divided by `deviations` where given, and for each code a column with `step`
  /// where a row has it.
  package func encoded(
    _ rows: MatrixView<Float>, step: Float, dividingBy deviations: [Float]? = nil
  ) -> Matrix<Float> {
    let width = others.count + codes.reduce(0) { $0 + $1.count }
    return Matrix(rows: rows.rows, columns: width) { result in
      result.fill(0)
      for index in 0..<rows.rows {
        let target = result.row(index)
        rows.withRow(index) { row in
          for (place, column) in others.enumerated() {
            target[place] = row[column] / (deviations?[column] ?? 1)
          }
          var start = others.count
          for (column, codes) in zip(columns, codes) {
            if let place = codes.firstIndex(of: row[column]) { target[start + place] = step }
            start += codes.count
          }
        }
      }
    }
  }

  /// Rows whose Euclidean distances are those of SMOTE-NC.
  ///
  /// A code that differs counts like a difference of the median deviation of the other columns, of
  /// which there has to be one: two one-hot columns differ then, each by that over √2.
  package func space(
    of rows: MatrixView<Float>, dividingBy deviations: [Float]? = nil
  ) -> Matrix<Float> {
    precondition(!others.isEmpty, "SMOTE-NC needs a column that is not nominal")
    let own = rows.columnDeviations()
    let sorted = others.map { own[$0] / (deviations?[$0] ?? 1) }.sorted()
    let middle = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    return encoded(rows, step: median * Float(0.5).squareRoot(), dividingBy: deviations)
  }

  /// Gives every new row the codes that most neighbours of its base row have; of codes that are
  /// equally frequent that of the nearest neighbour.
  package func vote(
    for synthetic: SyntheticRows, among rows: MatrixView<Float>, _ neighbours: Neighbours,
    into result: MutableMatrixView<Float>
  ) {
    for (index, base) in synthetic.bases.enumerated() {
      let nearest = neighbours.indices(of: Int(base))
      for column in columns {
        var votes: [Float: Int] = [:]
        for row in nearest { votes[rows[Int(row), column], default: 0] += 1 }
        let most = votes.values.max() ?? 0
        if let winner = nearest.first(where: { votes[rows[Int($0), column]] == most }) {
          result[index, column] = rows[Int(winner), column]
        }
      }
    }
  }
}

extension MatrixView<Float> {
  /// The standard deviation of each column, with the number of rows as the divisor.
  package func columnDeviations() -> [Float] {
    var sums = [Double](repeating: 0, count: columns)
    var squares = sums
    let count = Double(max(rows, 1))
    for index in 0..<rows {
      withRow(index) { row in for column in row.indices { sums[column] += Double(row[column]) } }
    }
    for index in 0..<rows {
      withRow(index) { row in
        for column in row.indices {
          let difference = Double(row[column]) - sums[column] / count
          squares[column] += difference * difference
        }
      }
    }
    return squares.map { Float(($0 / count).squareRoot()) }
  }
}
