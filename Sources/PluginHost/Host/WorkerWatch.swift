internal import CSystem
internal import Glibc
internal import Synchronization

/// Looks after a worker from a thread of its own: hands over its tensors, and where it has no room of
/// its own, counts its scratch folder and its threads.
final class WorkerWatch: Sendable {
  /// What was exceeded.
  struct Excess: Sendable {
    var kind: String
    var message: String
  }

  private struct State {
    var isOver = false
    var excess: Excess?
  }

  private let state = Mutex(State())
  private let server: TensorServer
  private let socket: Int32
  private let limits: Limits
  private let scratch: String
  private nonisolated(unsafe) var threads: [pthread_t] = []

  /// Takes over the host's end of the socket.
  init(server: TensorServer, socket: Int32, limits: Limits, scratch: String) {
    self.server = server
    self.socket = socket
    self.limits = limits
    self.scratch = scratch
  }

  /// Starts to serve.
  func serve() { start { $0.server.serve($0.socket) } }

  /// Starts to count, for a worker without a room.
  func count(_ pid: pid_t) { start { $0.keepCounting(pid) } }

  /// Ends the threads; what was exceeded, if anything.
  func end() -> Excess? {
    state.withLock { $0.isOver = true }
    shutdown(socket, Int32(SHUT_RDWR))
    for thread in threads { pthread_join(thread, nil) }
    close(socket)
    return state.withLock { $0.excess }
  }

  private final class Task {
    let watch: WorkerWatch
    let body: (WorkerWatch) -> Void
    init(_ watch: WorkerWatch, _ body: @escaping (WorkerWatch) -> Void) {
      self.watch = watch
      self.body = body
    }
  }

  private func start(_ body: @escaping (WorkerWatch) -> Void) {
    let task = Unmanaged.passRetained(Task(self, body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument {
          let task = Unmanaged<Task>.fromOpaque(argument).takeRetainedValue()
          task.body(task.watch)
        }
        return nil
      }, task.toOpaque())
    if code == 0 { threads.append(thread) } else { task.release() }
  }

  private static let pauseMicroseconds: UInt32 = 50_000

  private func keepCounting(_ pid: pid_t) {
    while !state.withLock({ $0.isOver || $0.excess != nil }) {
      if let excess = excess(of: pid) {
        // Under the lock, so that the process is not yet reaped, and its number nobody else's.
        state.withLock { state in
          guard !state.isOver else { return }
          state.excess = excess
          kill(-pid, SIGKILL)
        }
      }
      usleep(WorkerWatch.pauseMicroseconds)
    }
  }

  private func excess(of pid: pid_t) -> Excess? {
    var bytes: UInt64 = 0
    let most = UInt64(WorkerLaunch.scratchFiles)
    let files = assay_shim_measure_tree(scratch, most, &bytes)
    if files >= most {
      return Excess(
        kind: "scratch-quota", message: "the scratch folder holds \(most) files or more")
    }
    if bytes > UInt64(limits.scratchBytes) {
      return Excess(
        kind: "scratch-quota",
        message: "the scratch folder holds more than \(limits.scratchBytes) bytes")
    }
    let threads = threadCount(of: pid)
    let mostThreads = WorkerLaunch.processes + 8 * max(limits.threads, 1)
    guard threads > mostThreads else { return nil }
    return Excess(kind: "thread-limit", message: "the worker has more than \(mostThreads) threads")
  }

  private func threadCount(of pid: pid_t) -> Int {
    guard let text = readSmallFile("/proc/\(pid)/status"),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Threads:") })
    else { return 0 }
    return Int(line.filter(\.isNumber)) ?? 0
  }
}
