import Contracts
import Documents
import Foundation
import Tensors
import Testing

@testable import PluginHost

@Suite(
  "Workers that a server of trusted code forks", .serialized,
  .enabled(if: SandboxState.offered.spaces, "no namespaces here"))
struct ForkServerTests {
  private func host(_ executable: String = Fixtures.host.executable) -> PluginHost {
    PluginHost(
      executable: executable, cacheFolder: Fixtures.folder.appending(path: "served-cache").path)
  }

  /// Asks again and again for up to ten seconds, for what another process does in its own time.
  private func comes(_ condition: () -> Bool) -> Bool {
    for _ in 0..<200 where !condition() { usleep(50_000) }
    return condition()
  }

  private func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  private func isGone(_ pid: pid_t) -> Bool {
    let status = text("/proc/\(pid)/stat")
    return status.isEmpty || status.contains(") Z ")
  }

  @Test("they answer as workers do that are started from their file, one server for all")
  func same() throws {
    let host = host()
    var job = try Fixtures.job("echo", "echo-file")
    let served = (0..<3).map { _ in host.run(job) }
    let server = try #require(host.forkServer.pid)
    #expect(!isGone(server))
    // A job with an executable of its own is started from it.
    job.executable = host.executable
    let started = host.run(job)
    for outcome in served {
      #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
      #expect(outcome.sandbox == started.sandbox)
      #expect(outcome.outputs.map { $0["logits"]?.floats } == [[4, 5, 6, 8, 9, 10, 12, 13, 14]])
      #expect(outcome.notes.count == started.notes.count)
      #expect(outcome.peakResidentBytes > 1 << 20 && outcome.peakResidentBytes < 1 << 30)
      #expect(outcome.cpuSeconds > 0)
    }
    #expect(host.forkServer.pid == server)
  }

  @Test("the server has one thread, no tensor, no memory that it shares, and keeps no child")
  func bare() throws {
    let host = host()
    for method in ["echo", "echo-file"] {
      #expect(host.run(try Fixtures.job("echo", method)).status == .ok)
    }
    #expect(host.run(try Fixtures.job("misbehave", "abort")).status == .crashed)
    let server = try #require(host.forkServer.pid)
    #expect(text("/proc/\(server)/status").contains("Threads:\t1\n"))
    let mapped = text("/proc/\(server)/maps").split(separator: "\n")
    #expect(mapped.count > 10)
    #expect(!mapped.contains { $0.contains("rw-s") || $0.contains("memfd") })
    #expect(!mapped.contains { $0.contains("libassay-") })
    // Standard ones, the socket, and what tells of children that ended.
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server)/fd")
    #expect(open.count == 5, "\(open)")
    #expect(comes { text("/proc/\(server)/task/\(server)/children").isEmpty })
  }

  @Test("nothing that a trial changes in its process is there in the next")
  func fresh() throws {
    let host = host()
    let job = try Fixtures.job("intruder", "traces")
    let said = (0..<3).map { _ in host.run(job).selfReported }
    #expect(said[0]["variables"] == 0 && said[0]["umask"] == 0o22, "\(said)")
    #expect(said[1] == said[0] && said[2] == said[0], "\(said)")
  }

  @Test("a server that dies takes its workers along and is replaced")
  func death() throws {
    let host = host()
    let job = try Fixtures.job("echo", "echo")
    #expect(host.run(job).status == .ok)
    let first = try #require(host.forkServer.pid)
    kill(first, SIGKILL)
    #expect(comes { isGone(first) })
    #expect(host.run(job).status == .ok)
    let second = try #require(host.forkServer.pid)
    #expect(second != first)

    let sleeping = try Fixtures.job(
      "misbehave", "sleep-ignoring-sigterm", limits: Limits(predictSeconds: 60))
    Thread.detachNewThread {
      usleep(500_000)
      kill(second, SIGKILL)
    }
    let start = ContinuousClock.now
    let failure = try #require(host.run(sleeping).failure)
    #expect(failure.kind == "killed", "\(failure)")
    #expect(ContinuousClock.now - start < .seconds(40))
    #expect(host.run(job).status == .ok)
  }

  @Test("the server goes with its host, and is reaped")
  func end() throws {
    var server: pid_t = 0
    do {
      let host = host()
      #expect(host.run(try Fixtures.job("echo", "echo")).status == .ok)
      server = try #require(host.forkServer.pid)
    }
    #expect(text("/proc/\(server)/stat").isEmpty)
  }

  @Test("several threads ask one server at once")
  func together() async throws {
    let host = host()
    let job = try Fixtures.job("echo", "echo")
    let answers = await withTaskGroup(of: [Float]?.self) { group in
      for _ in 0..<16 {
        group.addTask { host.run(job).outputs.first?["logits"]?.floats }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers == Array(repeating: [4, 5, 6, 8, 9, 10, 12, 13, 14], count: 16))
  }

  @Test(
    "where it cannot fork, or its workers get no room, they are started from their file",
    arguments: [("SYS_pivot_root", "EPERM"), ("SYS_clone", "EPERM"), ("SYS_signalfd4", "ENOSYS")])
  func refused(call: String, error: String) throws {
    let launcher = Fixtures.folder.appending(path: "served-\(call)").path
    try Fixtures.compile(
      "cc",
      [
        "-DWITHOUT=\(call)", "-DERROR=\(error)", "-DWORKER=\"\(Fixtures.host.executable)\"",
        Fixtures.sources.appending(path: "without_call.c").path, "-o", launcher,
      ])
    let host = host(launcher)
    for _ in 0..<2 {
      let outcome = host.run(try Fixtures.job("echo", "echo"))
      #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
      #expect(outcome.sandbox?.spaces == (call == "SYS_signalfd4"))
    }
  }
}
