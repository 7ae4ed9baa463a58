/// How a trial ended.
package enum TrialStatus: String, CaseIterable, Sendable {
  case ok
  /// The plugin returned an error status.
  case error
  /// The worker died from a signal.
  case crashed
  /// A deadline passed: load, fit or predict.
  case timeout
  case outOfMemory = "out-of-memory"
  /// The worker left with exit status 0 before it had answered.
  case leftEarly = "left-early"
  /// The outputs broke the contract: not written, not finite, wrong shape.
  case contractBreach = "contract-breach"
  /// The library could not be loaded: missing entry, another ABI major, undefined symbols.
  case loadFailed = "load-failed"
  /// The setting lacks an input that the method requires. Not an error.
  case unsupported
}

/// Why a trial has no result.
package struct TrialFailure: Equatable, Sendable {
  /// `load`, `create`, `fit`, `predict`, `check` or `plan`.
  package var stage: String
  /// What happened, as a short key such as `signal`, `deadline`, `nan-output`, `abi-major`.
  package var kind: String
  /// The signal's name, such as `SIGSEGV`.
  package var signal: String?
  /// One sentence for people.
  package var message: String
  /// The end of what the worker wrote to stderr.
  package var stderrTail: String

  package init(
    stage: String, kind: String, signal: String? = nil, message: String, stderrTail: String = ""
  ) {
    self.stage = stage
    self.kind = kind
    self.signal = signal
    self.message = message
    self.stderrTail = stderrTail
  }
}

/// Something the reader should know although the trial has a result.
package struct TrialWarning: Equatable, Sendable {
  /// A short key such as `fp-state`, `output-flood`, `left-process`.
  package var code: String
  package var text: String
  package init(code: String, text: String) {
    self.code = code
    self.text = text
  }
}
