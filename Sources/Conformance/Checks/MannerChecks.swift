internal import CAssay
internal import CSystem
internal import Glibc
internal import PluginHost
internal import Synchronization
internal import Tensors

extension Check {
  /// M: how a method behaves in its process and towards the host.
  static let mannerChecks: [Check] = [
    Check(
      "M46", "gives up within a second when cancelled",
      rule: "cancelled: poll every 100 ms", .task, seconds: 60
    ) { probe in
      let sample = try probe.sample(extents: [
        "N": 300, "M": 150, "D": 24, "E": 24, "K": 10, "Q": 200,
      ])
      let host = ProbeHost(.init(isCancelled: true))
      let start = readClock(CLOCK_THREAD_CPUTIME_ID)
      let result = try probe.trial(sample, host: host)
      let spent = readClock(CLOCK_THREAD_CPUTIME_ID) - start
      if let refusal = result.refusal, refusal.status != ASSAY_E_CANCELLED {
        throw Finding.fail(
          "a cancelled call should return status 8 (cancelled) or finish, but \(refusal.words)")
      }
      guard spent < 2 else {
        throw Finding.fail(
          "fit and predict went on for \(Int(spent * 1000)) ms although `cancelled` answered yes "
            + "from the start; poll it every 100 ms")
      }
      return result.refusal == nil ? "done before it had to ask" : "status 8"
    },
    Check(
      "M48", "starts no more threads than it may", rule: "max_threads; ASSAY_METHOD_USES_THREADS",
      .task
    ) { probe in
      let sample = try probe.sample()
      _ = try probe.baseline(sample)
      let watch = ThreadWatch()
      let before = watch.start()
      _ = try probe.trial(sample)
      _ = try probe.trial(try probe.sample(extents: ["N": 200, "Q": 200, "D": 16, "E": 16]))
      let most = watch.stop()
      let extra = most - before
      let allowed = probe.context.threads - 1
      guard extra <= allowed else {
        throw Finding.fail(
          "with max_threads \(probe.context.threads) no further thread should run, but up to "
            + "\(extra) did")
      }
      return "no thread beside the caller's"
    },
    Check(
      "M50", "prints nothing", rule: "must not write to stdout", .task
    ) { probe in
      let sample = try probe.sample()
      let printed = try capturingOutput { _ = try probe.baseline(sample) }
      guard printed.isEmpty else {
        throw Finding.fail(
          "a trial should leave stdout alone, but wrote '\(printed.prefix(80))'; use host->log")
      }
      return "stdout stays empty"
    },
    Check(
      "M51", "has no thread left when a call has returned",
      rule: "max_threads: threads the method may use", .task
    ) { probe in
      let sample = try probe.sample()
      _ = try probe.method()
      let before = ProcessGauge.threadCount
      _ = try probe.baseline(sample)
      // A thread that was joined may take a moment to leave the list.
      var left = ProcessGauge.threadCount - before
      for _ in 0..<20 where left > 0 {
        usleep(10_000)
        left = ProcessGauge.threadCount - before
      }
      guard left <= 0 else {
        throw Finding.fail("no thread should be left after destroy, but \(left) run on")
      }
      return "no thread left after destroy"
    },
    Check(
      "M52", "reports failing scratch and alloc_output with status 7",
      rule: "ASSAY_E_MEMORY: an allocation failed, also through alloc_output or scratch", .task
    ) { probe in
      let sample = try probe.sample()
      let host = ProbeHost()
      _ = try probe.baseline(sample, host: host)
      let (scratch, allocations) = (host.record.scratchCount, host.record.allocationCount)
      guard scratch + allocations > 0 else {
        throw Finding.skip("the method uses neither scratch nor alloc_output")
      }
      let cases =
        (1...max(scratch, 1)).prefix(min(scratch, 20)).map {
          ("call \($0) of scratch", ProbeHost.Behaviour(failingScratch: $0))
        }
        + (1...max(allocations, 1)).prefix(min(allocations, 20)).map {
          ("call \($0) of alloc_output", ProbeHost.Behaviour(failingAllocation: $0))
        }
      for (words, behaviour) in cases {
        probe.step("a trial in which \(words) fails")
        let result = try probe.trial(sample, host: ProbeHost(behaviour))
        guard let refusal = result.refusal, refusal.status == ASSAY_E_MEMORY else {
          throw Finding.fail(
            "when \(words) fails the call should return status 7 (memory), but "
              + (result.refusal?.words ?? "the trial succeeded"))
        }
      }
      return "\(cases.count) failing allocations, status 7 each time"
    },
    Check(
      "M61", "leaves floating-point modes alone",
      rule: "must not change floating-point modes", .task
    ) { probe in
      let sample = try probe.sample()
      _ = try probe.method()
      let modes = assay_shim_fp_modes()
      _ = try probe.baseline(sample)
      let later = assay_shim_fp_modes()
      guard later == modes else {
        assay_shim_fp_restore(modes)
        throw Finding.fail(
          "a trial should leave rounding and flush-to-zero alone, but changed the modes from 0x"
            + "\(String(modes, radix: 16)) to 0x\(String(later, radix: 16))")
      }
      return "modes unchanged"
    },
    Check(
      "M62", "leaves the process alone",
      rule: "must not change locale, working directory, environment, signal handlers", .task
    ) { probe in
      let sample = try probe.sample()
      _ = try probe.method()
      let state = ProcessState()
      _ = try probe.baseline(sample)
      if let change = state.change(to: ProcessState()) {
        throw Finding.fail("a trial \(change), which are the host's")
      }
      return "nothing changed"
    },
    Check(
      "M63", "says why a call failed",
      rule: "Say why through `assay_host.set_error` before returning anything but OK", .task
    ) { probe in
      let sample = try probe.sample()
      let required = (probe.claim?.inputs ?? []).filter(\.isRequired).map(\.name)
      var answers: [Answer] = []
      let instance = try Instance(probe)
      answers.append(instance.create(Array("[1]".utf8)))
      instance.destroy()
      for name in required {
        if let refusal = try probe.trial(sample.without { $0 == name }).refusal {
          answers.append(refusal)
        }
      }
      let failures = answers.filter { !$0.isOK }
      guard !failures.isEmpty else { throw Finding.skip("no call could be made to fail") }
      if let silent = failures.first(where: { ($0.text ?? "").isEmpty }) {
        throw Finding.fail("a failing call should say why, but \(silent.words)")
      }
      return "\(failures.count) failures, each with a sentence"
    },
    Check(
      "M64", "uses the host's services as the header says", rule: "assay_host", .task
    ) { probe in
      let host = ProbeHost()
      _ = try probe.baseline(try probe.sample(), host: host)
      if let misuse = host.record.misuses.first {
        throw Finding.fail(
          "\(misuse)"
            + (host.record.misuses.count > 1
              ? " (and \(host.record.misuses.count - 1) more)" : ""))
      }
      return "log, progress, metric and set_error used well"
    },
  ]
}

/// Counts the threads of this process every millisecond, from a thread of its own.
private final class ThreadWatch: Sendable {
  private let most = Atomic(0)
  private let isDone = Atomic(false)
  private let thread = Mutex<pthread_t?>(nil)

  /// Starts the watch and returns the threads there are, with its own.
  func start() -> Int {
    var id = pthread_t()
    let box = Unmanaged.passRetained(self)
    let status = pthread_create(
      &id, nil,
      { argument in
        // Unsafe invariant: the argument is the watch retained for this one thread.
        guard let argument else { return nil }
        let watch = Unmanaged<ThreadWatch>.fromOpaque(argument).takeRetainedValue()
        while !watch.isDone.load(ordering: .relaxed) {
          let count = ProcessGauge.threadCount
          if count > watch.most.load(ordering: .relaxed) {
            watch.most.store(count, ordering: .relaxed)
          }
          usleep(500)
        }
        return nil
      }, box.toOpaque())
    if status == 0 {
      thread.withLock { $0 = id }
      while most.load(ordering: .relaxed) == 0 { usleep(200) }
    } else {
      box.release()
    }
    return most.load(ordering: .relaxed)
  }

  /// Ends the watch and returns the most threads seen.
  func stop() -> Int {
    isDone.store(true, ordering: .relaxed)
    if let id = thread.withLock({ $0 }) { pthread_join(id, nil) }
    return most.load(ordering: .relaxed)
  }
}
