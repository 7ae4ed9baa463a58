internal import Glibc

/// A file that appears whole or not at all.
package enum AtomicFile {
  /// A failed system call.
  package struct Failure: Error, Equatable, CustomStringConvertible {
    package var action: String
    package var code: Int32
    package var description: String { "\(action): \(String(cString: strerror(code)))" }
  }

  /// Takes bytes in pieces.
  package struct Sink: ~Copyable {
    fileprivate let descriptor: Int32

    package func write(_ bytes: [UInt8]) throws(Failure) {
      try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
        try write(UnsafeRawBufferPointer(bytes))
      }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = UnsafeRawBufferPointer(rebasing: rest)
        let written = Glibc.write(descriptor, piece.baseAddress, piece.count)
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if errno != EINTR {
          throw Failure(action: "cannot write", code: errno)
        }
      }
    }
  }

  /// Writes a file beside `path`, syncs it to the disk, and renames it to `path`.
  ///
  /// A symbolic link is followed. What is no regular file, such as `/dev/stdout`, is written to in
  /// place, for renaming would replace it.
  package static func write(
    to path: String, _ body: (borrowing Sink) throws(Failure) -> Void
  ) throws(Failure) {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Failure(action: "cannot open", code: errno) }
      defer { close(descriptor) }
      return try body(Sink(descriptor: descriptor))
    }
    let target = exists ? resolved(path) : path
    let (temporary, descriptor) = try makeTemporary(beside: target)
    do throws(Failure) {
      defer { close(descriptor) }
      if exists { fchmod(descriptor, status.st_mode & 0o7777) }
      try body(Sink(descriptor: descriptor))
      guard fsync(descriptor) == 0 else { throw Failure(action: "cannot sync", code: errno) }
      guard rename(temporary, target) == 0 else {
        throw Failure(action: "cannot rename the finished file", code: errno)
      }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(of: target)
  }

  private static func makeTemporary(
    beside path: String
  ) throws(Failure) -> (path: String, descriptor: Int32) {
    while true {
      let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let temporary = "\(path).\(suffix).tmp"
      // Unlike `mkstemp`, this leaves the permissions to the umask.
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (temporary, descriptor) }
      guard errno == EEXIST else { throw Failure(action: "cannot create", code: errno) }
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes the rename itself durable; a file system that cannot do so is no error.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
