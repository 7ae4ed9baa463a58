/// The classes of a base-to-new setting: the first half is learned, the rest is new.
///
/// Source: CoCoOp (Zhou et al., CVPR 2022): the first `ceil(K / 2)` labels are base.
package struct BaseNewSplit: Equatable, Sendable {
  /// The labels of the base classes.
  package let base: Range<Int>
  /// The labels of the new classes; empty when there is one class.
  package let new: Range<Int>

  /// Splits `K` classes.
  package init(classCount: Int) {
    let border = (classCount + 1) / 2
    base = 0..<border
    new = border..<classCount
  }

  /// The rows whose label lies in `classes`, with labels that count from 0 in that part.
  package static func select(
    _ classes: Range<Int>, of labels: [Int32]
  ) -> (rows: [Int], labels: [Int32]) {
    let rows = labels.indices.filter { classes.contains(Int(labels[$0])) }
    return (rows, rows.map { labels[$0] - Int32(classes.lowerBound) })
  }
}
