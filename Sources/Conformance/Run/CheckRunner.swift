internal import Contracts
internal import Documents
internal import Glibc
internal import Metrics
package import PluginHost
internal import Synchronization

/// Runs checks on a plugin, each in a worker of its own.
package struct CheckRunner: Sendable {
  private let host: PluginHost
  private let plugin: String

  /// The executable of `host` runs `CheckWorker.script` in its workers.
  package init(host: PluginHost, plugin: String) {
    self.host = host
    self.plugin = plugin
  }

  /// One check on one thing.
  private struct Task: Sendable {
    var check: Check
    var method: MethodDescription?
    var claim: Int?

    /// The claimed task where the method claims several.
    var taskName: String? {
      guard let method, method.claims.count > 1 else { return nil }
      return claim.map { claim in
        let task = method.claims[claim].task
        let alike = method.claims.indices.filter { method.claims[$0].task == task }
        guard alike.count > 1, let place = alike.firstIndex(of: claim) else { return task }
        return "\(task) (\(place + 1))"
      }
    }
    /// The method and the task, as a listing has them.
    var name: String { CheckResult.name(method: method?.id, task: taskName) }
  }

  /// Runs the checks, `jobs` at a time; a file that cannot be read is an error.
  ///
  /// `method` limits the checks to one method. `onResult` is told each result in the order of the
  /// report, as soon as it and all before it are there.
  package func run(
    _ checks: [Check] = Check.all, method: String? = nil, jobs: Int = 1,
    onResult: @escaping @Sendable (CheckProgress) -> Void = { _ in }
  ) throws(PluginError) -> CheckReport {
    var methods: [MethodDescription] = []
    var unreadable: PluginError?
    switch host.describe(plugin) {
    case .success(let description): methods = description.methods
    case .failure(let error) where error.code == "unreadable": throw error
    case .failure(let error): unreadable = error
    }
    if let method, unreadable == nil {
      methods.removeAll { $0.id != method }
      guard !methods.isEmpty else {
        throw PluginError(code: "no-method", message: "'\(plugin)' has no method '\(method)'")
      }
    }
    let problem = unreadable
    let tasks = plan(checks, methods, isReadable: unreadable == nil)
    let board = Board(names: tasks.map(\.name), onResult: onResult)
    // What others build on comes first, so that they can be left out when it hangs.
    for footing in Footing.allCases {
      let indices = tasks.indices.filter { tasks[$0].check.footing == footing }
      let next = Atomic(0)
      onThreads(max(1, min(jobs, indices.count))) {
        while true {
          let place = next.add(1, ordering: .relaxed).oldValue
          guard place < indices.count else { return }
          let task = tasks[indices[place]]
          let (result, isDeadEnd) = self.result(of: task, problem, board.reason(toSkip: task))
          board.put(result, at: indices[place], isDeadEnd ? task : nil)
        }
      }
    }
    return CheckReport(plugin: plugin, results: board.all)
  }

  /// The results as they come, and what they tell about the checks that are left.
  private final class Board: Sendable {
    private struct State {
      var results: [CheckResult?]
      var told = 0
      var deadEnds = DeadEnds()
    }

    private let state: Mutex<State>
    private let nameWidth: Int
    private let onResult: @Sendable (CheckProgress) -> Void

    init(names: [String], onResult: @escaping @Sendable (CheckProgress) -> Void) {
      state = Mutex(State(results: [CheckResult?](repeating: nil, count: names.count)))
      nameWidth = names.map(\.count).max() ?? 0
      self.onResult = onResult
    }

    var all: [CheckResult] { state.withLock { $0.results.compactMap { $0 } } }

    func reason(toSkip task: Task) -> String? {
      state.withLock {
        $0.deadEnds.reason(toSkip: task.check, method: task.method?.id, claim: task.claim)
      }
    }

    func put(_ result: CheckResult, at index: Int, _ deadEnd: Task?) {
      state.withLock { state in
        state.results[index] = result
        if let deadEnd {
          state.deadEnds.add(
            deadEnd.check, method: deadEnd.method?.id, claim: deadEnd.claim,
            reason: result.reason)
        }
        while state.told < state.results.count, let next = state.results[state.told] {
          state.told += 1
          onResult(
            CheckProgress(
              result: next, done: state.told, total: state.results.count, nameWidth: nameWidth))
        }
      }
    }
  }

  private func plan(
    _ checks: [Check], _ methods: [MethodDescription], isReadable: Bool
  ) -> [Task] {
    let library = checks.filter { $0.scope == .library }.map { Task(check: $0) }
    guard isReadable else {
      return library + checks.filter { $0.scope != .library }.map { Task(check: $0) }
    }
    return library
      + methods.flatMap { method in
        checks.filter { $0.scope != .library }.flatMap { check -> [Task] in
          guard check.scope == .task else { return [Task(check: check, method: method)] }
          let known = method.claims.indices.filter {
            Contract.named(method.claims[$0].task) != nil
          }
          return known.isEmpty
            ? [Task(check: check, method: method)]
            : known.map { Task(check: check, method: method, claim: $0) }
        }
      }
  }

  private func result(
    of task: Task, _ unreadable: PluginError?, _ reasonToSkip: String?
  ) -> (result: CheckResult, isDeadEnd: Bool) {
    let start = readClock()
    let answer =
      reasonToSkip.map { CheckAnswer(outcome: .skip, reason: $0) } ?? answer(to: task, unreadable)
    let result = CheckResult(
      check: task.check, method: task.method?.id, task: task.taskName,
      outcome: answer.outcome, reason: answer.reason, seconds: readClock() - start)
    return (result, answer.isDeadEnd)
  }

  private func answer(to task: Task, _ unreadable: PluginError?) -> CheckAnswer {
    if task.check.scope != .library && task.method == nil {
      let reason = unreadable?.message ?? "the library has no method"
      return CheckAnswer(outcome: .skip, reason: "the methods cannot be read: \(reason)")
    }
    switch task.check.body {
    case .once: return ask(task, round: 0, threads: 1)
    case .compared(let threads, _, let judge):
      var evidence: [JSON] = []
      for (round, count) in threads.enumerated() {
        let answer = ask(task, round: round, threads: count)
        guard answer.outcome == .pass else { return answer }
        evidence.append(answer.evidence)
      }
      do {
        return CheckAnswer(outcome: .pass, reason: try judge(evidence))
      } catch let finding as Finding {
        return CheckAnswer(outcome: finding.outcome, reason: finding.reason)
      } catch {
        return CheckAnswer(outcome: .skip, reason: "the check itself failed: \(error)")
      }
    }
  }

  private func ask(_ task: Task, round: Int, threads: Int) -> CheckAnswer {
    let arguments: JSON = [
      "check": .string(task.check.id), "method": task.method?.json ?? .null,
      "claim": task.claim.map { JSON($0) } ?? .null, "round": JSON(round),
    ]
    do {
      let outcome = try host.runScript(
        on: plugin, arguments: arguments, seconds: task.check.seconds, threads: threads)
      if let failure = outcome.failure {
        return CheckAnswer(
          outcome: .crash, reason: failure.message,
          isDeadEnd: ["deadline", "cpu-limit"].contains(failure.kind))
      }
      return outcome.answer.flatMap(CheckAnswer.init)
        ?? CheckAnswer(outcome: .crash, reason: "the worker left without an answer")
    } catch {
      return CheckAnswer(outcome: .skip, reason: "no worker could be started: \(error.message)")
    }
  }
}

/// Runs `body` on `count` threads and waits for all of them.
private func onThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var threads: [pthread_t] = []
  for _ in 1..<count {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let status = pthread_create(
      &thread, nil,
      { argument in
        // Unsafe invariant: the argument is the box retained for this one thread.
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    if status == 0 { threads.append(thread) } else { box.release() }
  }
  body()
  for thread in threads { pthread_join(thread, nil) }
}
