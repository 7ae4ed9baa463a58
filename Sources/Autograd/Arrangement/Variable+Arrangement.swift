public import Tensors

extension Variable {
  /// The same numbers under another shape, without a copy; one extent may be -1, which is worked
  /// out.
  public func reshaped(_ extents: Int...) -> Variable { reshaped(Shape(extents)) }

  /// The same numbers under another shape, without a copy.
  public func reshaped(_ shape: Shape) -> Variable {
    var extents = shape.extents
    if let open = extents.firstIndex(of: -1) {
      let others = extents.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
      extents[open] = others == 0 ? 0 : count / others
    }
    precondition(
      extents.reduce(1, *) == count, "\(self.shape) cannot become \(shape): other element counts")
    return tape.record(Shape(extents), at: address, of: [self]) { takeGradient($0) }
  }

  /// The axes in another order: axis `i` of the result is axis `axes[i]` of this.
  public func permuted(_ axes: Int...) -> Variable {
    let extents = shape.extents
    precondition(
      axes.sorted() == Array(extents.indices), "\(axes) does not name each axis of \(shape) once")
    let result = axes.map { extents[$0] }
    let own = StridedWalk.compact(extents)
    let strides = axes.map { own[$0] }
    let walk = StridedWalk(extents: result)
    let compact = StridedWalk.compact(result)
    return tape.record(Shape(result), of: [self]) {
      walk.run(into: ($0, compact), (address, strides), adds: false)
    } walk: { gradient in
      addGradient { walk.run(into: ($0, strides), (gradient, compact), adds: $1) }
    }
  }

  /// The matrices `[..., M, N]` as `[..., N, M]`.
  public func transposed() -> Variable {
    precondition(shape.rank >= 2, "\(shape) has no matrices to transpose")
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let leading = Array(shape.extents.dropLast(2))
    return reshaped(Shape([leading.reduce(1, *), rows, columns])).permuted(0, 2, 1)
      .reshaped(Shape(leading + [columns, rows]))
  }

  /// The part of a range along an axis; negative axes count from the end.
  public func slice(_ range: Range<Int>, axis: Int = 0) -> Variable {
    let axis = resolved(axis)
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "\(range) is not a part of axis \(axis) of \(shape)")
    var extents = shape.extents
    extents[axis] = range.count
    let strides = StridedWalk.compact(shape.extents)
    let walk = StridedWalk(extents: extents)
    let compact = StridedWalk.compact(extents)
    let start = range.lowerBound * strides[axis]
    return tape.record(Shape(extents), of: [self]) {
      walk.run(into: ($0, compact), (address + start, strides), adds: false)
    } walk: { gradient in
      addToGradient { walk.run(into: ($0 + start, strides), (gradient, compact), adds: true) }
    }
  }

  /// The array repeated to a shape along axes of extent 1 and new leading ones.
  public func repeated(to shape: Shape) -> Variable {
    precondition(
      broadcast(self.shape, shape) == shape, "\(self.shape) cannot be repeated to \(shape)")
    let walk = StridedWalk(extents: shape.extents)
    let (own, compact) = (walk.strides(of: self.shape), StridedWalk.compact(shape.extents))
    return tape.record(shape, of: [self]) {
      walk.run(into: ($0, compact), (address, own), adds: false)
    } walk: { gradient in
      addToGradient { walk.run(into: ($0, own), (gradient, compact), adds: true) }
    }
  }

  /// An axis counted from the front.
  func resolved(_ axis: Int) -> Int {
    let place = axis < 0 ? axis + shape.rank : axis
    precondition(shape.extents.indices.contains(place), "\(shape) has no axis \(axis)")
    return place
  }
}

extension Tape {
  /// Arrays one after the other along an axis; their other extents agree.
  ///
  ///     let tokens = tape.concatenate([classToken, patches], axis: 1)
  public func concatenate(_ parts: [Variable], axis: Int = 0) -> Variable {
    precondition(!parts.isEmpty, "nothing to concatenate")
    let axis = parts[0].resolved(axis)
    var extents = parts[0].shape.extents
    for part in parts.dropFirst() {
      var others = part.shape.extents
      precondition(others.count == extents.count, "parts of different rank")
      extents[axis] += others[axis]
      others[axis] = extents[axis]
      precondition(
        others == extents, "\(part.shape) does not go with \(parts[0].shape) along axis \(axis)")
    }
    let strides = StridedWalk.compact(extents)
    var start = 0
    let pieces = parts.map { part in
      defer { start += part.shape[axis] * strides[axis] }
      return (
        part: part, start: start, walk: StridedWalk(extents: part.shape.extents),
        own: StridedWalk.compact(part.shape.extents)
      )
    }
    return record(Shape(extents), of: parts) { result in
      for piece in pieces {
        piece.walk.run(
          into: (result + piece.start, strides), (piece.part.address, piece.own), adds: false)
      }
    } walk: { gradient in
      for piece in pieces {
        piece.part.addGradient {
          piece.walk.run(
            into: ($0, piece.own), (gradient + piece.start, strides), adds: $1)
        }
      }
    }
  }

  /// Arrays of one shape along a new first axis.
  public func stack(_ parts: [Variable]) -> Variable {
    concatenate(parts.map { $0.reshaped(Shape([1] + $0.shape.extents)) })
  }
}
