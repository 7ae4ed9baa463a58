internal import CSystem
internal import Documents
internal import Glibc
internal import Tensors

/// What a worker is started with besides its request: its room, its environment, its descriptors.
struct WorkerLaunch {
  var executable: String
  var request: WorkerRequest
  var plugin: StagedPlugin
  /// Whether the script wants to count threads and memory.
  var wantsGauge: Bool
  /// A room of its own, where the kernel lets this user have it.
  var wantsSpaces: Bool
  var server: TensorServer
  /// What forks the worker; nil to start it from its file.
  var forkServer: ForkServer?
  /// A word in the environment by which left processes are known.
  var token: String
  var limits: Limits

  /// Whether workers get namespaces here, tried once.
  static let offersSpaces = assay_shim_probe_spaces() == 0

  /// The most files in a scratch folder.
  static let scratchFiles = 16 << 10
  /// The most processes and threads of a worker, besides the asked ones.
  static let processes = 256

  /// What a worker without a room may read while it loads.
  static func copies(of plugin: StagedPlugin) -> [String] {
    plugin.copies.map(\.source) + plugin.systemFiles + [SystemLibraries.cachePath]
  }

  /// The same in a room of its own.
  static func libraries(of plugin: StagedPlugin) -> [String] {
    plugin.copies.map(\.path) + plugin.systemFiles + [SystemLibraries.cachePath]
  }

  /// The plan in the form of `worker_space.h`.
  private var plan: [String] {
    var plan = [
      "\(getpid())", wantsSpaces ? "spaces" : "plain", wantsGauge ? "gauge" : "", request.scratch,
      "\(limits.scratchBytes)", "\(WorkerLaunch.scratchFiles)",
      "\(WorkerLaunch.processes + 8 * max(limits.threads, 1))",
    ]
    for copy in plugin.copies { plan += ["file", copy.source, copy.path] }
    for path in plugin.systemFiles + [SystemLibraries.cachePath] where access(path, R_OK) == 0 {
      plan += ["file", path, path]
    }
    for one in plugin.python?.standIns ?? [] { plan += ["file", one.source, one.path] }
    for path in request.readable { plan += ["tree", path, normalised(path)] }
    return plan
  }

  /// A worker that was started.
  struct Started {
    /// The process, a child of this one; nil where a fork server started it.
    var pid: pid_t?
    /// Becomes readable when the process ends; -1 where the kernel has none.
    var pidfd: Int32

    /// Sends a signal to the process, which may have ended.
    func signal(_ signal: Int32) {
      if let pid { kill(pid, signal) } else { _ = assay_shim_signal(pidfd, signal) }
    }

    /// Waits until the process has ended, at most so long.
    func awaitEnd(milliseconds: Int32) {
      var end = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
      if pidfd >= 0 { _ = poll(&end, 1, milliseconds) } else { usleep(100_000) }
    }

    /// Asks a supervisor to end its room, and waits a moment for it.
    func askToEnd() {
      signal(SIGTERM)
      awaitEnd(milliseconds: 2_000)
    }
  }

  /// Starts the worker; `descriptors` are the ends that it keeps: output, error, control, tensors and
  /// record.
  func start(_ ends: Ends, isServed: Bool) throws -> Started {
    let files = [
      try AnonymousFile.sealed(text: request.json.canonicalText),
      try AnonymousFile.sealed(text: plan.map { $0 + "\0" }.joined()),
    ]
    defer { withExtendedLifetime(files) {} }
    let descriptors = [ends.control] + files.map(\.descriptor) + [ends.tensors, ends.record]
    if isServed,
      let pidfd = forkServer?.fork(
        [request.scratch] + ownEnvironment, descriptors: [ends.output, ends.error] + descriptors)
    {
      return Started(pid: nil, pidfd: pidfd)
    }
    var pid: pid_t = 0
    let code = spawnProcess(
      executable, ["assay", "worker", "planned"], environment, folder: request.scratch,
      output: ends.output, error: ends.error, descriptors: descriptors, &pid)
    guard code == 0 else { throw SystemError("cannot start the worker '\(executable)'", code) }
    return Started(pid: pid, pidfd: assay_shim_pidfd(pid))
  }

  /// The worker's ends of its pipes and sockets.
  struct Ends {
    var output, error, control, tensors, record: Int32
  }

  /// What the supervisor wrote of the worker's end; nil when there was none.
  static func record(from descriptor: Int32) -> assay_shim_exit? {
    var record = assay_shim_exit()
    let size = MemoryLayout<assay_shim_exit>.size
    return read(descriptor, &record, size) == size ? record : nil
  }

  /// The whole environment of a worker.
  private var environment: [String] {
    var list = WorkerLaunch.commonEnvironment(threads: request.threads) + ownEnvironment
    // Without a room the copies of the plugin's own libraries have to be found before the files that
    // they were taken from. None has the name of a library that the executable itself needs.
    var folders = WorkerLaunch.libraryFolders
    if !wantsSpaces && plugin.copies.count > 1 { folders.insert(plugin.folder, at: 0) }
    if !folders.isEmpty { list.append("LD_LIBRARY_PATH=\(folders.joined(separator: ":"))") }
    return list
  }

  /// The variables that differ from trial to trial.
  private var ownEnvironment: [String] {
    ["HOME=\(request.scratch)", "TMPDIR=\(request.scratch)", "ASSAY_TRIAL=\(token)"]
      + (plugin.python?.environment ?? [])
  }

  private static var libraryFolders: [String] {
    getenv("LD_LIBRARY_PATH").map { [String(cString: $0)] } ?? []
  }

  private static func commonEnvironment(threads: Int) -> [String] {
    var list = [
      "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "GOTO_NUM_THREADS", "MKL_NUM_THREADS",
      "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    ].map { "\($0)=\(max(threads, 1))" }
    list += [
      "LC_ALL=C.UTF-8", "TZ=UTC", "SWIFT_BACKTRACE=enable=no", "SWIFT_DETERMINISTIC_HASHING=1",
    ]
    // What the executable itself needs in order to start, or to abort rather than exit.
    for name in ["ASAN_OPTIONS", "OPENBLAS_CORETYPE"] {
      if let value = getenv(name) { list.append("\(name)=\(String(cString: value))") }
    }
    return list
  }

  /// What a fork server for such workers starts with.
  static func serverSetting(_ executable: String) -> ForkServer.Setting {
    ForkServer.Setting(
      executable: executable,
      environment: commonEnvironment(threads: 1)
        + libraryFolders.map { "LD_LIBRARY_PATH=\($0)" })
  }

  /// Whether a fork server may start it: the room is like any other, and OpenBLAS has one thread.
  var mayBeServed: Bool { forkServer != nil && wantsSpaces && request.threads <= 1 }
}

extension Limits {
  /// What a worker may keep in its scratch folder: in memory where it has a room of its own, so a
  /// part of the memory that it may use.
  package var scratchBytes: Int { min(fileBytes, (effectiveMemory ?? Limits.machineMemory) / 8) }

  /// The address space of a worker beyond its inputs and outputs.
  var addressSpace: Int? {
    effectiveMemory.map { max($0 - scratchBytes, Limits.smallestMemory) }
  }

  private static var machineMemory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * pageSize }
}

extension AnonymousFile {
  /// A text in memory that can never change again.
  static func sealed(text: String) throws -> AnonymousFile {
    let bytes = Array(text.utf8)
    return try .sealed(
      TensorSource(name: "text", dtype: .u8, shape: [bytes.count]) { $0.copyBytes(from: bytes) })
  }
}
