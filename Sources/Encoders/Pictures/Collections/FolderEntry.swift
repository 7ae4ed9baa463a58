internal import Glibc

/// What lies in a folder; links are followed.
struct FolderEntry {
  enum Kind { case folder, file, other }

  var name: String
  var path: String
  var kind: Kind
  /// Which file it is, whatever leads to it.
  var identity: Identity

  struct Identity: Hashable {
    var device: UInt64
    var number: UInt64
  }

  static func kind(of path: String) -> Kind { status(path).0 }

  static func identity(of path: String) -> Identity { status(path).1 }

  private static func status(_ path: String) -> (Kind, Identity) {
    var status = stat()
    guard stat(path, &status) == 0 else { return (.other, Identity(device: 0, number: 0)) }
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFDIR: .folder
      case S_IFREG: .file
      default: .other
      }
    return (kind, Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino)))
  }

  /// The entries of a folder but those that are hidden, sorted by their names; nil where it cannot
  /// be read.
  static func all(in folder: String) -> [FolderEntry]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.precedes($1) }.map { name in
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      let (kind, identity) = status(path)
      return FolderEntry(name: name, path: path, kind: kind, identity: identity)
    }
  }
}
