internal import Tensors

extension Variable {
  /// The sum; shapes that differ are repeated along axes of extent 1, aligned at the last.
  public static func + (left: Variable, right: Variable) -> Variable {
    left.sum(with: right, scale: 1)
  }

  /// The difference.
  public static func - (left: Variable, right: Variable) -> Variable {
    left.sum(with: right, scale: -1)
  }

  /// The product, number by number.
  public static func * (left: Variable, right: Variable) -> Variable {
    left.product(with: right)
  }

  /// The quotient, number by number.
  public static func / (left: Variable, right: Variable) -> Variable {
    left * right.reciprocal()
  }

  /// Adds a number.
  public static func + (left: Variable, right: Float) -> Variable {
    left + left.tape.constant(right)
  }

  /// Subtracts from a number.
  public static func - (left: Float, right: Variable) -> Variable { -right + left }

  /// Multiplies by a number.
  public static func * (left: Variable, right: Float) -> Variable { left.scaled(by: right) }

  /// Changes the sign.
  public static prefix func - (right: Variable) -> Variable { right.scaled(by: -1) }

  /// Multiplies by a number.
  public func scaled(by factor: Float) -> Variable {
    let walk = StridedWalk(extents: [count])
    return tape.record(shape, of: [self]) {
      walk.run(into: ($0, [1]), (address, [1]), scale: factor, adds: false)
    } walk: { gradient in
      addGradient { walk.run(into: ($0, [1]), (gradient, [1]), scale: factor, adds: $1) }
    }
  }

  /// The shape of both operands repeated, and the walk over it.
  private func common(_ other: Variable) -> (shape: Shape, walk: StridedWalk) {
    guard let shape = broadcast(shape, other.shape) else {
      preconditionFailure("the shapes \(self.shape) and \(other.shape) do not go together")
    }
    return (shape, StridedWalk(extents: shape.extents))
  }

  private func sum(with other: Variable, scale: Float) -> Variable {
    let (shape, walk) = common(other)
    let strides = StridedWalk.compact(shape.extents)
    return tape.record(shape, of: [self, other]) { result in
      walk.run(into: (result, strides), (address, walk.strides(of: self.shape)), adds: false)
      walk.run(
        into: (result, strides), (other.address, walk.strides(of: other.shape)), scale: scale,
        adds: true)
    } walk: { gradient in
      other.addSums(walk, (gradient, strides), scale: scale)
      if self.shape == shape {
        takeGradient(gradient)
      } else {
        addSums(walk, (gradient, strides))
      }
    }
  }

  private func product(with other: Variable) -> Variable {
    let (shape, walk) = common(other)
    let strides = StridedWalk.compact(shape.extents)
    let (mine, theirs) = (walk.strides(of: self.shape), walk.strides(of: other.shape))
    return tape.record(shape, of: [self, other]) {
      walk.run(into: ($0, strides), (address, mine), (other.address, theirs), adds: false)
    } walk: { gradient in
      addSums(walk, (gradient, strides), times: (other.address, theirs))
      other.addSums(walk, (gradient, strides), times: (address, mine))
    }
  }

  /// Adds the numbers of a walk to the gradient, summed where this array was repeated.
  private func addSums(
    _ walk: StridedWalk, _ numbers: StridedWalk.Walked, times factors: StridedWalk.Walked? = nil,
    scale: Float = 1
  ) {
    let strides = walk.strides(of: shape)
    let isRepeated = shape.count != walk.extents.reduce(1, *)
    addGradient { to, adds in
      if isRepeated && !adds { to.update(repeating: 0, count: count) }
      walk.run(
        into: (to, strides), numbers, factors, scale: scale, adds: adds || isRepeated)
    }
  }
}
