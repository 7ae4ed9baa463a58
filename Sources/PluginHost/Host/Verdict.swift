internal import CSystem
internal import Glibc
internal import Tensors

/// Tells from all that was seen how a worker ended.
struct Verdict {
  let job: TrialJob
  let transcript: Transcript

  /// The failure that the worker itself reported, if any.
  var reported: (TrialOutcome.Status, TrialOutcome.Failure)? {
    if let breach = transcript.breach {
      return (.error, failure("protocol", "the plugin \(breach)"))
    }
    guard let error = transcript.error else { return nil }
    // What a method cannot do it knows from its config and what it learns from. Once it has seen
    // what it is asked about, to pass would be to choose its questions.
    if error.kind == "unsupported" && transcript.stage == .predict {
      return (
        .error,
        failure("refusal", "\(stageText) refused, which create and fit alone may: \(error.message)")
      )
    }
    return (status(of: error.kind), failure(error.kind, error.message))
  }

  private func status(of kind: String) -> TrialOutcome.Status {
    if transcript.stage == .load { return .loadFailed }
    return switch kind {
    case "no-method", "method-count", "method-missing", "struct-size", "descriptor": .loadFailed
    case "memory": .outOfMemory
    case "unsupported": .unsupported
    case "deadline", "cancelled": .timeout
    default: .error
    }
  }

  /// The failure that shows in the way a process ended; nil when it ended well.
  func seen(_ end: ProcessEnd) -> (TrialOutcome.Status, TrialOutcome.Failure)? {
    switch end.cut {
    case .stopped: return (.error, failure("stopped", "the run was stopped during \(stageText)"))
    case .breach: break
    case .wholeDeadline(let seconds):
      return (.timeout, failure("deadline", "the whole trial was not done after \(seconds) s"))
    case .deadline where transcript.isFinished:
      return (.timeout, failure("farewell", "the worker did not leave after its last call"))
    case .deadline(let seconds):
      return (.timeout, failure("deadline", "\(stageText) was not done after \(seconds) s"))
    case nil: break
    }
    if let reported { return reported }
    if end.signal != 0 { return died(end) }
    if end.exitStatus != 0 {
      let isWorkerStart = (64...69).contains(end.exitStatus) || end.exitStatus == 127
      return isWorkerStart && transcript.stage == .load
        ? (.loadFailed, failure("worker-start", "the worker left with status \(end.exitStatus)"))
        : (.crashed, failure("exit-status", "the process left with status \(end.exitStatus)"))
    }
    if !transcript.hasResult {
      return (
        .leftEarly,
        failure("exit", "the plugin ended the process with exit status 0 in \(stageText)")
      )
    }
    return nil
  }

  private func died(_ end: ProcessEnd) -> (TrialOutcome.Status, TrialOutcome.Failure) {
    let name = Verdict.signalName(end.signal)
    func result(
      _ status: TrialOutcome.Status, _ kind: String, _ message: String
    ) -> (TrialOutcome.Status, TrialOutcome.Failure) {
      (status, failure(kind, message, signal: name))
    }
    let cpuLimit = job.limits.effectiveCPUSeconds(queries: job.queries.count)
    if end.signal == SIGXCPU || (end.signal == SIGKILL && end.cpuSeconds >= cpuLimit) {
      return result(.timeout, "cpu-limit", "\(stageText) used more than \(cpuLimit) s of CPU time")
    }
    if end.signal == SIGKILL {
      let memory = job.limits.effectiveMemory ?? Verdict.systemMemory
      return end.peakResidentBytes > memory / 10 * 8
        ? result(.outOfMemory, "killed", "the system killed the worker, near its memory limit")
        : result(.crashed, "killed", "something outside the harness killed the worker")
    }
    let complaint = end.error.ending
    let saysMemory = ["bad_alloc", "out of memory", "Out of memory", "failed to allocate"].contains
    {
      complaint.contains($0)
    }
    let isOutOfMemory =
      transcript.fault.map { $0.outOfMemory && $0.signal == Int(end.signal) } ?? false
    if isOutOfMemory || saysMemory {
      return result(.outOfMemory, "signal", "\(stageText) died of \(name) when memory ran out")
    }
    // A fault of another signal than the one that ended the process is forged, or was survived.
    guard let fault = transcript.fault, fault.signal == Int(end.signal) else {
      return result(.crashed, "signal", "\(stageText) died of \(name)")
    }
    switch UInt32(exactly: fault.kind) ?? UInt32.max {
    case ASSAY_SHIM_FAULT_INPUT:
      let text = "\(stageText) wrote to input '\(inputName(fault.index))', which is read-only"
      return result(.crashed, "write-input", text)
    case ASSAY_SHIM_FAULT_PAST_INPUT:
      let text =
        "\(stageText) touched input '\(inputName(fault.index))' outside its bounds or "
        + "after the call that it was lent to"
      return result(.crashed, "input-bounds", text)
    case ASSAY_SHIM_FAULT_OUTPUT_GUARD:
      let text = "\(stageText) touched memory outside output '\(outputName(fault.index))'"
      return result(.crashed, "output-bounds", text)
    case ASSAY_SHIM_FAULT_NULL:
      return result(.crashed, "null-access", "\(stageText) used a null pointer (\(name))")
    case ASSAY_SHIM_FAULT_STACK:
      return result(.crashed, "stack-overflow", "\(stageText) ran out of stack (\(name))")
    default: return result(.crashed, "signal", "\(stageText) died of \(name)")
    }
  }

  private func failure(
    _ kind: String, _ message: String, signal: String? = nil
  ) -> TrialOutcome.Failure {
    TrialOutcome.Failure(
      stage: transcript.stage.name, kind: kind, signal: signal, message: message)
  }

  private var stageText: String {
    if let step = transcript.step { return step.text }
    let stage = transcript.stage
    guard stage == .predict, job.queries.count > 1, job.queries.indices.contains(transcript.query)
    else { return stage.name }
    return "predict on '\(job.queries[transcript.query].name)'"
  }

  private func inputName(_ index: Int) -> String {
    if let step = transcript.step { return Verdict.name(index, in: step.tensors) }
    let inputs = job.fit + job.queries.flatMap(\.inputs)
    return inputs.indices.contains(index) ? inputs[index].name : "?"
  }

  private func outputName(_ index: Int) -> String {
    if let step = transcript.step { return Verdict.name(index, in: step.tensors) }
    let outputs = job.queries.flatMap(\.outputs)
    return outputs.indices.contains(index) ? outputs[index].name : "?"
  }

  private static func name(_ index: Int, in names: [String]) -> String {
    names.indices.contains(index) ? names[index] : "?"
  }

  private static var systemMemory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * pageSize }

  /// The name of a signal, such as `SIGSEGV`.
  static func signalName(_ signal: Int32) -> String {
    let names: [Int32: String] = [
      SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL",
      SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
      SIGKILL: "SIGKILL", SIGUSR1: "SIGUSR1", SIGSEGV: "SIGSEGV", SIGUSR2: "SIGUSR2",
      SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU",
      SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
    ]
    return names[signal] ?? "signal \(signal)"
  }
}
