internal import CSystem
internal import Documents
internal import Glibc
internal import Tensors

/// What a worker is started with besides its request: its room, its environment, its descriptors.
struct WorkerLaunch {
  var executable: String
  var request: WorkerRequest
  var plugin: StagedPlugin
  /// Files and folders that the plugin may read.
  var readable: [String]
  /// Whether the script wants to count threads and memory.
  var wantsGauge: Bool
  /// A room of its own, where the kernel lets this user have it.
  var wantsSpaces: Bool
  var server: TensorServer
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
    for path in readable { plan += ["tree", path, normalised(path)] }
    return plan
  }

  /// Starts the worker; `control` and `record` are the ends that it keeps.
  func start(
    control: Int32, tensors: Int32, record: Int32, output: Int32, error: Int32
  ) throws -> pid_t {
    let files = [
      try AnonymousFile.sealed(text: request.json.canonicalText),
      try AnonymousFile.sealed(text: plan.map { $0 + "\0" }.joined()),
    ]
    let arguments = CStrings(["assay", "worker", "planned"])
    let environment = CStrings(self.environment)
    let descriptors = [control] + files.map(\.descriptor) + [tensors, record]
    var pid: pid_t = 0
    let code = executable.withCString { executable in
      request.scratch.withCString { folder in
        descriptors.withUnsafeBufferPointer { descriptors -> Int32 in
          guard let first = descriptors.baseAddress else { return EINVAL }
          var spawn = assay_shim_spawn(
            executable: executable, arguments: arguments.list, environment: environment.list,
            folder: folder, output: output, error: error, descriptors: first,
            descriptor_count: descriptors.count)
          return assay_shim_spawn_process(&spawn, &pid)
        }
      }
    }
    withExtendedLifetime((arguments, environment, files)) {}
    guard code == 0 else { throw SystemError("cannot start the worker '\(executable)'", code) }
    return pid
  }

  /// Asks a supervisor to end its room, and waits a moment for it.
  static func askToEnd(_ pid: pid_t, _ pidfd: Int32) -> Bool {
    kill(pid, SIGTERM)
    var end = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    guard pidfd >= 0 else {
      usleep(100_000)
      return false
    }
    return poll(&end, 1, 2_000) > 0
  }

  /// What the supervisor wrote of the worker's end; nil when there was none.
  static func record(from descriptor: Int32) -> assay_shim_exit? {
    var record = assay_shim_exit()
    let size = MemoryLayout<assay_shim_exit>.size
    return read(descriptor, &record, size) == size ? record : nil
  }

  /// A NULL-terminated list of C strings, freed with this object.
  private final class CStrings {
    let list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ texts: [String]) {
      count = texts.count
      list = .allocate(capacity: count + 1)
      for (index, text) in texts.enumerated() { (list + index).initialize(to: strdup(text)) }
      (list + count).initialize(to: nil)
    }

    deinit {
      for index in 0..<count { free(list[index]) }
      list.deallocate()
    }
  }

  /// The whole environment of a worker.
  private var environment: [String] {
    let threads = max(request.threads, 1)
    var list = [
      "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "GOTO_NUM_THREADS", "MKL_NUM_THREADS",
      "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS",
    ].map { "\($0)=\(threads)" }
    list += [
      "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=\(request.scratch)", "TMPDIR=\(request.scratch)",
      "SWIFT_BACKTRACE=enable=no", "SWIFT_DETERMINISTIC_HASHING=1", "ASSAY_TRIAL=\(token)",
    ]
    // What the executable itself needs in order to start, or to abort rather than exit.
    for name in ["ASAN_OPTIONS", "OPENBLAS_CORETYPE"] {
      if let value = getenv(name) { list.append("\(name)=\(String(cString: value))") }
    }
    var folders = getenv("LD_LIBRARY_PATH").map { [String(cString: $0)] } ?? []
    // Without a room the copies of the plugin's own libraries have to be found before the files that
    // they were taken from. None has the name of a library that the executable itself needs.
    if !wantsSpaces && plugin.copies.count > 1 { folders.insert(plugin.folder, at: 0) }
    if !folders.isEmpty { list.append("LD_LIBRARY_PATH=\(folders.joined(separator: ":"))") }
    return list
  }
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
