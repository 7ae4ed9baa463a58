import Contracts
import Documents
import Foundation
import PluginHost
import Tensors
import Testing

@Suite("A well-behaved plugin", .serialized)
struct EndToEndTests {
  @Test("a plain C plugin fits, predicts and reports", arguments: [Isolation.process, .none])
  func echo(isolation: Isolation) throws {
    let outcome = Fixtures.host.run(try Fixtures.job("echo", "echo", isolation: isolation))
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    let logits = try #require(outcome.outputs.first?["logits"])
    #expect(logits.floats == [4, 5, 6, 8, 9, 10, 12, 13, 14])
    #expect(outcome.notes == ["fitted"])
    #expect(outcome.warnings == [.init(code: "log", text: "be careful")])
    #expect(outcome.selfReported == ["config_bytes": 2])
    #expect(outcome.timing.load > 0 && outcome.timing.fit > 0 && outcome.timing.predict > 0)
    #expect(outcome.sandbox?.process == (isolation == .process))
    if isolation == .process {
      #expect(outcome.cpuSeconds > 0 && outcome.peakResidentBytes > 1 << 20)
    }
  }

  @Test("the means of confinement that were in force are named")
  func sandboxState() throws {
    let with = try #require(Fixtures.host.run(try Fixtures.job("echo", "echo")).sandbox)
    #expect(with.noNewPrivileges)
    #expect(with.landlockABI != nil || with.missing.contains { $0.hasPrefix("landlock") })
    #expect(with.seccomp || with.missing.contains { $0.hasPrefix("seccomp") })
    let unconfined = try Fixtures.job("echo", "echo", sandbox: false)
    let without = try #require(Fixtures.host.run(unconfined).sandbox)
    #expect(without.landlockABI == nil && !without.seccomp && without.noNewPrivileges)
  }

  @Test("the scratch folder can be used and is gone afterwards", arguments: [true, false])
  func scratch(sandbox: Bool) throws {
    let outcome = Fixtures.host.run(try Fixtures.job("echo", "echo-file", sandbox: sandbox))
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    let folder = try #require(outcome.notes.last)
    #expect(folder.contains("/assay-") && !FileManager.default.fileExists(atPath: folder))
  }

  @Test("several query sets are answered one after the other")
  func querySets() throws {
    var job = try Fixtures.job("echo", "echo")
    let other = QuerySet(
      name: "shifted",
      inputs: [
        TensorSource(name: "query.features", tensor: Tensor([Float(0), 1], shape: [1, 2]))
      ],
      outputs: [OutputSpec(name: "logits", dtype: .f32, shape: [1, 3])])
    job.queries.append(other)
    let outcome = Fixtures.host.run(job)
    #expect(outcome.outputs.map { $0["logits"]?.shape } == [[3, 3], [1, 3]])
    #expect(outcome.outputs.last?["logits"]?.floats == [2, 3, 4])
  }

  @Test("sets without rows pass through")
  func noRows() throws {
    var job = try Fixtures.job("echo", "echo")
    job.fit = []
    job.queries[0].inputs = [
      TensorSource(name: "query.features", tensor: Tensor([Float](), shape: [0, 2]))
    ]
    job.queries[0].outputs[0].shape = [0, 3]
    let outcome = Fixtures.host.run(job)
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    #expect(outcome.outputs.first?["logits"]?.count == 0)
  }

  @Test("an output larger than a page arrives whole")
  func largeOutput() throws {
    var job = try Fixtures.job("echo", "echo")
    let rows = 2000
    let features = Tensor((0..<rows * 2).map { Float($0) }, shape: [rows, 2])
    job.queries[0].inputs = [TensorSource(name: "query.features", tensor: features)]
    job.queries[0].outputs[0].shape = [rows, 7]
    let outcome = Fixtures.host.run(job)
    let logits = try #require(outcome.outputs.first?["logits"]?.floats)
    #expect(logits[7 * 1999 + 6] == 3998 + 3999 + 6 + 1)
  }

  @Test("an output of open shape is allocated by the plugin")
  func openShape() throws {
    let outcome = try Fixtures.misbehave("alloc-output", shape: nil)
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    #expect(outcome.outputs.first?["logits"]?.floats == [0, 1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test("sources with one sharing key are written once")
  func sharing() throws {
    let writes = Counter()
    let source = TensorSource(
      name: "query.features", dtype: .f32, shape: [3, 2], sharingKey: "set-1"
    ) { bytes in
      writes.increment()
      bytes.copyBytes(from: [Float(1), 2, 3, 4, 5, 6].withUnsafeBytes(Array.init))
    }
    for _ in 0..<3 {
      var job = try Fixtures.job("echo", "echo")
      job.queries[0].inputs = [source]
      #expect(Fixtures.host.run(job).status == .ok)
    }
    #expect(writes.value == 1)
  }

  @Test("jobs run from several threads at once")
  func concurrent() async throws {
    let job = try Fixtures.job("echo", "echo")
    let results = await withTaskGroup(of: [Float]?.self) { group in
      for _ in 0..<8 {
        group.addTask { Fixtures.host.run(job).outputs.first?["logits"]?.floats }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results == Array(repeating: [4, 5, 6, 8, 9, 10, 12, 13, 14], count: 8))
  }

  @Test("stopping the host ends the trials that run")
  func stop() throws {
    let host = PluginHost(executable: Fixtures.host.executable)
    let job = try Fixtures.job(
      "misbehave", "sleep-ignoring-sigterm", limits: Limits(predictSeconds: 60))
    // A thread of its own: other tests may block every thread of the cooperative pool.
    Thread.detachNewThread {
      usleep(200_000)
      host.stop()
    }
    let failure = try #require(host.run(job).failure)
    #expect(failure.kind == "stopped")
    #expect(host.run(job).failure?.kind == "stopped")
  }

  @Test("an input that the contract does not have is refused before anything runs")
  func unknownInput() throws {
    var job = try Fixtures.job("echo", "echo")
    job.fit.append(TensorSource(name: "test.labels", tensor: Tensor([Int32(0)], shape: [1])))
    let outcome = Fixtures.host.run(job)
    #expect(outcome.status == .error && outcome.failure?.kind == "unknown-input")
    #expect(outcome.failure?.stage == "plan")
  }

  @Test("an input whose width differs from another's is refused before anything runs")
  func wrongWidth() throws {
    var job = try Fixtures.job("echo", "echo")
    job.queries[0].inputs = [
      TensorSource(name: "query.features", tensor: Tensor([Float(1), 2, 3], shape: [1, 3]))
    ]
    let failure = try #require(Fixtures.host.run(job).failure)
    #expect(failure.kind == "shape-input")
    #expect(failure.message.contains("D is 2 by 'train.features'"))
  }
}

/// A number that several threads add to.
final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0
  var value: Int { lock.withLock { count } }
  func increment() { lock.withLock { count += 1 } }
}
