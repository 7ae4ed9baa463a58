internal import CSystem
internal import Glibc
internal import Tensors

/// A step that the system refused, as a sentence.
struct SystemError: Error, CustomStringConvertible {
  let description: String
  init(_ step: String, _ code: Int32) {
    description = "\(step): \(String(cString: strerror(abs(code))))"
  }
}

/// An anonymous file that is closed with its last user.
final class AnonymousFile: Sendable {
  let descriptor: Int32
  let byteCount: Int
  /// Whether several trials may be handed these bytes.
  let isShared: Bool

  /// Makes a zeroed file whose size is settled at once, so that nobody can shrink it under a reader.
  init(name: String, byteCount: Int, isShared: Bool = false) throws(SystemError) {
    self.isShared = isShared
    let descriptor = assay_shim_memfd(name)
    guard descriptor >= 0 else { throw SystemError("cannot make shared memory", descriptor) }
    self.descriptor = descriptor
    self.byteCount = byteCount
    guard ftruncate(descriptor, byteCount) == 0 else {
      throw SystemError("cannot make \(byteCount) bytes of shared memory", errno)
    }
    let sealed = assay_shim_seal_size(descriptor)
    guard sealed == 0 else { throw SystemError("cannot seal shared memory", sealed) }
  }

  deinit { close(descriptor) }

  /// Lends part of the file as writable memory.
  ///
  /// `offset` is a multiple of the page size.
  func withWritableBytes<R>(
    offset: Int = 0, count: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> R
  ) throws -> R {
    guard count > 0 else { return try body(UnsafeMutableRawBufferPointer(start: nil, count: 0)) }
    let base = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, offset)
    guard let base, base != MAP_FAILED else {
      throw SystemError("cannot map \(count) bytes of shared memory", errno)
    }
    defer { munmap(base, count) }
    return try body(UnsafeMutableRawBufferPointer(start: base, count: count))
  }

  /// Maps part of the file for reading, as storage that lives on its own.
  func mapped(offset: Int, count: Int) throws(SystemError) -> TensorStorage {
    let base = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, offset)
    guard let base, base != MAP_FAILED else {
      throw SystemError("cannot map \(count) bytes of shared memory", errno)
    }
    return TensorStorage(base: base, byteCount: count) { base, count in munmap(base, count) }
  }
}

extension AnonymousFile {
  /// Writes a source into memory that can never change again.
  static func sealed(_ source: TensorSource) throws -> AnonymousFile {
    let count = source.shape.count * source.dtype.size
    let file = try AnonymousFile(
      name: "assay-input", byteCount: count, isShared: source.sharingKey != nil)
    try file.withWritableBytes(count: count) { try source.write($0) }
    let sealed = assay_shim_seal_contents(file.descriptor)
    guard sealed == 0 else { throw SystemError("cannot seal shared memory", sealed) }
    return file
  }
}

/// The size of a page, on which every mapping begins.
let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

/// Rounds up to a multiple of `unit`.
func rounded(_ count: Int, up unit: Int) -> Int { (count + unit - 1) / unit * unit }
