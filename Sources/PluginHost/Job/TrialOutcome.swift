package import Tensors

/// What came of a job.
package struct TrialOutcome: Sendable {
  /// How a job ended; the cases and raw values of a trial record's status.
  package enum Status: String, CaseIterable, Sendable {
    case ok, error, crashed, timeout, unsupported
    case outOfMemory = "out-of-memory"
    case leftEarly = "left-early"
    case contractBreach = "contract-breach"
    case loadFailed = "load-failed"
  }

  /// Why there is no result.
  package struct Failure: Equatable, Sendable {
    /// `plan`, `load`, `create`, `fit`, `predict`, `destroy` or `check`.
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

  /// Something the reader should know although there is a result.
  package struct Warning: Equatable, Sendable {
    /// A short key such as `fp-state`, `stdout`, `output-flood`, `left-process`, `log`.
    package var code: String
    package var text: String
    package init(code: String, text: String) {
      self.code = code
      self.text = text
    }
  }

  /// Seconds by the monotonic clock of the worker; `load` includes `create`.
  package struct Timing: Equatable, Sendable {
    package var load = 0.0
    package var fit = 0.0
    /// All calls of `predict` together.
    package var predict = 0.0
    package init() {}
  }

  package var status: Status = .ok
  package var failure: Failure?
  /// The outputs by name, one dictionary for each query set; empty unless `status` is ok.
  package var outputs: [[String: Tensor]] = []
  package var notes: [String] = []
  package var warnings: [Warning] = []
  package var selfReported: [String: Double] = [:]
  package var timing = Timing()
  package var cpuSeconds = 0.0
  package var peakResidentBytes = 0
  package var sandbox = SandboxState()

  package init() {}

  mutating func fail(_ status: Status, _ failure: Failure) {
    self.status = status
    self.failure = failure
    outputs = []
  }
}

/// Which means of confinement were in force while foreign code ran.
package struct SandboxState: Equatable, Sendable {
  /// The version of Landlock in force; nil when the kernel has none or it was switched off.
  package var landlockABI: Int?
  package var seccomp = false
  package var noNewPrivileges = false
  /// Whether the worker was a process of its own with limits.
  package var process = false
  /// Why a part that was asked for is not in force.
  package var missing: [String] = []
  package init() {}
}
