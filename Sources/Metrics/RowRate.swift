/// A metric that is the share of hits among the rows that count.
package struct RowRate: Sendable {
  package let isCounted: [Bool]
  package let isHit: [Bool]
  /// Why there is no share where no row counts.
  package let reason: String

  package init(
    rows n: Int, among isCounted: (Int) -> Bool = { _ in true }, where isHit: (Int) -> Bool,
    reason: String = "there are no rows"
  ) {
    let counted = (0..<n).map(isCounted)
    self.isCounted = counted
    self.isHit = (0..<n).map { counted[$0] && isHit($0) }
    self.reason = reason
  }

  var countedRows: Int { isCounted.count { $0 } }
  var metric: ShareMetric {
    ShareMetric(
      rows: isHit.count, among: { isCounted[$0] }, where: { isHit[$0] }, reason: reason)
  }
}
