extension Tensor {
  /// Maps a `.npy` file, version 1, 2 or 3; the elements stay in the file until they are used.
  ///
  /// Element types: `f2 f4 f8`, `i1` to `i8`, `u1` to `u8` and `?`, little-endian, row-major.
  package static func reading(
    npy path: String, followingLinks: Bool = true
  ) throws(TensorError) -> Tensor {
    let storage = try TensorStorage.mapping(path, followingLinks: followingLinks)
    do { return try viewing(npy: storage) } catch { throw error.about(path) }
  }

  /// Takes over the bytes of a whole `.npy` file.
  package static func reading(npy bytes: [UInt8]) throws(TensorError) -> Tensor {
    let storage = TensorStorage(zeroed: bytes.count)
    UnsafeMutableRawBufferPointer(start: storage.base, count: bytes.count).copyBytes(from: bytes)
    return try viewing(npy: storage)
  }

  private static func viewing(npy storage: TensorStorage) throws(TensorError) -> Tensor {
    let header = try NPYHeader(storage.bytes)
    let wanted = header.shape.count * header.dtype.size
    let found = storage.byteCount - header.dataOffset
    guard found == wanted else {
      let kind = found < wanted ? "is cut short" : "has bytes after its array"
      throw TensorError(
        "\(kind): \(header.dtype.rawValue) \(header.shape) takes \(wanted) bytes, but \(found) "
          + "follow the header")
    }
    return .viewing(
      storage, from: header.dataOffset, dtype: header.dtype, shape: header.shape)
  }

  /// Writes a `.npy` file of version 1.0; the file appears whole or not at all.
  package func writeNPY(to path: String) throws(TensorError) {
    let header: [UInt8]
    do {
      header = try npyHeader()
    } catch {
      throw error.about(path)
    }
    try writeFile(path, header: header, tensors: [self])
  }

  /// The bytes that stand before the elements in the tensor's `.npy` file.
  package func npyHeader() throws(TensorError) -> [UInt8] { try NPYHeader.bytes(dtype, shape) }

  /// The bytes that stand before the elements of an array that is written piece by piece.
  package static func npyHeader(
    _ dtype: DType, _ shape: Shape
  ) throws(TensorError) -> [UInt8] { try NPYHeader.bytes(dtype, shape) }
}
