internal import CKernels
internal import Tensors

/// One walk over arrays at any strides: `out = scale a b`, written or added.
///
/// Broadcasting, sums over axes, slices and permutations are all of this form. An axis along which
/// an array repeats has the stride 0.
struct StridedWalk {
  let extents: [Int]

  /// The strides of a compact array.
  static func compact(_ extents: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in stride(from: extents.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * extents[axis + 1]
    }
    return strides
  }

  /// The strides of an array that is repeated to the extents, aligned at the last axis.
  func strides(of shape: Shape) -> [Int] {
    let missing = extents.count - shape.rank
    let own = StridedWalk.compact(shape.extents)
    return extents.indices.map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }

  /// An array with the strides by which it is walked.
  typealias Walked = (address: UnsafeMutablePointer<Float>, strides: [Int])

  /// Runs the walk.
  func run(into out: Walked, _ a: Walked, _ b: Walked? = nil, scale: Float = 1, adds: Bool) {
    guard !extents.contains(0) else { return }
    var merged: [Axis] = []
    for axis in extents.indices where extents[axis] != 1 {
      let next = Axis(
        extent: extents[axis], out: out.strides[axis], a: a.strides[axis],
        b: b?.strides[axis] ?? 0)
      // Axes that follow each other in every array are one.
      if let last = merged.last, last.isContinued(by: next) {
        merged[merged.count - 1] = next.lengthened(by: last.extent)
      } else {
        merged.append(next)
      }
    }
    if merged.isEmpty { merged = [Axis(extent: 1, out: 1, a: 1, b: 1)] }
    precondition(
      merged.count <= Int(ASSAY_SHIM_MAXIMUM_RANK), "arrays have at most 8 axes in different order")
    assay_shim_strided(
      merged.count, merged.map(\.extent), out.address, merged.map(\.out), a.address,
      merged.map(\.a), b?.address, b == nil ? nil : merged.map(\.b), scale, adds ? 1 : 0)
  }

  private struct Axis {
    let extent, out, a, b: Int

    func isContinued(by next: Axis) -> Bool {
      out == next.out * next.extent && a == next.a * next.extent && b == next.b * next.extent
    }

    func lengthened(by factor: Int) -> Axis {
      Axis(extent: extent * factor, out: out, a: a, b: b)
    }
  }
}

/// The shape that two shapes are repeated to, aligned at their last axes; nil where they differ.
func broadcast(_ left: Shape, _ right: Shape) -> Shape? {
  let rank = max(left.rank, right.rank)
  var extents: [Int] = []
  for axis in 0..<rank {
    let a = axis < rank - left.rank ? 1 : left[axis - rank + left.rank]
    let b = axis < rank - right.rank ? 1 : right[axis - rank + right.rank]
    guard a == b || a == 1 || b == 1 else { return nil }
    extents.append(a == 1 ? b : a)
  }
  return Shape(extents)
}
