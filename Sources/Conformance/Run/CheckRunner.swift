internal import Contracts
internal import Documents
internal import Glibc
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
  }

  /// Runs the checks, `jobs` at a time; a file that cannot be read is an error.
  ///
  /// `method` limits the checks to one method. `onResult` is told each result as it comes.
  package func run(
    _ checks: [Check] = Check.all, method: String? = nil, jobs: Int = 1,
    onResult: @escaping @Sendable (CheckResult) -> Void = { _ in }
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
    let results = Mutex([CheckResult?](repeating: nil, count: tasks.count))
    let next = Atomic(0)
    onThreads(max(1, min(jobs, tasks.count))) {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < tasks.count else { return }
        let result = self.result(of: tasks[index], problem)
        results.withLock { $0[index] = result }
        onResult(result)
      }
    }
    return CheckReport(plugin: plugin, results: results.withLock { $0.compactMap { $0 } })
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

  private func result(of task: Task, _ unreadable: PluginError?) -> CheckResult {
    let start = readClock()
    let answer = answer(to: task, unreadable)
    let hasSeveral = (task.method?.claims.count ?? 0) > 1
    return CheckResult(
      check: task.check, method: task.method?.id,
      task: hasSeveral ? task.claim.flatMap { task.method?.claims[$0].task } : nil,
      outcome: answer.outcome, reason: answer.reason, seconds: readClock() - start)
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
        return CheckAnswer(outcome: .crash, reason: failure.message)
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
