internal import CZlib
internal import Tensors

/// A file that may be compressed with gzip.
enum GzipFile {
  /// The bytes of a file, unpacked where they are packed; more than `limit` bytes are refused.
  static func read(_ path: String, limit: Int) throws(TensorError) -> [UInt8] {
    // The mapping names a file that is missing, empty or none.
    _ = try TensorStorage.mapping(path)
    guard let file = gzopen(path, "rb") else {
      throw TensorError("cannot be opened", path: path)
    }
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = gzread(file, &part, UInt32(part.count))
      guard count >= 0 else {
        throw TensorError("is packed with gzip, but its data is broken", path: path)
      }
      if count == 0 { break }
      bytes += part[..<Int(count)]
      guard bytes.count <= limit else {
        throw TensorError("unpacks to more than \(limit) bytes, too many for its kind", path: path)
      }
    }
    var status: Int32 = 0
    _ = gzerror(file, &status)
    guard status == Z_OK || status == Z_STREAM_END else {
      throw TensorError("is packed with gzip, but ends within its data", path: path)
    }
    return bytes
  }
}
