internal import Documents
internal import Glibc
package import PluginHost
internal import Synchronization
internal import Tensors

/// How far a run is, for whoever shows it.
package struct Progress: Sendable {
  package var total: Int
  package var done: Int
  package var failed: Int
  /// Trials taken over from the store.
  package var reused: Int
  package var elapsedSeconds: Double

  package init(total: Int, done: Int, failed: Int, reused: Int, elapsedSeconds: Double) {
    self.total = total
    self.done = done
    self.failed = failed
    self.reused = reused
    self.elapsedSeconds = elapsedSeconds
  }

  /// The time left, from the mean time of the trials that ran; nil before the first.
  package var secondsLeft: Double? {
    let ran = done - reused
    guard ran > 0 else { return nil }
    return elapsedSeconds / Double(ran) * Double(total - done)
  }
}

/// What became of a run.
package struct RunResult {
  package var records: [TrialRecord]
  /// False when it was interrupted.
  package var isComplete: Bool
  package var reused: Int
  /// The weakest confinement of any trial that ran; nil when none did.
  package var sandbox: SandboxState?
}

/// Runs planned trials in parallel, each stored the moment it ends.
package struct Run {
  package var trials: [PlannedTrial]
  package var runner: any TrialExecutor
  package var store: TrialStore
  package var jobs: Int
  /// Which trials of the store stand for the same work.
  package var reuses: (TrialRecord) -> Bool
  /// Stops after the first trial that fails.
  package var failsFast: Bool

  package init(
    trials: [PlannedTrial], runner: any TrialExecutor, store: TrialStore, jobs: Int,
    failsFast: Bool = false, reuses: @escaping (TrialRecord) -> Bool
  ) {
    self.trials = trials
    self.runner = runner
    self.store = store
    self.jobs = jobs
    self.failsFast = failsFast
    self.reuses = reuses
  }

  /// Runs everything that the store does not hold yet.
  ///
  /// `interrupted` is asked ten times a second; once it says yes, nothing new starts and the trials
  /// in flight are given up. Throws when the store cannot be written.
  package func start(
    progress: (Progress) -> Void, interrupted: () -> Bool
  ) throws -> RunResult {
    let wanted = Set(trials.map(\.id))
    let known = Dictionary(
      store.existing.filter { wanted.contains($0.id) && reuses($0) }.map { ($0.id, $0) },
      uniquingKeysWith: { _, last in last })
    var records = [TrialRecord?](repeating: nil, count: trials.count)
    for (index, trial) in trials.enumerated() { records[index] = known[trial.id] }
    let open = records.indices.filter { records[$0] == nil }
    let reused = trials.count - open.count

    let begin = monotonicSeconds()
    var state = Progress(
      total: trials.count, done: reused, failed: 0, reused: reused, elapsedSeconds: 0)
    progress(state)
    let board = Board(open: open)
    launch(board)

    var isInterrupted = false
    while state.done < trials.count {
      let (finished, problem) = board.collect(waitingMilliseconds: 100)
      for (index, record, columns) in finished {
        try store.append(record, columns)
        records[index] = record
        state.done += 1
        if record.status != .ok && record.status != .unsupported {
          state.failed += 1
          if failsFast { isInterrupted = true }
        }
      }
      if let problem { throw StoreError(description: problem) }
      state.elapsedSeconds = monotonicSeconds() - begin
      progress(state)
      if isInterrupted || interrupted() {
        isInterrupted = true
        break
      }
    }
    board.stop()
    return RunResult(
      records: records.compactMap(\.self).settlingRefusals, isComplete: !isInterrupted,
      reused: reused,
      sandbox: board.sandbox)
  }

  /// Starts the threads that take trials off the board until none is left.
  private func launch(_ board: Board) {
    let (trials, runner) = (trials, runner)
    detachThreads(min(jobs, trials.count)) {
      while let index = board.take() {
        var result = runner.run(trials[index])
        result.record = result.record.rounded()
        do {
          var kept: [Tensor] = []
          func digests(_ columns: [String: Tensor]) throws(StoreError) -> [String: Digest] {
            kept += columns.values
            return try TrialStore.digests(of: columns)
          }
          result.record.samples = try digests(result.columns)
          result.record.partSamples = try digests(result.partColumns)
          result.record.groupSamples = try digests(result.groupColumns)
          board.finish(index, result.record, kept, result.sandbox)
        } catch {
          board.fail("cannot keep the per-sample outcomes: \(error)")
        }
      }
    }
  }
}

/// The trials still to run and those that ended, shared between the run and its threads.
private final class Board: Sendable {
  typealias Finished = (index: Int, record: TrialRecord, columns: [Tensor])

  private struct State {
    var open: ArraySlice<Int>
    var finished: [Finished] = []
    var problem: String?
    var sandbox: SandboxState?
  }
  private let state: Mutex<State>
  /// A byte in this pipe wakes the run when a trial ends.
  private let bell: (read: Int32, write: Int32)

  init(open: [Int]) {
    state = Mutex(State(open: open[...]))
    var ends: [Int32] = [-1, -1]
    // Without a pipe the run still wakes up every 100 ms.
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
    }
    bell = (ends[0], ends[1])
  }

  deinit {
    close(bell.read)
    close(bell.write)
  }

  func take() -> Int? { state.withLock { $0.open.popFirst() } }

  var sandbox: SandboxState? { state.withLock { $0.sandbox } }

  func finish(_ index: Int, _ record: TrialRecord, _ columns: [Tensor], _ sandbox: SandboxState?) {
    state.withLock { state in
      state.finished.append((index, record, columns))
      guard let sandbox else { return }
      state.sandbox = state.sandbox?.weakest(sandbox) ?? sandbox
    }
    ring()
  }

  func fail(_ problem: String) {
    state.withLock {
      $0.problem = problem
      $0.open = []
    }
    ring()
  }

  func stop() { state.withLock { $0.open = [] } }

  func collect(waitingMilliseconds: Int32) -> (finished: [Finished], problem: String?) {
    var wait = pollfd(fd: bell.read, events: Int16(POLLIN), revents: 0)
    if poll(&wait, 1, waitingMilliseconds) > 0 {
      var bytes = [UInt8](repeating: 0, count: 256)
      while read(bell.read, &bytes, bytes.count) == bytes.count {}
    }
    return state.withLock { state in
      defer { state.finished = [] }
      return (state.finished, state.problem)
    }
  }

  private func ring() {
    var byte: UInt8 = 1
    _ = write(bell.write, &byte, 1)
  }
}
