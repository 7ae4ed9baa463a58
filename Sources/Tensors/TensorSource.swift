/// A tensor that is not made yet: its name, its form, and how to write it into given memory.
///
/// The host writes each source once, straight into the sealed memory that a worker maps, so slicing,
/// converting and normalising cost one pass and no further copy.
package struct TensorSource: Sendable {
  package let name: String
  package let dtype: DType
  package let shape: Shape
  /// Equal keys promise equal bytes, so that workers may share one sealed copy; nil: never shared.
  package let sharingKey: String?
  /// Fills exactly `shape.count * dtype.size` bytes.
  package let write: @Sendable (UnsafeMutableRawBufferPointer) throws -> Void

  package init(
    name: String, dtype: DType, shape: Shape, sharingKey: String? = nil,
    write: @escaping @Sendable (UnsafeMutableRawBufferPointer) throws -> Void
  ) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.sharingKey = sharingKey
    self.write = write
  }

  /// A source that copies an existing tensor.
  package init(name: String, tensor: Tensor, sharingKey: String? = nil) {
    self.init(
      name: name, dtype: tensor.dtype, shape: tensor.shape, sharingKey: sharingKey
    ) { bytes in tensor.withBytes { bytes.copyMemory(from: $0) } }
  }
}
