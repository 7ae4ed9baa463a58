internal import Documents
internal import Tensors

/// What a worker has told so far: a state machine that only moves forward, in bounded memory.
///
/// A plugin shares the worker's address space and channel, so any message may be forged. Stages come
/// in their only order, each once and each call of `predict` in its turn; what else is said counts
/// only in the stage that says it; the host's clock alone measures. One word out of turn breaks the
/// transcript, and the trial with it.
struct Transcript {
  /// What the worker was asked for, which decides what it may say.
  enum Task {
    /// A trial, with the names of the outputs of open shape for each call of `predict`.
    case trial(open: [Set<String>])
    case description
    case script
  }

  private let task: Task
  private let callCount: Int
  private(set) var stage = WorkerMessage.Stage.load
  private(set) var query = 0
  /// What confined the worker, by its own word before the library was loaded; nil until then.
  private(set) var sandbox: SandboxState?
  private(set) var remarks = Remarks()
  private(set) var timing = TrialOutcome.Timing()
  private(set) var library: JSON?
  private(set) var error: (kind: String, message: String)?
  private(set) var fault: (signal: Int, kind: Int, index: Int, outOfMemory: Bool)?
  /// The outputs of open shape that were allocated, by query set and name.
  private(set) var allocations: [Int: [String: WorkerMessage.Allocation]] = [:]
  /// The step of a script, and the tensors that it works on.
  private(set) var step: (text: String, tensors: [String])?
  private(set) var answer: JSON?
  private(set) var hasResult = false
  /// Why nothing more is believed, as a clause; nil while all is well.
  private(set) var breach: String?
  /// How far the worker's own code had come before the library was loaded.
  private var preparation = Preparation.nothing
  /// When the stage began by the host's clock, in nanoseconds.
  private var stageStart: Int64

  private enum Preparation { case nothing, announced, confined }

  let onProgress: (@Sendable (String, Double) -> Void)?

  /// Makes the transcript of a worker that starts at `start` by the host's monotonic clock.
  init(
    _ task: Task, start: Int64, onProgress: (@Sendable (String, Double) -> Void)? = nil
  ) {
    self.task = task
    stageStart = start
    self.onProgress = onProgress
    callCount = if case .trial(let open) = task { open.count } else { 0 }
  }

  var isBroken: Bool { breach != nil }

  /// Whether the worker has said its last word.
  var isFinished: Bool { hasResult || error != nil || isBroken }

  /// Believes nothing more; `clause` says why.
  mutating func breakOff(_ clause: String) {
    if !isFinished { breach = clause }
  }

  /// Takes a message that arrived at `now` by the host's monotonic clock.
  mutating func take(_ message: WorkerMessage, at now: Int64) {
    guard !isFinished else { return }
    if !isExpected(message) {
      breach =
        "disturbed the worker's control channel: \(message.name) came in \(stage.name), "
        + "where no worker sends it"
      return
    }
    switch message {
    case .stage(.load, _): preparation = .announced
    case .stage(let next, let index):
      leaveStage(now)
      (stage, query) = (next, index)
      onProgress?(next.name, 0)
    case .sandbox(let state):
      sandbox = state
      preparation = .confined
    case .note(let text): remarks.note(text)
    case .warning(let code, let text): remarks.warn(Transcript.key(code), text)
    case .metric(let name, let value): remarks.report(name, value)
    case .dropped(let count): remarks.drop(count)
    case .progress(let fraction, let stage):
      onProgress?(stage.repaired(limit: Remarks.nameBytes), min(max(fraction, 0), 1))
    case .library(let description): library = description.repaired()
    case .error(let kind, let message):
      leaveStage(now)
      error = (Transcript.key(kind), message.repaired(limit: Remarks.textBytes))
    case .fault(let signal, let kind, let index, let outOfMemory):
      fault = (signal, kind, index, outOfMemory)
    case .allocated(let query, let allocation):
      allocations[query, default: [:]][allocation.name] = allocation
    case .step(let text, let tensors):
      step = (
        text.repaired(limit: Remarks.textBytes),
        tensors.prefix(1000).map { $0.repaired(limit: Remarks.nameBytes) }
      )
    case .answer(let found): answer = found.repaired()
    case .result:
      leaveStage(now)
      hasResult = true
    }
  }

  /// Notes that the worker ended at `now`, with or without a last word.
  mutating func end(at now: Int64) {
    if !hasResult && error == nil { leaveStage(now) }
  }

  /// Whether the worker's own code says this at this point.
  private func isExpected(_ message: WorkerMessage) -> Bool {
    // These two come from trusted code alone, before it loads the library: later ones are forged.
    if case .stage(.load, let index) = message { return preparation == .nothing && index == 0 }
    if case .sandbox = message { return preparation == .announced }
    guard preparation == .confined else {
      if case .error = message { return preparation == .announced }
      return false
    }
    switch message {
    case .stage(let next, let index): return isNext(next, index)
    case .sandbox: return false
    case .library: return isDescription && library == nil
    case .step, .answer: return isScript && answer == nil
    case .allocated(let call, let allocation):
      guard case .trial(let open) = task, stage == .predict, call == query,
        open.indices.contains(call), open[call].contains(allocation.name)
      else { return false }
      return allocations[call]?[allocation.name] == nil
    case .result:
      return switch task {
      case .trial: stage == .destroy
      case .description: library != nil
      case .script: answer != nil
      }
    case .note, .warning, .metric, .dropped, .progress, .error, .fault: return true
    }
  }

  private var isDescription: Bool { if case .description = task { true } else { false } }
  private var isScript: Bool { if case .script = task { true } else { false } }

  private func isNext(_ next: WorkerMessage.Stage, _ index: Int) -> Bool {
    guard case .trial = task else { return false }
    switch (stage, next) {
    case (.load, .create), (.create, .fit): return index == 0
    case (.create, .predict), (.fit, .predict): return index == 0 && callCount > 0
    case (.predict, .predict): return index == query + 1 && index < callCount
    case (.predict, .destroy): return index == 0 && query == callCount - 1
    case (.create, .destroy), (.fit, .destroy): return index == 0 && callCount == 0
    default: return false
    }
  }

  /// Adds the time since the stage began to what it is counted under.
  private mutating func leaveStage(_ now: Int64) {
    let seconds = Double(max(now - stageStart, 0)) * 1e-9
    stageStart = max(now, stageStart)
    switch stage {
    case .load, .create: timing.load += seconds
    case .fit: timing.fit += seconds
    case .predict: timing.predict += seconds
    case .destroy: break
    }
  }

  /// A short key as trusted code writes them; anything else is no key.
  private static func key(_ text: String) -> String {
    let isKey = text.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }
    return isKey && (1...40).contains(text.utf8.count) ? text : "unknown"
  }

  /// Hands over what the reader of a trial should know.
  func fill(_ outcome: inout TrialOutcome) {
    remarks.fill(&outcome)
    outcome.timing = timing
    outcome.sandbox = sandbox
  }
}

extension Transcript {
  /// Makes the transcript of a trial that starts now.
  init(_ job: TrialJob) {
    let open = job.queries.map { Set($0.outputs.filter { $0.shape == nil }.map(\.name)) }
    self.init(.trial(open: open), start: monotonicNanoseconds(), onProgress: job.onProgress)
  }
}
