internal import CSystem
internal import Documents
internal import Glibc
internal import Synchronization

/// The hidden `worker` command: runs one request and leaves.
///
/// The descriptors are those of `worker_space.h`, whose code has run before this.
package enum WorkerMain {
  static let control = Int32(ASSAY_SHIM_CONTROL)
  static let requestFile = Int32(ASSAY_SHIM_REQUEST)

  /// Whether this process was started as a worker.
  package static var isWanted: Bool {
    assay_shim_is_worker() != 0 || assay_shim_is_server() != 0
  }

  /// Never returns; the exit status is 0 only when all went well or was reported.
  ///
  /// `script` runs when the request holds arguments for one.
  package static func run(script: WorkerScript? = nil) -> Never {
    // A server comes back from this as one of its workers.
    if assay_shim_is_server() != 0 { assay_shim_serve() }
    guard let request = readRequest() else { leave(64) }
    let tensors = TensorClient(socket: Int32(ASSAY_SHIM_TENSORS))
    let session = WorkerSession(
      request: request, tensors: { try tensors.begin($0, count: $1) }, isWorker: true,
      emit: makeEmitter(), script: script)
    guard setLimits(request) else { leave(66) }
    guard assay_shim_fault_install(control) == 0 else { leave(67) }
    session.run()
    leave(0)
  }

  /// Waits until the host has looked at this process, then goes without running any exit handler.
  private static func leave(_ status: Int32) -> Never {
    if status == 0 { awaitHost() }
    _exit(status)
  }

  /// Waits for the host's sign that it has taken note.
  private static func awaitHost() {
    var byte: UInt8 = 0
    while read(control, &byte, 1) < 0 && errno == EINTR {}
  }

  private static func readRequest() -> WorkerRequest? {
    let size = Int(lseek(requestFile, 0, Int32(SEEK_END)))
    guard size > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    guard pread(requestFile, &bytes, size, 0) == size else { return nil }
    close(requestFile)
    guard let json = try? JSON(parsing: bytes) else { return nil }
    return WorkerRequest(json)
  }

  private static func setLimits(_ request: WorkerRequest) -> Bool {
    if let memory = request.memoryBytes {
      guard assay_shim_limit_memory(UInt64(memory + request.mappedBytes)) == 0 else { return false }
    }
    return assay_shim_limit_descriptors(UInt64(descriptorLimit)) == 0
      && assay_shim_limit_cpu(UInt64(request.cpuSeconds.rounded(.up))) == 0
      && assay_shim_limit_file_size(UInt64(request.fileBytes)) == 0
  }

  private static let descriptorLimit = 512

  private static func makeEmitter() -> @Sendable (WorkerMessage) -> Void {
    let writer = Writer()
    return { message in
      writer.write(MessageStream.frame(message))
      if case .stage = message { awaitHost() }
    }
  }

  /// Keeps messages of several threads whole.
  private final class Writer: Sendable {
    private let turn = Mutex(())
    func write(_ bytes: [UInt8]) { turn.withLock { _ in _ = writeAll(bytes, to: control) } }
  }
}
