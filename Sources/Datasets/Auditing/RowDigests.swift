internal import Synchronization
internal import Tensors

extension DatasetArray {
  /// What stands for the numbers of each row, computed once in a process for each file.
  func digests(roundedTo grid: DType) -> [RowDigest] {
    // Rounding to the type that the numbers have is none.
    let grid = grid == dtype ? DType.f32 : grid
    guard let contentKey else { return computedDigests(grid) }
    let key = "\(contentKey) \(grid.rawValue)"
    if let known = cache.withLock({ $0[key] }) { return known }
    let digests = computedDigests(grid)
    cache.withLock { $0[key] = digests }
    return digests
  }

  private func computedDigests(_ grid: DType) -> [RowDigest] {
    (try? RowReader(tensor))?.digests(rows: rows, roundedTo: grid) ?? []
  }

  /// The squared length of each vector along the last axis.
  var squares: [Double] {
    guard shape.rank > 2 else { return (try? RowReader(tensor))?.squares(rows: rows) ?? [] }
    let width = shape[shape.rank - 1]
    let count = shape.extents.dropFirst().dropLast().reduce(1, *)
    let flat = Tensor(
      dtype: tensor.dtype, shape: [tensor.shape[0] * count, width], storage: tensor.storage,
      byteOffset: tensor.byteOffset)
    return (try? RowReader(flat))?.squares(
      rows: rows.map { $0.flatMap { row in (0..<count).map { row * count + $0 } } }) ?? []
  }
}

/// Datasets are opened anew for every suite of a run; their files do not change meanwhile.
private let cache = Mutex<[String: [RowDigest]]>([:])

/// The type in which rows of two types are compared: the narrower one.
func commonGrid(_ left: DType, _ right: DType) -> DType {
  for narrow in [DType.bf16, .f16] where left == narrow || right == narrow { return narrow }
  return .f32
}
