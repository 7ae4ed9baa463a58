internal import CSystem
internal import Glibc
internal import Synchronization

/// The host's end of a process of trusted code that forks workers, started when first asked.
///
/// One that died is replaced. Where none can be had, workers are started from their file.
final class ForkServer: Sendable {
  /// What every worker of this host starts with.
  struct Setting: Sendable {
    var executable: String
    var environment: [String]
  }

  private struct State {
    var socket: Int32 = -1
    var pid: pid_t = 0
    /// Servers that ended before the host did.
    var losses = 0
  }

  private let setting: Setting
  private let state = Mutex(State())
  private static let mostLosses = 10

  init(_ setting: Setting) { self.setting = setting }

  deinit { state.withLock { ForkServer.end(&$0) } }

  /// The process of the server; nil while there is none.
  var pid: pid_t? { state.withLock { $0.socket >= 0 ? $0.pid : nil } }

  /// Forks a worker; nil where that cannot be.
  ///
  /// `texts` are its folder and its variables, `descriptors` become 1, 2, 3 and on. The descriptor
  /// returned, which the caller closes, becomes readable when the worker's supervisor ends.
  func fork(_ texts: [String], descriptors: [Int32]) -> Int32? {
    let message = texts.flatMap { Array($0.utf8CString) }
    // One after the other: the answer belongs to the question.
    return state.withLock { state -> Int32? in
      while state.losses < ForkServer.mostLosses {
        if state.socket < 0 && !start(&state) { return nil }
        var pidfd: Int32 = -1
        let code = assay_shim_ask_server(
          state.socket, message, message.count, descriptors, descriptors.count, &pidfd)
        if code == 0 { return pidfd }
        // Otherwise it is well and has nothing to give; to end it would end other workers.
        guard [-EPIPE, -ECONNRESET, -ETIMEDOUT].contains(code) else { return nil }
        ForkServer.end(&state)
        state.losses += 1
      }
      return nil
    }
  }

  private func start(_ state: inout State) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard assay_shim_server_pair(&ends) == 0 else { return false }
    let nothing = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer {
      close(ends[1])
      if nothing >= 0 { close(nothing) }
    }
    let code = spawnProcess(
      setting.executable, ["assay", "worker", "serve"], setting.environment, folder: "/",
      output: nothing, error: nothing, descriptors: [ends[1]], &state.pid)
    guard code == 0 else {
      close(ends[0])
      return false
    }
    state.socket = ends[0]
    return true
  }

  /// Closes the socket, on which the server leaves, and reaps it.
  private static func end(_ state: inout State) {
    guard state.socket >= 0 else { return }
    close(state.socket)
    state.socket = -1
    // One that does not answer would not leave either.
    kill(state.pid, SIGKILL)
    var end = assay_shim_exit()
    _ = assay_shim_reap(state.pid, 1, &end)
  }
}

/// Starts a process that leads its own group and holds what is listed alone; 0 or an errno.
func spawnProcess(
  _ executable: String, _ arguments: [String], _ environment: [String], folder: String,
  output: Int32, error: Int32, descriptors: [Int32], _ pid: inout pid_t
) -> Int32 {
  let arguments = CStrings(arguments)
  let environment = CStrings(environment)
  defer { withExtendedLifetime((arguments, environment)) {} }
  return executable.withCString { executable in
    folder.withCString { folder in
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
