package import LinearAlgebra
package import Neighbours

/// New rows on the segments between rows and their neighbours: `x + gap · (neighbour − x)`.
///
/// Source: Chawla, Bowyer, Hall and Kegelmeyer, "SMOTE: synthetic minority over-sampling technique",
/// JAIR 16, 2002. One gap for all columns stays on the segment; one for each column fills the box
/// around it, as the paper's pseudo-code does.
package struct SyntheticRows: Sendable {
  /// The row that each new row starts from `[T]`.
  package let bases: [Int32]
  /// The place of the neighbour among those of the base row `[T]`.
  package let slots: [Int32]
  /// The gaps in 0...1, `[T]` or `[T, D]` in row order.
  package let gaps: [Double]

  /// Takes draws that were made elsewhere.
  package init(bases: [Int32], slots: [Int32], gaps: [Double]) {
    precondition(slots.count == bases.count, "one slot for each new row")
    precondition(
      bases.isEmpty ? gaps.isEmpty : gaps.count.isMultiple(of: bases.count),
      "one gap for each new row, or one for each of its columns")
    self.bases = bases
    self.slots = slots
    self.gaps = gaps
  }

  /// The number of new rows, T.
  package var count: Int { bases.count }

  /// Writes the new rows `[T, D]` between rows `[N, D]` and their neighbours among them.
  ///
  /// Differences are f32 and the rest f64, rounded once at the end, as in imbalanced-learn.
  package func write(
    between rows: MatrixView<Float>, _ neighbours: Neighbours,
    into result: MutableMatrixView<Float>
  ) {
    precondition(neighbours.queries == rows.rows, "neighbours of every row are needed")
    precondition(
      result.rows == count && result.columns == rows.columns, "new rows have the form of the rows")
    let width = rows.columns
    let perRow = gaps.count == count
    precondition(perRow || gaps.count == count * width, "one gap for each column")
    rows.withNumbers { numbers in
      for index in 0..<count {
        let base = Int(bases[index])
        let neighbour = Int(neighbours.indices[base * neighbours.count + Int(slots[index])])
        let from = UnsafeBufferPointer(rebasing: numbers[base * width..<(base + 1) * width])
        let to = UnsafeBufferPointer(rebasing: numbers[neighbour * width..<(neighbour + 1) * width])
        let target = result.row(index)
        if perRow {
          let gap = gaps[index]
          for column in 0..<width {
            target[column] = Float(Double(from[column]) + gap * Double(to[column] - from[column]))
          }
        } else {
          for column in 0..<width {
            let gap = gaps[index * width + column]
            target[column] = Float(Double(from[column]) + gap * Double(to[column] - from[column]))
          }
        }
      }
    }
  }
}
