import Contracts
import Documents
import Foundation
import PluginHost
import Tensors
import Testing

/// Whether this kernel has both means; the suites below are about what they forbid.
private let hasSandbox: Bool = {
  guard let job = try? Fixtures.job("echo", "echo") else { return false }
  let state = Fixtures.host.run(job).sandbox
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
    if sandbox && outcome.sandbox.landlockABI != nil {
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
