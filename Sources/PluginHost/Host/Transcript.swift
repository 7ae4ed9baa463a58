internal import Documents
internal import Tensors

/// What a worker has told so far, with its stages in their only order.
struct Transcript {
  /// The most notes, warnings and numbers that are kept of one trial.
  private static let limit = 1000

  private(set) var stage = WorkerMessage.Stage.load
  private(set) var query = 0
  private(set) var sandbox = SandboxState()
  private(set) var notes: [String] = []
  private(set) var warnings: [TrialOutcome.Warning] = []
  private(set) var selfReported: [String: Double] = [:]
  private(set) var timing = TrialOutcome.Timing()
  private(set) var library: JSON?
  private(set) var error: (kind: String, message: String)?
  private(set) var fault: (kind: Int, index: Int, outOfMemory: Bool)?
  /// The outputs of open shape that were allocated, by query set and name.
  private(set) var allocations: [Int: [String: WorkerMessage.Allocation]] = [:]
  /// The step of a script, and the tensors that it works on.
  private(set) var step: (text: String, tensors: [String])?
  private(set) var answer: JSON?
  private(set) var hasResult = false
  /// Something came that no worker says at that point; nothing after it counts.
  private(set) var isBroken = false
  private var dropped = 0

  let onProgress: (@Sendable (String, Double) -> Void)?

  init(onProgress: (@Sendable (String, Double) -> Void)? = nil) { self.onProgress = onProgress }

  /// Whether the worker has said its last word.
  var isFinished: Bool { hasResult || error != nil || isBroken }

  mutating func breakOff() { isBroken = true }

  mutating func take(_ message: WorkerMessage) {
    guard !isFinished else { return }
    switch message {
    case .stage(let next, let index): advance(to: next, index)
    case .sandbox(let state): sandbox = state
    case .note(let text): keep { $0.notes.append(text) }
    case .warning(let code, let text):
      keep { $0.warnings.append(TrialOutcome.Warning(code: code, text: text)) }
    case .metric(let name, let value): addMetric(name, value)
    case .progress(let fraction, let stage): onProgress?(stage, fraction)
    case .library(let description): library = description
    case .error(let kind, let message): error = (kind, message)
    case .fault(_, let kind, let index, let outOfMemory): fault = (kind, index, outOfMemory)
    case .timing(let stage, let seconds): add(seconds, to: stage)
    case .allocated(let query, let allocation):
      allocations[query, default: [:]][allocation.name] = allocation
    case .step(let text, let tensors): step = (text, tensors)
    case .answer(let found): answer = found
    case .result: hasResult = true
    }
  }

  private mutating func advance(to next: WorkerMessage.Stage, _ index: Int) {
    let isForward =
      next.rawValue > stage.rawValue
      || (next == .predict && stage == .predict && index == query + 1)
      || (next == .load && stage == .load)
    guard isForward else {
      isBroken = true
      return
    }
    stage = next
    query = index
    onProgress?(next.name, 0)
  }

  private mutating func addMetric(_ name: String, _ value: Double?) {
    keep { transcript in
      if let value {
        transcript.selfReported[name] = value
      } else {
        transcript.warnings.append(
          TrialOutcome.Warning(
            code: "metric-not-finite", text: "the plugin reported '\(name)' as NaN or infinite"))
      }
    }
  }

  private mutating func add(_ seconds: Double, to stage: WorkerMessage.Stage) {
    switch stage {
    case .load, .create: timing.load += seconds
    case .fit: timing.fit += seconds
    case .predict: timing.predict += seconds
    case .destroy: break
    }
  }

  private mutating func keep(_ add: (inout Transcript) -> Void) {
    guard notes.count + warnings.count + selfReported.count < Transcript.limit else {
      dropped += 1
      return
    }
    add(&self)
  }

  /// Hands over what the reader of a trial should know.
  func fill(_ outcome: inout TrialOutcome) {
    outcome.notes = notes
    outcome.warnings = warnings
    outcome.selfReported = selfReported
    outcome.timing = timing
    outcome.sandbox = sandbox
    if dropped > 0 {
      outcome.warnings.append(
        TrialOutcome.Warning(
          code: "log-flood",
          text: "\(dropped) further notes, warnings and numbers were dropped"))
    }
  }
}
