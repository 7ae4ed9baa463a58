internal import Glibc

/// A library file, opened once: a regular file that was reached without following a link.
final class LibraryFile {
  let descriptor: Int32
  /// The size when it was opened.
  let byteCount: Int

  /// Why a path opens no library.
  enum Refusal: Error {
    case absent
    case because(String)
  }

  /// The most names in a row within one folder, as in `libx.so -> libx.so.1 -> libx.so.1.2`.
  private static let mostNames = 4

  /// Opens the file at `path`.
  ///
  /// A link counts only as another name of a file in the same folder; it leads nowhere else.
  init(_ path: String) throws(Refusal) {
    var path = path
    for _ in 0..<LibraryFile.mostNames {
      // Not blocking, for a pipe would wait here for a writer.
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      if descriptor >= 0 {
        self.descriptor = descriptor
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        byteCount = Int(status.st_size)
        guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
          throw .because("it is no regular file")
        }
        return
      }
      let code = errno
      guard code == ELOOP else {
        throw code == ENOENT || code == ENOTDIR
          ? .absent : .because(String(cString: strerror(code)))
      }
      guard let target = linkTarget(path), !target.isEmpty, !target.contains("/"), target != "..",
        target != "."
      else { throw .because("it is a link that leads out of its folder") }
      path = folder(of: path) + "/" + target
    }
    throw .because("it is a link to a link to a link")
  }

  deinit { close(descriptor) }
}

/// Where a link leads; nil for no link.
func linkTarget(_ path: String) -> String? {
  var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let count = buffer.withUnsafeMutableBytes { bytes in
    bytes.baseAddress.map {
      readlink(path, $0.assumingMemoryBound(to: CChar.self), bytes.count)
    } ?? -1
  }
  return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
}

/// The folder that a path lies in.
func folder(of path: String) -> String {
  path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
}

/// The last name of a path.
func lastName(of path: String) -> String {
  path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
}

/// An absolute path without `.`, `..` and empty names, by its letters alone.
func normalised(_ path: String) -> String {
  var names: [Substring] = []
  for name in path.split(separator: "/") where name != "." {
    if name == ".." { _ = names.popLast() } else { names.append(name) }
  }
  return "/" + names.joined(separator: "/")
}
