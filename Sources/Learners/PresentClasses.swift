internal import Glibc
public import LinearAlgebra

/// The classes that have training rows, numbered anew, and what a classifier says of the others.
///
/// A discriminative fit would send the intercept of a class without rows to minus infinity. Here
/// such a class gets `1 / (N + 1)` of the probability of the classes that are there, after N
/// training rows: Laplace's rule of succession for an event that has not been seen.
public struct PresentClasses: Sendable {
  /// The classes with rows, ascending; their places number them anew.
  public let classes: [Int32]
  /// The number of all classes.
  public let classCount: Int
  private let rowCount: Int

  /// Looks at labels in `0..<classCount`.
  public init(labels: [Int32], classCount: Int) {
    classes = Set(labels).sorted()
    self.classCount = classCount
    rowCount = labels.count
  }

  /// The number of classes with rows.
  public var count: Int { classes.count }

  /// The labels by the new numbers.
  public func renumbered(_ labels: [Int32]) -> [Int32] {
    var places = [Int32](repeating: -1, count: classCount)
    for (place, label) in classes.enumerated() { places[Int(label)] = Int32(place) }
    return labels.map { places[Int($0)] }
  }

  /// Writes logits `[Q, count]` of the present classes as logits `[Q, K]` of all.
  public func spread(_ logits: Matrix<Float>, into result: MutableMatrixView<Float>) {
    guard count < classCount else { return result.copy(logits.view) }
    let normalisers = logits.view.logSumExpRows()
    logits.view.withNumbers { numbers in
      for row in 0..<logits.rows {
        let target = result.row(row)
        target.update(repeating: Float(normalisers[row] - log(Double(rowCount + 1))))
        for (place, label) in classes.enumerated() {
          target[Int(label)] = numbers[row * count + place]
        }
      }
    }
  }
}
