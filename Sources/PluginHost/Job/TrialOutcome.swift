internal import CSystem
package import Tensors

/// What came of a job.
package struct TrialOutcome: Sendable {
  package typealias Status = TrialStatus
  package typealias Failure = TrialFailure
  package typealias Warning = TrialWarning

  /// Seconds by the monotonic clock of the host, between the messages that begin the stages.
  ///
  /// `load` begins with the start of the process and includes `create`.
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
  /// What confined the worker; nil where none came far enough to tell.
  package var sandbox: SandboxState?
  /// The paths that differ from run to run and machine to machine, with what they are in short.
  package var paths: [String: String] = [:]

  package init() {}

  mutating func fail(_ status: Status, _ failure: Failure) {
    self.status = status
    self.failure = failure
    outputs = []
  }
}

extension TrialOutcome {
  /// The outcome with short names for the paths of this machine, which say nothing on another.
  package func shortened() -> TrialOutcome {
    var outcome = self
    for path in paths.keys.sorted(by: { $0.utf8.count > $1.utf8.count }) where path.count > 1 {
      let name = paths[path] ?? path
      func short(_ text: String) -> String { text.replacing(path, with: name) }
      outcome.notes = outcome.notes.map(short)
      outcome.warnings = outcome.warnings.map { Warning(code: $0.code, text: short($0.text)) }
      if let failure = outcome.failure {
        outcome.failure?.message = short(failure.message)
        outcome.failure?.stderrTail = short(failure.stderrTail)
      }
    }
    return outcome
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
  /// Whether it had users, processes, files and network of its own (namespaces).
  package var spaces = false
  /// Why a part that was asked for is not in force.
  package var missing: [String] = []
  package init() {}
}

extension SandboxState {
  /// What the kernel offers to workers.
  package static var offered: SandboxState {
    var state = SandboxState()
    let version = Int(assay_shim_landlock_abi())
    state.landlockABI = version > 0 ? version : nil
    state.seccomp = true
    state.spaces = WorkerLaunch.offersSpaces
    return state
  }

  /// Sentences on what a plugin is not kept from, since a layer is missing; empty with all of them.
  package var gaps: [String] {
    var gaps: [String] = []
    func because(_ layer: String) -> String {
      missing.first { $0.hasPrefix(layer) }.map { " (\($0))" } ?? ""
    }
    if landlockABI == nil && !spaces {
      gaps.append(
        "plugins can read your files, labels included: neither namespaces nor Landlock hold"
          + because("landlock"))
    } else if landlockABI == nil {
      gaps.append("one layer around files is missing: no Landlock\(because("landlock"))")
    }
    if !spaces {
      gaps.append(
        "plugins share this machine's list of processes, and their files and threads are only "
          + "counted now and then: no namespaces\(because("namespaces"))")
    }
    if !seccomp {
      gaps.append(
        "plugins can open sockets and start processes: no seccomp filter\(because("seccomp"))")
    }
    return gaps
  }

  /// The confinement that both states grant.
  package func weakest(_ other: SandboxState) -> SandboxState {
    var state = self
    state.landlockABI = landlockABI.flatMap { mine in other.landlockABI.map { min(mine, $0) } }
    state.seccomp = seccomp && other.seccomp
    state.noNewPrivileges = noNewPrivileges && other.noNewPrivileges
    state.process = process && other.process
    state.spaces = spaces && other.spaces
    state.missing += other.missing.filter { !missing.contains($0) }
    return state
  }
}
