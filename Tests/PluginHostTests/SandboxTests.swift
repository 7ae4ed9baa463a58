import Contracts
import Documents
import Foundation
import PluginHost
import Tensors
import Testing

/// Whether this kernel has both means; the suites below are about what they forbid.
private let hasSandbox: Bool = {
  guard let job = try? Fixtures.job("echo", "echo") else { return false }
  guard let state = Fixtures.host.run(job).sandbox else { return false }
  return state.landlockABI != nil && state.seccomp
}()

@Suite("What the sandbox forbids", .serialized)
struct SandboxTests {
  @Test(
    "every try is refused with it", .enabled(if: hasSandbox, "no Landlock or no seccomp here"),
    arguments: ["network", "processes", "read-file", "write-outside"])
  func refused(method: String) throws {
    let outcome = try Fixtures.misbehave(method)
    #expect(outcome.status == .ok, "allowed: \(outcome.failure?.message ?? "")")
  }

  @Test(
    "the same tries get through without it, so that the test above means something",
    arguments: ["network", "read-file", "write-outside"])
  func allowed(method: String) throws {
    let outcome = try Fixtures.misbehave(method, sandbox: false)
    #expect(outcome.failure?.kind == "internal")
  }

  @Test(
    "no process can be started", .enabled(if: hasSandbox, "no Landlock or no seccomp here"),
    arguments: ["left-child", "left-daemon"])
  func noChildren(method: String) throws {
    let failure = try #require(try Fixtures.misbehave(method).failure)
    #expect(failure.message == "Operation not permitted")
  }

  @Test(
    "without it a process left behind is killed and reported",
    arguments: ["left-child", "left-daemon"])
  func leftProcess(method: String) throws {
    let outcome = try Fixtures.misbehave(method, sandbox: false)
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    #expect(outcome.warnings.map(\.code) == ["left-process"])
  }

  @Test(
    "a kernel without one of the means runs the trial and says so",
    .enabled(if: hasSandbox, "no Landlock or no seccomp here"),
    arguments: [("444", "landlock"), ("SYS_seccomp", "seccomp")])
  func missingMeans(call: String, means: String) throws {
    let outcome = try run("echo", "echo-file", without: call)
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    let sandbox = try #require(outcome.sandbox)
    #expect(sandbox.missing.map { $0.hasPrefix("\(means): ") } == [true])
    #expect((sandbox.landlockABI != nil) == (means != "landlock"))
    #expect(sandbox.seccomp == (means != "seccomp"))
  }

  /// Runs a method on a kernel whose `call` fails.
  private func run(
    _ plugin: String, _ method: String, without call: String, error: String = "ENOSYS"
  ) throws -> TrialOutcome {
    let launcher = Fixtures.folder.appending(path: "without-\(call)-\(error)").path
    try Fixtures.compile(
      "cc",
      [
        "-Wall", "-Wextra", "-Werror", "-DWITHOUT=\(call)", "-DERROR=\(error)",
        "-DWORKER=\"\(Fixtures.host.executable)\"",
        Fixtures.sources.appending(path: "without_call.c").path, "-o", launcher,
      ])
    var job = try Fixtures.job(plugin, method)
    job.executable = launcher
    return Fixtures.host.run(job)
  }

  @Test(
    "a worker does without its room only where the kernel refuses a step",
    .enabled(if: SandboxState.offered.spaces, "no namespaces here"),
    arguments: [
      ("SYS_pivot_root", "EPERM", true), ("SYS_mount", "EACCES", true),
      ("SYS_clone", "ENOSYS", true), ("SYS_pivot_root", "EIO", false),
      ("SYS_mount", "ENOMEM", false), ("SYS_capset", "EIO", false),
    ])
  func fallback(call: String, error: String, isRefused: Bool) throws {
    // A thread of the worker would fail with clone too.
    let outcome = try run("echo", "echo", without: call, error: error)
    guard isRefused else {
      #expect(outcome.status == .loadFailed && outcome.failure?.kind == "worker-start")
      #expect(outcome.sandbox == nil)
      return
    }
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    #expect(outcome.sandbox?.spaces == false)
    #expect(outcome.sandbox?.missing.map { $0.hasPrefix("namespaces: ") } == [true])
  }

  @Test("of a worker that dies before it is confined nothing is said, neither good nor bad")
  func unknown() throws {
    var job = try Fixtures.job("echo", "echo")
    for executable in ["/bin/false", "/nonexistent"] {
      job.executable = executable
      let outcome = Fixtures.host.run(job)
      #expect(outcome.status != .ok && outcome.sandbox == nil)
    }
    job.executable = nil
    #expect(Fixtures.host.run(job).sandbox?.process == true)
  }

  /// The bytes of `pattern_byte` in misbehave.c: labels that only the host may hold.
  private static let pattern: [UInt8] = (0..<32).map {
    UInt8(truncatingIfNeeded: 37 * $0 + 11) ^ 0x5A
  }

  @Test(
    "a method that searches all its memory and descriptors finds no label",
    arguments: [true, false])
  func blind(sandbox: Bool) throws {
    let labels = Tensor(dtype: .i32, shape: [8]) { $0.copyBytes(from: Self.pattern) }
    let outcome = try Fixtures.misbehave(
      "label-spy", limits: Limits(predictSeconds: 60), sandbox: sandbox)
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    #expect(try #require(outcome.selfReported["pages"]) > 10)
    #expect(try #require(outcome.selfReported["descriptors"]) >= 4)
    #expect(outcome.selfReported["found"] == 0)
    if sandbox && outcome.sandbox?.landlockABI != nil {
      #expect(outcome.selfReported["maps"] == 0, "/proc/self/maps could be read")
    }
    withExtendedLifetime(labels) {}
  }

  @Test("the same method finds the pattern where it was handed over", arguments: [true, false])
  func notBlind(sandbox: Bool) throws {
    let query = Self.pattern.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(!query.contains { !$0.isFinite })
    let outcome = Fixtures.host.run(
      try Fixtures.job(
        "misbehave", "label-spy", limits: Limits(predictSeconds: 60), sandbox: sandbox,
        query: query + [0]))
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    #expect(try #require(outcome.selfReported["found"]) >= 1)
  }
}
