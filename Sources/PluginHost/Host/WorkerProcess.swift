internal import CSystem
internal import Glibc

/// How a worker process ended.
struct ProcessEnd {
  var exitStatus: Int32
  var signal: Int32
  var cpuSeconds: Double
  var peakResidentBytes: Int
  /// Why the host killed it, if it did.
  var cut: Cut?

  enum Cut {
    /// A deadline of so many seconds passed.
    case deadline(Double)
    /// The time for the whole trial passed, so many seconds.
    case wholeDeadline(Double)
    /// It broke the rules of the control channel.
    case breach
    /// The host was told to stop.
    case stopped
  }

  var output: OutputCapture
  var error: OutputCapture
  var leftProcess = false
  /// What it used too much of, for which it was killed.
  var excess: WorkerWatch.Excess?
}

/// One worker process, from its start to the death of all that it started.
struct WorkerProcess {
  var launch: WorkerLaunch
  var budget: MessageStream.Budget
  private var limits: Limits { launch.limits }

  init(_ launch: WorkerLaunch, budget: MessageStream.Budget = .document) {
    self.launch = launch
    self.budget = budget
  }

  /// What a polite plugin gets to give up by itself, since it knows its deadline.
  private static let grace = 0.25
  /// How a worker ended of which no supervisor told: it was killed too.
  private static let unrecorded = assay_shim_exit(
    status: -1, signal: SIGKILL, cpu_seconds: 0, peak_resident_bytes: 0)
  /// For leaving after the last message.
  private static let farewellSeconds = 5.0

  /// Runs the worker until it has ended or `isStopped`; the transcript gets what it says.
  func run(
    _ transcript: inout Transcript, isStopped: () -> Bool
  ) throws -> ProcessEnd {
    if launch.mayBeServed {
      let end = try run(&transcript, isServed: true, isStopped: isStopped)
      // Of such a worker nothing has run yet.
      guard end.exitStatus == ASSAY_SHIM_NO_ROOM, transcript.sandbox == nil else { return end }
    }
    return try run(&transcript, isServed: false, isStopped: isStopped)
  }

  private func run(
    _ transcript: inout Transcript, isServed: Bool, isStopped: () -> Bool
  ) throws -> ProcessEnd {
    var sockets: [Int32] = [-1, -1]
    var tensors: [Int32] = [-1, -1]
    var records: [Int32] = [-1, -1]
    var outputs: [Int32] = [-1, -1]
    var errors: [Int32] = [-1, -1]
    defer {
      for descriptor in sockets + tensors + records + outputs + errors where descriptor >= 0 {
        close(descriptor)
      }
    }
    var code = assay_shim_socket_pair(&sockets)
    if code == 0 { code = assay_shim_socket_pair(&tensors) }
    if code == 0 { code = assay_shim_output_pipe(&records) }
    if code == 0 { code = assay_shim_output_pipe(&outputs) }
    if code == 0 { code = assay_shim_output_pipe(&errors) }
    guard code == 0 else { throw SystemError("cannot make pipes for a worker", code) }
    _ = fcntl(sockets[0], F_SETFL, O_NONBLOCK)

    let started = monotonicNanoseconds()
    let process = try launch.start(
      WorkerLaunch.Ends(
        output: outputs[1], error: errors[1], control: sockets[1], tensors: tensors[1],
        record: records[1]), isServed: isServed)
    for end in [sockets[1], tensors[1], records[1], outputs[1], errors[1]] { close(end) }
    (sockets[1], tensors[1], records[1], outputs[1], errors[1]) = (-1, -1, -1, -1, -1)
    let keeper = WorkerWatch(
      server: launch.server, socket: tensors[0], limits: limits, scratch: launch.request.scratch)
    tensors[0] = -1
    keeper.serve()
    if let pid = process.pid, !launch.wantsSpaces { keeper.count(pid) }
    var watch = Watch(
      process: process, start: started, control: sockets[0],
      output: outputs[0], error: errors[0], reader: MessageStream.Reader(budget),
      capture: (OutputCapture(cap: limits.outputCap), .init(cap: limits.outputCap)))
    defer { if process.pidfd >= 0 { close(process.pidfd) } }
    let cut = follow(&watch, &transcript, started, isStopped)
    let excess = keeper.end()
    var end = end(&watch, &transcript, cut, record: records[0])
    end.excess = excess
    return end
  }
}

// MARK: Watching

extension WorkerProcess {
  private struct Watch {
    let process: WorkerLaunch.Started
    let start: Int64
    var control: Int32
    var output: Int32
    var error: Int32
    var reader: MessageStream.Reader
    var capture: (output: OutputCapture, error: OutputCapture)
    var peakResident = 0
    var reaped: assay_shim_exit?
    var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// Looks at the high-water mark, which the kernel forgets with the process.
    ///
    /// `ru_maxrss` will not do: after a spawn it starts from the parent's own size.
    mutating func samplePeak() {
      if let pid = process.pid { peakResident = max(peakResident, residentPeak(of: pid)) }
    }
  }

  /// Follows the worker until it ends, or has to be killed for the reason returned.
  ///
  /// Each stage has its own time, counted from the moment at which the host hears of it. As stages
  /// come once and in order, no message buys more than that; the whole has a deadline besides, which
  /// nothing moves.
  private func follow(
    _ watch: inout Watch, _ transcript: inout Transcript, _ started: Int64,
    _ isStopped: () -> Bool
  ) -> ProcessEnd.Cut? {
    let wholeSeconds = limits.trialSeconds(queries: launch.request.trial?.queries.count ?? 0)
    let wholeDeadline = after(started, wholeSeconds)
    var deadline = after(started, limits.loadSeconds)
    var seconds = limits.loadSeconds
    var stage = (transcript.stage, transcript.query)
    var isFinished = false
    while true {
      let now = monotonicNanoseconds()
      guard now < deadline else { return .deadline(seconds) }
      guard isFinished || now < wholeDeadline else { return .wholeDeadline(wholeSeconds) }
      if isStopped() { return .stopped }
      // Without a pidfd the end shows by looking often.
      let next = isFinished ? deadline : min(deadline, wholeDeadline)
      let wait = min(next - now, watch.process.pidfd >= 0 ? 200_000_000 : 5_000_000)
      if waitForNews(&watch, &transcript, milliseconds: Int32(wait / 1_000_000) + 1) { return nil }
      if transcript.isBroken { return .breach }
      if (transcript.stage, transcript.query) != stage {
        stage = (transcript.stage, transcript.query)
        seconds = limit(of: stage.0)
        if stage.0 != .create { deadline = after(monotonicNanoseconds(), seconds) }
      }
      if transcript.isFinished && !isFinished {
        isFinished = true
        watch.samplePeak()
        _ = send(watch.control, "\n", 1, Int32(MSG_NOSIGNAL))
        seconds = WorkerProcess.farewellSeconds
        deadline = after(monotonicNanoseconds(), seconds)
      }
    }
  }

  private func limit(of stage: WorkerMessage.Stage) -> Double {
    switch stage {
    case .load, .create: limits.loadSeconds
    // Whoever only frees needs no more, however long packages take to load.
    case .destroy: min(limits.loadSeconds, 10)
    case .fit: limits.fitSeconds
    case .predict: limits.predictSeconds
    }
  }

  private func after(_ start: Int64, _ seconds: Double) -> Int64 {
    start + Int64((min(max(seconds, 0), 1e9) + WorkerProcess.grace) * 1e9)
  }

  /// Waits for messages, output or the end; true at the end.
  private func waitForNews(
    _ watch: inout Watch, _ transcript: inout Transcript, milliseconds: Int32
  ) -> Bool {
    let input = Int16(POLLIN)
    var polled = [watch.process.pidfd, watch.control, watch.output, watch.error].map {
      pollfd(fd: $0, events: input, revents: 0)
    }
    let count = poll(&polled, nfds_t(polled.count), milliseconds)
    if count == 0 { watch.samplePeak() }
    if count > 0 { readAll(&watch, &transcript, polled.dropFirst().map { $0.revents != 0 }) }
    guard watch.process.pidfd < 0 || polled[0].revents != 0 else { return false }
    var end = assay_shim_exit()
    if let pid = watch.process.pid {
      guard assay_shim_reap(pid, 0, &end) != 0 else { return false }
    } else {
      end = WorkerProcess.unrecorded
    }
    watch.reaped = end
    return true
  }

  /// Reads once from each descriptor that has something, and forgets the ones at their end.
  private func readAll(
    _ watch: inout Watch, _ transcript: inout Transcript, _ ready: [Bool]
  ) {
    if ready[0], let bytes = take(&watch.control, &watch.buffer) {
      let now = monotonicNanoseconds()
      let messages = watch.buffer.withUnsafeBytes {
        watch.reader.read(
          UnsafeRawBufferPointer(rebasing: $0[..<bytes]), after: Double(now - watch.start) * 1e-9)
      }
      for message in messages {
        transcript.take(message, at: now)
        // The worker waits for this, so that no stage begins before the clock has noted it.
        if case .stage = message { _ = send(watch.control, "\n", 1, Int32(MSG_NOSIGNAL)) }
      }
      if let breach = watch.reader.breach { transcript.breakOff(breach) }
    }
    if ready[1], let bytes = take(&watch.output, &watch.buffer) {
      watch.buffer.withUnsafeBytes {
        watch.capture.output.add(UnsafeRawBufferPointer(rebasing: $0[..<bytes]))
      }
    }
    if ready[2], let bytes = take(&watch.error, &watch.buffer) {
      watch.buffer.withUnsafeBytes {
        watch.capture.error.add(UnsafeRawBufferPointer(rebasing: $0[..<bytes]))
      }
    }
  }

  /// Reads into the buffer; sets the descriptor to -1 at its end, which `poll` then passes over.
  private func take(_ descriptor: inout Int32, _ buffer: inout [UInt8]) -> Int? {
    let count = read(descriptor, &buffer, buffer.count)
    if count > 0 { return count }
    if count == 0 || (errno != EAGAIN && errno != EINTR) { descriptor = -1 }
    return nil
  }

  /// Kills what is left, collects the last words and the costs.
  private func end(
    _ watch: inout Watch, _ transcript: inout Transcript, _ cut: ProcessEnd.Cut?, record: Int32
  ) -> ProcessEnd {
    let process = watch.process
    var exit = watch.reaped ?? WorkerProcess.unrecorded
    if watch.reaped == nil {
      watch.samplePeak()
      // The supervisor of a room ends all that is in it and tells what it took.
      if launch.wantsSpaces { process.askToEnd() }
      if let pid = process.pid { kill(-pid, SIGKILL) }
      process.signal(SIGKILL)
      if let pid = process.pid {
        _ = assay_shim_reap(pid, 1, &exit)
      } else {
        process.awaitEnd(milliseconds: 10_000)
      }
    }
    // The leader is reaped, so whoever still answers in its group was left behind. In a room none is.
    var leftProcess = false
    if let pid = process.pid {
      leftProcess = kill(-pid, SIGKILL) == 0
      if transcript.sandbox?.seccomp != true {
        leftProcess = LeftProcesses.kill(launch.token) || leftProcess
      }
    }
    let supervised = WorkerLaunch.record(from: record)
    if let supervised { exit = supervised }
    // A pipe holds 64 KB; more than a few rounds would be somebody who is still writing.
    for _ in 0..<32 { readAll(&watch, &transcript, [true, true, true]) }
    transcript.end(at: monotonicNanoseconds())
    // What the worker took over from its parent cannot be told from its own unless it is more.
    var own = rusage()
    getrusage(RUSAGE_SELF.rawValue, &own)
    let reported = Int(exit.peak_resident_bytes)
    let isOwn = supervised != nil || reported > own.ru_maxrss * 1024
    let peak = isOwn ? reported : watch.peakResident
    return ProcessEnd(
      exitStatus: exit.status, signal: exit.signal, cpuSeconds: exit.cpu_seconds,
      peakResidentBytes: peak, cut: cut, output: watch.capture.output,
      error: watch.capture.error, leftProcess: leftProcess)
  }
}

/// The high-water mark of a process's resident memory in bytes; 0 when it cannot be read.
private func residentPeak(of pid: pid_t) -> Int {
  guard let text = readSmallFile("/proc/\(pid)/status") else { return 0 }
  for line in text.split(separator: "\n") where line.hasPrefix("VmHWM:") {
    return line.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }.first.map {
      $0 * 1024
    } ?? 0
  }
  return 0
}
