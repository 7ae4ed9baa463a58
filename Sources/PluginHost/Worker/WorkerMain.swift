internal import CSystem
internal import Documents
internal import Glibc
internal import Synchronization

/// The hidden `worker` command: runs one request and leaves.
///
/// Descriptors: 3 messages to the host, 4 the request, 5 the outputs, 6 and up the inputs.
package enum WorkerMain {
  static let control: Int32 = 3
  static let requestFile: Int32 = 4
  static let outputFile: Int32 = 5
  static let firstRegion: Int32 = 6

  /// Never returns; the exit status is 0 only when all went well or was reported.
  ///
  /// `script` runs when the request holds arguments for one.
  package static func run(script: WorkerScript? = nil) -> Never {
    guard let request = readRequest() else { leave(64) }
    guard assay_shim_begin_worker(pid_t(request.parent)) == 0 else { leave(65) }
    let regionCount = request.trial.map(regionCount) ?? 0
    let session = WorkerSession(
      request: request, regions: (0..<regionCount).map { firstRegion + Int32($0) },
      outputFile: outputFile, isWorker: true, emit: makeEmitter(), script: script)
    guard setLimits(request) else { leave(66) }
    if !request.script.isNull { ProcessGauge.open() }
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

  private static func regionCount(_ trial: WorkerRequest.Trial) -> Int {
    let inputs = trial.fit + trial.queries.flatMap(\.inputs)
    return (inputs.compactMap(\.region).max() ?? -1) + 1
  }

  private static func setLimits(_ request: WorkerRequest) -> Bool {
    if let memory = request.memoryBytes {
      guard assay_shim_limit_memory(UInt64(memory + request.mappedBytes)) == 0 else { return false }
    }
    let descriptors = (request.trial.map(regionCount) ?? 0) + 256
    return assay_shim_limit_descriptors(UInt64(descriptors)) == 0
      && assay_shim_limit_cpu(UInt64(request.cpuSeconds.rounded(.up))) == 0
      && assay_shim_limit_file_size(UInt64(request.fileBytes)) == 0
  }

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
