internal import LinearAlgebra
internal import Tensors

extension Variable {
  /// The sum of all numbers, shape `[]`.
  public func sum() -> Variable { sum(axes: Array(shape.extents.indices)) }

  /// The mean of all numbers, shape `[]`.
  public func mean() -> Variable {
    precondition(count > 0, "there is no mean of \(shape)")
    return sum() * (1 / Float(count))
  }

  /// The sums along axes, which go, or stay with extent 1; negative axes count from the end.
  public func sum(axes: [Int], keepingAxes: Bool = false) -> Variable {
    let axes = Set(axes.map(resolved))
    let kept = shape.extents.indices.map { axes.contains($0) ? 1 : shape[$0] }
    let walk = StridedWalk(extents: shape.extents)
    let (own, target) = (StridedWalk.compact(shape.extents), walk.strides(of: Shape(kept)))
    let result =
      keepingAxes ? kept : shape.extents.indices.filter { !axes.contains($0) }.map { shape[$0] }
    return tape.record(Shape(result), of: [self]) { sums in
      sums.update(repeating: 0, count: kept.reduce(1, *))
      walk.run(into: (sums, target), (address, own), adds: true)
    } walk: { gradient in
      addGradient { walk.run(into: ($0, own), (gradient, target), adds: $1) }
    }
  }

  /// The means along axes, which go, or stay with extent 1.
  public func mean(axes: [Int], keepingAxes: Bool = false) -> Variable {
    let number = Set(axes.map(resolved)).reduce(1) { $0 * shape[$1] }
    precondition(number > 0, "there is no mean along \(axes) of \(shape)")
    return sum(axes: axes, keepingAxes: keepingAxes) * (1 / Float(number))
  }

  /// The largest number of each row of `[..., K]`; of equal ones the first gets the gradient.
  public func max() -> Variable {
    let width = shape[resolved(-1)]
    precondition(width > 0, "there is no largest number in rows of \(shape)")
    return picked(
      withNumbers { numbers in
        (0..<count / width).map { row in
          Int32(
            UnsafeBufferPointer(rebasing: numbers[row * width..<(row + 1) * width]).indexOfMaximum)
        }
      })
  }
}
