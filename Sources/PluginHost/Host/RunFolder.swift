internal import CSystem
internal import Glibc
internal import Synchronization

/// The folder of this process under the system's folder for temporary files: copies of plugins and
/// the workers' scratch folders.
///
/// It is locked for as long as the process lives. One whose lock is free was left by a process that
/// was killed, and goes when the next one starts.
final class RunFolder: Sendable {
  let path: String
  private let lock: Int32

  private static let prefix = "assay-run-"
  private static let lockName = "lock"
  /// A folder without a lock is one that is just being made, unless it is older than this.
  private static let graceSeconds = 600

  private static let made: Result<RunFolder, SystemError> = Result { () throws(SystemError) in
    let folder = try RunFolder(in: parent)
    atexit { if let folder = try? RunFolder.made.get() { folder.remove() } }
    return folder
  }

  /// The folder of this process, made on first use.
  static var shared: RunFolder {
    get throws(PluginError) {
      do {
        return try made.get()
      } catch {
        throw PluginError(code: "host", message: error.description)
      }
    }
  }

  /// ST_NOEXEC, which the C library shows with GNU extensions only.
  private static let noExecution: UInt = 8

  /// `TMPDIR` or /tmp, or the next best where libraries may not be loaded from there.
  private static var parent: String {
    let first = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let others = ["/var/tmp", PluginHost.userCacheFolder, "/dev/shm"].compactMap(\.self)
    return ([first] + others).first { folder in
      var status = statvfs()
      return statvfs(folder, &status) == 0 && status.f_flag & noExecution == 0
        && access(folder, W_OK | X_OK) == 0
    } ?? first
  }

  private init(in parent: String) throws(SystemError) {
    RunFolder.sweep(parent)
    while true {
      var template = Array("\(parent)/\(RunFolder.prefix)XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil, let resolved = realpath(template, nil) else {
        throw SystemError("cannot make a folder in '\(parent)'", errno)
      }
      let path = String(cString: resolved)
      free(resolved)
      let name = "\(path)/\(RunFolder.lockName)"
      let lock = open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
      guard lock >= 0 else { throw SystemError("cannot make '\(name)'", errno) }
      // Another process that sweeps may have come in between; then its folder is gone.
      if flock(lock, LOCK_EX | LOCK_NB) == 0 && access(name, F_OK) == 0 {
        self.path = path
        self.lock = lock
        return
      }
      close(lock)
    }
  }

  private func remove() { _ = assay_shim_remove_tree(path) }

  /// A path in the folder that nobody has used.
  func makeName() -> String { "\(path)/\(counter.add(1, ordering: .relaxed).newValue)" }

  private let counter = Atomic(0)

  /// Removes the folders of processes that are gone.
  static func sweep(_ parent: String) {
    for name in fileNames(in: parent) where name.hasPrefix(prefix) {
      let path = "\(parent)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
        status.st_uid == geteuid()
      else { continue }
      let lock = open("\(path)/\(lockName)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
      guard lock >= 0 else {
        if errno == ENOENT && time(nil) - status.st_mtim.tv_sec > graceSeconds {
          _ = assay_shim_remove_tree(path)
        }
        continue
      }
      if flock(lock, LOCK_EX | LOCK_NB) == 0 { _ = assay_shim_remove_tree(path) }
      close(lock)
    }
  }
}

extension PluginHost {
  /// Removes what processes that are gone left in `parent`; every run does so at its start.
  package static func sweepLeftovers(in parent: String) { RunFolder.sweep(parent) }
}

/// A folder of its own for one worker, removed with all that is in it.
final class ScratchFolder {
  let path: String
  var name: String { lastName(of: path) }

  init() throws {
    path = try RunFolder.shared.makeName()
    guard mkdir(path, 0o700) == 0 else {
      throw SystemError("cannot make the scratch folder '\(path)'", errno)
    }
  }

  deinit { _ = assay_shim_remove_tree(path) }
}
