/// Memory that a tensor lies in: a file mapping, or an allocation; freed with the last tensor on it.
///
/// Unsafe invariant: `base` stays valid and unchanged in size until `release` runs in `deinit`.
package final class TensorStorage: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer?
  package let byteCount: Int
  private let release: @Sendable (UnsafeMutableRawPointer?, Int) -> Void

  package init(
    base: UnsafeMutableRawPointer?, byteCount: Int,
    release: @escaping @Sendable (UnsafeMutableRawPointer?, Int) -> Void
  ) {
    self.base = base
    self.byteCount = byteCount
    self.release = release
  }

  /// Allocates zeroed memory on a 64-byte border.
  package convenience init(zeroed byteCount: Int) {
    let base = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    self.init(base: base, byteCount: byteCount) { pointer, _ in pointer?.deallocate() }
  }

  deinit { release(base, byteCount) }
}

/// A compact, row-major, immutable array of numbers `[d0, d1, ...]`.
///
/// A tensor is a view: copies share memory, and the memory may be a mapped file.
package struct Tensor: Sendable {
  package let dtype: DType
  package let shape: Shape
  package let storage: TensorStorage
  package let byteOffset: Int

  package init(dtype: DType, shape: Shape, storage: TensorStorage, byteOffset: Int = 0) {
    precondition(byteOffset + shape.count * dtype.size <= storage.byteCount)
    self.dtype = dtype
    self.shape = shape
    self.storage = storage
    self.byteOffset = byteOffset
  }

  /// Makes a tensor by filling new memory, which starts zeroed.
  package init(
    dtype: DType, shape: Shape, fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    let bytes = shape.count * dtype.size
    let storage = TensorStorage(zeroed: bytes)
    try fill(UnsafeMutableRawBufferPointer(start: storage.base, count: bytes))
    self.init(dtype: dtype, shape: shape, storage: storage)
  }

  /// Makes an f32 tensor of the given values.
  package init(_ values: [Float], shape: Shape) {
    precondition(values.count == shape.count)
    self.init(dtype: .f32, shape: shape) { bytes in values.withUnsafeBytes(bytes.copyMemory) }
  }

  /// Makes an i32 tensor of the given values.
  package init(_ values: [Int32], shape: Shape) {
    precondition(values.count == shape.count)
    self.init(dtype: .i32, shape: shape) { bytes in values.withUnsafeBytes(bytes.copyMemory) }
  }

  /// Joins tensors of one type along their first axis; all but that axis must agree.
  package init(concatenating parts: [Tensor]) {
    precondition(!parts.isEmpty && parts.allSatisfy { $0.dtype == parts[0].dtype })
    let rows = parts.reduce(0) { $0 + $1.shape[0] }
    self.init(
      dtype: parts[0].dtype, shape: Shape([rows] + parts[0].shape.extents.dropFirst())
    ) { bytes in
      var place = 0
      for part in parts {
        part.withBytes { source in
          UnsafeMutableRawBufferPointer(rebasing: bytes[place..<place + source.count])
            .copyMemory(from: source)
          place += source.count
        }
      }
    }
  }

  package var count: Int { shape.count }
  package var byteCount: Int { shape.count * dtype.size }

  /// Lends the bytes for the time of the call.
  package func withBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    let start = storage.base.map { UnsafeRawPointer($0 + byteOffset) }
    let count = byteCount
    let result = try body(UnsafeRawBufferPointer(start: count == 0 ? nil : start, count: count))
    withExtendedLifetime(storage) {}
    return result
  }

  /// Lends the elements as `T`, whose size must be that of `dtype`.
  package func withElements<T: BitwiseCopyable, R, E: Error>(
    of type: T.Type, _ body: (UnsafeBufferPointer<T>) throws(E) -> R
  ) throws(E) -> R {
    precondition(MemoryLayout<T>.size == dtype.size, "\(T.self) is not the element of \(dtype)")
    return try withBytes { (bytes) throws(E) -> R in
      try body(bytes.assumingMemoryBound(to: T.self))
    }
  }
}
