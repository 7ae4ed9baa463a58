import Contracts
import Documents
import Foundation
import PluginHost
import Tensors
import Testing

/// What a misbehaving method has to come out as.
struct Expected: Sendable, CustomTestStringConvertible {
  var method: String
  var status: TrialOutcome.Status
  var kind: String
  var stage = "predict"
  var signal: String?
  var limits = Limits(fitSeconds: 5, predictSeconds: 5)
  var shape: Shape? = [3, 3]
  /// Part of the failure's sentence.
  var says: String?
  var testDescription: String { method }
}

private let impatient = Limits(fitSeconds: 1, predictSeconds: 0.5)
private let small = Limits(fitSeconds: 20, predictSeconds: 20, memoryBytes: 1 << 30)

private let table = [
  Expected(
    method: "null-write", status: .crashed, kind: "null-access", signal: "SIGSEGV"),
  Expected(
    method: "fit-null-write", status: .crashed, kind: "null-access", stage: "fit",
    signal: "SIGSEGV"),
  Expected(method: "abort", status: .crashed, kind: "signal", signal: "SIGABRT"),
  Expected(
    method: "endless-recursion", status: .crashed, kind: "stack-overflow", signal: "SIGSEGV"),
  Expected(method: "spin", status: .timeout, kind: "deadline", limits: impatient),
  Expected(
    method: "spin", status: .timeout, kind: "cpu-limit", signal: "SIGXCPU",
    limits: Limits(predictSeconds: 20, cpuSeconds: 1)),
  Expected(
    method: "sleep-ignoring-sigterm", status: .timeout, kind: "deadline", limits: impatient),
  Expected(
    method: "allocate-forever", status: .outOfMemory, kind: "memory", limits: small,
    says: "no more"),
  Expected(
    method: "allocate-unchecked", status: .outOfMemory, kind: "signal", signal: "SIGSEGV",
    limits: small, says: "memory ran out"),
  Expected(method: "exit-zero", status: .leftEarly, kind: "exit"),
  Expected(method: "exit-three", status: .crashed, kind: "exit-status", says: "status 3"),
  Expected(method: "destroy-exit", status: .leftEarly, kind: "exit", stage: "destroy"),
  Expected(
    method: "output-unwritten", status: .contractBreach, kind: "output-unwritten",
    stage: "check", says: "1 of the 9 values"),
  Expected(
    method: "nan-output", status: .contractBreach, kind: "nan-output", stage: "check",
    says: "the first at [1, 0]"),
  Expected(
    method: "wrong-shape", status: .error, kind: "contract", shape: nil,
    says: "has shape [4, 3] where [3, any] is wanted"),
  Expected(
    method: "write-input", status: .crashed, kind: "write-input", signal: "SIGSEGV",
    says: "'query.features'"),
  Expected(
    method: "read-kept", status: .crashed, kind: "input-bounds", signal: "SIGSEGV",
    says: "'train.features'"),
  Expected(
    method: "overrun", status: .contractBreach, kind: "output-bounds", stage: "check",
    says: "'logits'"),
  Expected(
    method: "overrun-far", status: .crashed, kind: "output-bounds", signal: "SIGSEGV",
    says: "'logits'"),
  Expected(
    method: "error-status", status: .error, kind: "numeric", says: "the matrix is singular"),
  Expected(method: "silent-error", status: .error, kind: "unknown-status", says: "status 63"),
  Expected(method: "forge", status: .error, kind: "protocol"),
]

@Suite("Misbehaving plugins are contained and told apart", .serialized)
struct ContainmentTests {
  @Test("each failure has its status, kind and stage, and the next trial runs", arguments: table)
  func contained(expected: Expected) throws {
    for sandbox in [true, false] {
      let outcome = try Fixtures.misbehave(
        expected.method, limits: expected.limits, sandbox: sandbox, shape: expected.shape)
      let failure = try #require(outcome.failure)
      #expect(outcome.status == expected.status, "\(failure)")
      #expect(failure.kind == expected.kind, "\(failure)")
      #expect(failure.stage == expected.stage)
      #expect(failure.signal == expected.signal)
      if let says = expected.says {
        #expect(failure.message.contains(says), "\(failure.message)")
      }
      #expect(outcome.outputs.isEmpty)
    }
    #expect(try Fixtures.misbehave("behave").status == .ok)
  }

  @Test("a deadline is kept, long before the method would wake up")
  func deadline() throws {
    let job = try Fixtures.job("misbehave", "sleep-ignoring-sigterm", limits: impatient)
    let start = ContinuousClock.now
    #expect(Fixtures.host.run(job).status == .timeout)
    // Half a second and what a machine with other work needs for it.
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test("a method may call its inputs unsupported in fit, not once it has seen what it is asked")
  func refusal() throws {
    let early = try Fixtures.misbehave("unsupported-fit")
    #expect(early.status == .unsupported && early.failure?.kind == "unsupported")
    let late = try Fixtures.misbehave("unsupported-predict")
    #expect(late.status == .error && late.failure?.kind == "refusal")
    #expect(late.failure?.message.contains("not these rows") == true)
  }

  @Test("the end of stderr is kept with a failure")
  func stderrTail() throws {
    let failure = try #require(try Fixtures.misbehave("abort").failure)
    #expect(failure.stderrTail == "about to abort\n")
  }

  @Test("running out of memory is seen before the machine suffers")
  func peak() throws {
    let outcome = try Fixtures.misbehave("allocate-forever", limits: small)
    #expect(outcome.peakResidentBytes > 200 << 20 && outcome.peakResidentBytes < 1100 << 20)
  }

  @Test("a Swift trap is an illegal instruction with the runtime's message")
  func swiftTrap() throws {
    var job = try Fixtures.job("echo", "swift-trap")
    job.plugin = Fixtures.products.appending(path: "libfixture-swift-trap.so").path
    let outcome = Fixtures.host.run(job)
    let failure = try #require(outcome.failure)
    #expect(outcome.status == .crashed && failure.kind == "signal", "\(failure)")
    #expect(["SIGILL", "SIGTRAP"].contains(failure.signal))
    #expect(failure.stderrTail.contains("Index out of range"))
  }

  @Test("128 MB of output are survived, counted and dropped")
  func flood() throws {
    let outcome = try Fixtures.misbehave("flood")
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    #expect(outcome.warnings.map(\.code) == ["stdout", "output-flood", "output-flood"])
    #expect(outcome.warnings.allSatisfy { $0.text.contains("67108864 bytes") })
  }

  @Test("changed floating-point modes are restored and reported")
  func floatingPoint() throws {
    let changed = try Fixtures.misbehave("change-rounding")
    #expect(changed.status == .ok)
    #expect(changed.warnings.map(\.code) == ["fp-state"])
    #expect(changed.warnings.first?.text.hasPrefix("predict changed") == true)
    let loaded = Fixtures.host.run(try Fixtures.job("flush_to_zero", "flush"))
    #expect(loaded.warnings.map(\.code) == ["fp-state"])
    #expect(loaded.warnings.first?.text.hasPrefix("loading the library changed") == true)
    #expect(loaded.outputs.first?["logits"]?.floats.allSatisfy { $0 == 1 } == true)
  }

  @Test(
    "a library that is no plugin of this ABI says why",
    arguments: [
      ("wrong_major", "abi-major", "built for ABI 2.0"),
      ("refuses_host", "abi-major", "refuses a host of ABI 1.0"),
      ("no_entry", "no-entry", "exports no function"),
      ("undefined_symbol", "dlopen", "fixture_missing"),
      ("echo", "no-method", "it has echo, echo-file"),
    ])
  func loading(plugin: String, kind: String, says: String) throws {
    let outcome = Fixtures.host.run(try Fixtures.job(plugin, "nothing"))
    let failure = try #require(outcome.failure)
    #expect(outcome.status == .loadFailed && failure.kind == kind, "\(failure)")
    #expect(failure.message.contains(says), "\(failure.message)")
  }

  @Test("a missing file, a text file and a missing worker are load failures")
  func missing() throws {
    var job = try Fixtures.job("echo", "echo")
    job.plugin = "/nonexistent/libassay-x.so"
    #expect(Fixtures.host.run(job).failure?.kind == "unreadable")
    job.plugin = #filePath
    #expect(Fixtures.host.run(job).failure?.kind == "dlopen")
    job = try Fixtures.job("echo", "echo")
    job.executable = "/nonexistent/assay"
    #expect(Fixtures.host.run(job).failure?.kind == "spawn")
    job.executable = "/bin/true"
    #expect(Fixtures.host.run(job).status == .leftEarly)
  }
}
