internal import Documents
internal import Glibc

/// The SHA-256 of a file's bytes, or nil when it cannot be read.
func digestOfFile(_ path: String) -> Digest? {
  var hasher = Hasher256()
  guard forEachPiece(of: path, { hasher.update($0) }) else { return nil }
  return hasher.finish()
}

/// The text of a file, or nil when it cannot be read or is not UTF-8.
func textOfFile(_ path: String) -> String? {
  var bytes: [UInt8] = []
  guard forEachPiece(of: path, { bytes.append(contentsOf: $0) }) else { return nil }
  return String(validating: bytes, as: UTF8.self)
}

/// Reads a file in pieces of 1 MiB; false when reading fails.
private func forEachPiece(of path: String, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
  let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
  defer { piece.deallocate() }
  while true {
    let count = read(descriptor, piece.baseAddress, piece.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return count == 0 }
    body(UnsafeRawBufferPointer(rebasing: piece[..<count]))
  }
}
