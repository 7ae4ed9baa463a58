/// One part of a plan that is split over several runs: every `count`-th trial, by place in the plan.
///
/// Neighbours in a plan cost alike, so dealing them out in turn gives parts that take equally long.
package struct Shard: Equatable, Sendable, CustomStringConvertible {
  /// From 1 to `count`.
  package let index: Int
  package let count: Int

  /// Reads `2/8`; nil unless the first number lies in `1...n`.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
      count <= 100_000, index >= 1, index <= count
    else { return nil }
    self.index = index
    self.count = count
  }

  package var description: String { "\(index)/\(count)" }

  /// The elements of this part, in their order.
  package func part<T>(of all: [T]) -> [T] {
    stride(from: index - 1, to: all.count, by: count).map { all[$0] }
  }
}
