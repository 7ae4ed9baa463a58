package import Documents
internal import Glibc
internal import Synchronization

/// The bytes of a plugin and of the libraries that come with it, taken once: what is hashed is what is
/// loaded, whatever becomes of the files meanwhile.
///
/// Each file is opened once and copied into a folder of this process; the digest is taken of the bytes
/// on their way into the copy, and workers load the copies.
package struct StagedPlugin: Sendable {
  struct Copy: Sendable {
    /// Where it lay, and where a worker in a room of its own finds it.
    var path: String
    /// Where the copy lies.
    var source: String
    var digest: Digest
  }

  /// The absolute path of the plugin file.
  package let path: String
  /// The digest of the plugin file alone where it comes alone, else of all files by name.
  package let digest: Digest
  /// The library that is loaded, then those that it needs and that are not the system's.
  let copies: [Copy]
  /// The system's libraries that it needs.
  let systemFiles: [String]
  /// Sentences on files that were not opened.
  let refusals: [String]
  let folder: String
  /// What a method in Python takes with it; nil for a library.
  let python: PythonMethod?

  /// Copies a plugin into `folder`, which is made; `executable` runs the workers, and `provided` are
  /// the names of the libraries that it has loaded.
  init(
    path: String, folder: String, executable: String, provided: Set<String>
  ) throws(PluginError) {
    self.path = path
    self.folder = folder
    try StagedPlugin.make(folder)
    var room = StagedPlugin.mostBytes
    // A method in Python is run by a library of Assay's own.
    python =
      PythonMethod.isNamed(by: path) ? try PythonMethod(path, folder: folder, &room) : nil
    let library =
      try python.map { _ throws(PluginError) in try PythonMethod.library(executable) }
      ?? path
    let first = try StagedPlugin.open(library)
    var copies = [try StagedPlugin.copy(first, library, into: folder, &room)]
    var search = LibrarySearch(provided: provided)
    let copy = try StagedPlugin.open(copies[0].source)
    guard let elf = ELFFile(copy.descriptor) else {
      throw PluginError(
        code: "dlopen", message: "'\(path)' is no shared library of this machine (64-bit ELF)")
    }
    search.add(neededBy: elf, at: library)
    for found in search.own {
      let name = lastName(of: found.path)
      guard !copies.contains(where: { lastName(of: $0.source) == name }) else { continue }
      copies.append(try StagedPlugin.copy(found.file, found.path, into: folder, &room))
    }
    self.copies = copies
    systemFiles = search.system
    refusals = search.refusals
    if copies.count == 1, python == nil {
      digest = copies[0].digest
    } else {
      var hasher = Hasher256()
      let lines = copies.map { "\(lastName(of: $0.path)) \($0.digest)\n" }
      for line in [lines[0]] + lines.dropFirst().sorted() + (python?.identity ?? []) {
        Array(line.utf8).withUnsafeBytes { hasher.update($0) }
      }
      digest = hasher.finish()
    }
  }

  /// The library that workers load: the plugin itself, or what runs a file in Python.
  var library: String { copies[0].path }

  private static func make(_ folder: String) throws(PluginError) {
    guard mkdir(folder, 0o755) == 0 else {
      throw PluginError(
        code: "unreadable",
        message: "cannot make the folder '\(folder)': \(String(cString: strerror(errno)))")
    }
  }

  static func open(_ path: String) throws(PluginError) -> LibraryFile {
    do {
      return try LibraryFile(path)
    } catch {
      let reason = if case .because(let reason) = error { reason } else { "it is not there" }
      throw PluginError(code: "unreadable", message: "cannot read '\(path)': \(reason)")
    }
  }

  /// No plugin is larger with all its libraries, and what grows for ever must not fill the disk.
  private static let mostBytes = 4 << 30

  /// Copies a file, of which holes stay holes, and takes its bytes from `room`.
  static func copy(
    _ file: LibraryFile, _ path: String, into folder: String, as name: String? = nil,
    _ room: inout Int
  ) throws(PluginError) -> Copy {
    let source = "\(folder)/\(name ?? lastName(of: path))"
    func problem(_ what: String) -> PluginError {
      PluginError(code: "unreadable", message: "cannot read '\(path)': \(what)")
    }
    guard file.byteCount <= room else { throw problem("it is larger than a library can be") }
    let target = Glibc.open(source, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o444)
    guard target >= 0 else { throw problem("no copy: \(String(cString: strerror(errno)))") }
    defer { close(target) }
    var hasher = Hasher256()
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    var total = 0
    while true {
      let count = read(file.descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw problem(String(cString: strerror(errno))) }
      if count == 0 { break }
      total += count
      guard total <= room else { throw problem("it is larger than a library can be") }
      buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      let isHole = buffer.withUnsafeBytes { bytes in
        bytes.baseAddress.map { $0.load(as: UInt8.self) == 0 && memcmp($0, $0 + 1, count - 1) == 0 }
      }
      let isWritten =
        isHole == true
        ? lseek(target, count, SEEK_CUR) >= 0 : writeAll(Array(buffer[..<count]), to: target)
      guard isWritten else { throw problem("no copy: \(String(cString: strerror(errno)))") }
    }
    guard ftruncate(target, total) == 0 else {
      throw problem("no copy: \(String(cString: strerror(errno)))")
    }
    room -= total
    return Copy(path: path, source: source, digest: hasher.finish())
  }
}

/// The plugins of one host, each taken once.
final class StagedPlugins: Sendable {
  private let known = Mutex<[String: Result<StagedPlugin, PluginError>]>([:])
  private let executable: String

  init(executable: String) { self.executable = executable }

  /// The plugin at `path`, taken now unless it was before.
  func plugin(_ path: String) throws(PluginError) -> StagedPlugin {
    let path = try PluginHost.resolve(path)
    let result = known.withLock { known -> Result<StagedPlugin, PluginError> in
      if let result = known[path] { return result }
      let result = take(path)
      known[path] = result
      return result
    }
    return try result.get()
  }

  private func take(_ path: String) -> Result<StagedPlugin, PluginError> {
    do throws(PluginError) {
      return .success(
        try StagedPlugin(
          path: path, folder: try RunFolder.shared.makeName(), executable: executable,
          provided: ProvidedLibraries.names(of: executable)))
    } catch {
      return .failure(error)
    }
  }
}

/// The libraries that a worker executable has loaded before any plugin, by name.
private enum ProvidedLibraries {
  static func names(of executable: String) -> Set<String> {
    let path = linkTarget(executable) ?? executable
    let descriptor = open(executable, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    guard let elf = ELFFile(descriptor) else { return [] }
    var search = LibrarySearch()
    search.add(neededBy: elf, at: path.hasPrefix("/") ? path : executable)
    return search.names
  }
}
