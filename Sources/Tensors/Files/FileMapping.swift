internal import Documents
internal import Glibc

extension TensorStorage {
  /// Maps a regular file into memory, read-only.
  ///
  /// The size is taken once, when the file is mapped. A file that another process cuts short later
  /// ends the program with SIGBUS at the first missing page, as with every mapping: replace array
  /// files by renaming, as Assay's writers do, and never cut them in place.
  package static func mapping(
    _ path: String, followingLinks: Bool = true
  ) throws(TensorError) -> TensorStorage {
    func failure(_ action: String) -> TensorError {
      let isLink = !followingLinks && errno == ELOOP
      let reason = isLink ? "it is a symbolic link" : String(cString: strerror(errno))
      return TensorError("\(action): \(reason)", path: path)
    }
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
    let descriptor = open(path, flags)
    guard descriptor >= 0 else { throw failure("cannot be opened") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot be examined") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw TensorError("is not a regular file, so it cannot be mapped into memory", path: path)
    }
    let size = Int(status.st_size)
    guard size > 0 else { throw TensorError("is empty", path: path) }
    guard let base = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED
    else { throw failure("cannot be mapped into memory") }
    return TensorStorage(base: base, byteCount: size) { base, size in munmap(base, size) }
  }

  /// The bytes; valid as long as the storage.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }
}

extension Tensor {
  /// A view of mapped bytes, or a copy where they do not lie on a border of the element type.
  static func viewing(
    _ storage: TensorStorage, from offset: Int, dtype: DType, shape: Shape
  ) -> Tensor {
    guard !offset.isMultiple(of: dtype.size) else {
      return Tensor(dtype: dtype, shape: shape, storage: storage, byteOffset: offset)
    }
    let end = offset + shape.count * dtype.size
    return Tensor(dtype: dtype, shape: shape) { target in
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage.bytes[offset..<end]))
    }
  }
}

/// Writes a header and tensors to a file that appears whole or not at all.
func writeFile(_ path: String, header: [UInt8], tensors: [Tensor]) throws(TensorError) {
  do {
    try AtomicFile.write(to: path) { (sink) throws(AtomicFile.Failure) in
      try sink.write(header)
      for tensor in tensors {
        try tensor.withBytes { (bytes) throws(AtomicFile.Failure) in try sink.write(bytes) }
      }
    }
  } catch {
    throw TensorError(error.description, path: path)
  }
}
