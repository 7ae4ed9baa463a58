internal import Glibc

/// A dataset's folder, which hands out paths only of files that lie inside it.
///
/// A manifest may come from a stranger, so that a path that is absolute, has a `..`, or leads out
/// through a link is refused, and so is everything but a regular file.
struct DatasetFolder: Sendable {
  /// The folder's path with all links resolved.
  let path: String

  /// Opens a folder; nil when it does not exist.
  init?(_ path: String) {
    guard let resolved = resolvedPath(path), fileKind(resolved) == S_IFDIR else { return nil }
    self.path = resolved
  }

  /// Why a path of the manifest is refused, as a sentence without the full stop.
  struct Refusal: Error { let message: String }

  /// Resolves a path of the manifest.
  func file(_ relative: String) throws(Refusal) -> String {
    let parts = relative.split(separator: "/", omittingEmptySubsequences: false)
    if relative.hasPrefix("/") {
      throw Refusal(
        message: "'\(relative)' is an absolute path; name a file of the dataset's folder")
    }
    if parts.contains("..") {
      throw Refusal(message: "'\(relative)' has '..' in it; name a file of the dataset's folder")
    }
    guard let resolved = resolvedPath("\(path)/\(relative)") else {
      throw Refusal(message: "there is no file '\(relative)' in \(path)")
    }
    guard resolved == path || resolved.hasPrefix(path == "/" ? path : "\(path)/") else {
      throw Refusal(
        message: "'\(relative)' leads out of the dataset's folder through a link, to \(resolved)")
    }
    guard fileKind(resolved) == S_IFREG else {
      throw Refusal(message: "'\(relative)' is not a regular file")
    }
    return resolved
  }
}

/// The absolute path without links, or nil when nothing is there.
private func resolvedPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

private func fileKind(_ path: String) -> mode_t? {
  var information = stat()
  guard stat(path, &information) == 0 else { return nil }
  return information.st_mode & S_IFMT
}
