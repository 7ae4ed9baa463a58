/// The circumstances of a call, and the way to talk to the host during it.
public struct Context {
  private let host: Host
  private let run: Run

  init(host: Host, run: Run) {
    self.host = host
    self.run = run
  }

  /// The only source of randomness; together with `stream` it keys a generator.
  public var seed: UInt64 { run.seed }
  /// Tells apart draws of one seed.
  public var stream: UInt64 { run.stream }
  /// The threads that the method may use.
  public var threads: Int { run.threads }
  /// The bytes of memory that the method may use, or nil without a limit.
  public var memoryBudget: Int? { run.memoryBudget }
  /// The only folder that may be written, or nil when there is none.
  public var scratchFolder: String? { run.scratchFolder }
  /// The task that the method is run on.
  public var task: String { run.task }

  /// Keeps a fact in the trial's notes that its reader must know.
  public func note(_ text: String) { host.log(.note, text) }
  /// Keeps a doubt in the trial's warnings.
  public func warn(_ text: String) { host.log(.warning, text) }
  /// Says something that is shown with `--verbose`.
  public func log(_ text: String) { host.log(.info, text) }
  /// Says how far the call has come, `fraction` in 0...1.
  public func progress(_ fraction: Double, _ stage: String) { host.progress(fraction, stage) }
  /// Reports a number about the fit, such as a chosen constant, apart from the host's metrics.
  public func metric(_ name: String, _ value: Double) { host.metric(name, value) }

  /// Whether the host asks to give up; cheap enough for every step of a loop.
  public var isCancelled: Bool { host.isCancelled }
  /// Gives up when the host asks for it.
  public func checkCancellation() throws(MethodError) { if isCancelled { throw .cancelled } }
}

/// The values of `assay_run`, copied.
struct Run {
  var seed: UInt64
  var stream: UInt64
  var threads: Int
  var memoryBudget: Int?
  var scratchFolder: String?
  var task: String
}
