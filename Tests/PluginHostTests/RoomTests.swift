import Contracts
import Documents
import Foundation
import PluginHost
import Tensors
import Testing

/// Whether workers get namespaces here; without them Landlock and seccomp keep most of the promises.
private let hasSpaces = SandboxState.offered.spaces

@Suite("What a plugin can reach from its room", .serialized)
struct RoomTests {
  private func run(
    _ method: String, limits: Limits = Limits(fitSeconds: 10, predictSeconds: 20)
  ) throws -> TrialOutcome {
    Fixtures.host.run(try Fixtures.job("intruder", method, limits: limits))
  }

  private func number(_ outcome: TrialOutcome, _ name: String) throws -> Double {
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    return try #require(outcome.selfReported[name])
  }

  @Test("links and odd names beside the library open nothing to its constructors")
  func doors() throws {
    let folder = Fixtures.folder.appending(path: "doors")
    let secrets = Fixtures.folder.appending(path: "secrets")
    let files = FileManager.default
    for made in [folder, secrets, folder.appending(path: "libfolder.so.d")] {
      try files.createDirectory(at: made, withIntermediateDirectories: true)
    }
    for secret in [
      secrets.appending(path: "secret"), folder.appending(path: "secret"),
      folder.appending(path: "secret.so.txt"), folder.appending(path: "libfolder.so.d/secret"),
    ] { try Data("label".utf8).write(to: secret) }
    try? files.createSymbolicLink(
      at: folder.appending(path: "libdoor.so"), withDestinationURL: secrets)
    let plugin = folder.appending(path: "libassay-intruder.so").path
    try? files.copyItem(atPath: try Fixtures.plugin("intruder"), toPath: plugin)
    var job = try Fixtures.job("intruder", "doors")
    job.plugin = plugin
    #expect(try number(Fixtures.host.run(job), "opened") == 0)
    // In the process of the host itself all four stand open, so the zero above means something.
    job.isolation = .none
    #expect(try number(Fixtures.host.run(job), "opened") == 4)
  }

  @Test("no descriptor leads fit to the rows of a later query")
  func early() throws { #expect(try number(run("early"), "found") == 0) }

  @Test("a plugin that asks for its query rows in fit ends its own trial")
  func asking() throws {
    let outcome = try run("asking")
    #expect(outcome.status != .ok && outcome.outputs.isEmpty)
    #expect(try Fixtures.misbehave("behave").status == .ok)
  }

  @Test("outputs are final when their call has returned")
  func late() throws {
    var job = try Fixtures.job("intruder", "late")
    job.queries.append(job.queries[0])
    let outcome = Fixtures.host.run(job)
    #expect(try number(outcome, "kept") == 1)
    let outputs = outcome.outputs.compactMap { $0["logits"]?.floats }
    #expect(outputs == [[Float](repeating: 1, count: 9), [Float](repeating: 1, count: 9)])
  }

  @Test("a trial can leave no mark on anything it shares with another")
  func marks() throws {
    let outcome = try run("marks")
    #expect(try number(outcome, "left") == 0)
    #expect(try number(outcome, "outside") == 0)
  }

  @Test("trials that share an input get files of their own, in which no other leaves a mark")
  func files() throws {
    var job = try Fixtures.job("intruder", "taking")
    let query = job.queries[0].inputs[0]
    job.queries[0].inputs[0] = TensorSource(
      name: query.name, dtype: query.dtype, shape: query.shape, sharingKey: "files",
      write: query.write)
    // The first comes from making the shared copy, the others from the copy.
    let said = (0..<3).map { _ in Fixtures.host.run(job).selfReported }
    #expect(said.allSatisfy { $0["bytes"] == 24 }, "\(said)")
    #expect(Set(said.compactMap { $0["file"] }).count == 3, "\(said)")
  }

  @Test("pages of files that others have too carry no signs, and threads can still wait")
  func signs() throws {
    let outcome = try run("signs")
    #expect(try number(outcome, "given") == 0)
    #expect(try number(outcome, "own") == 2)
  }

  @Test("a thread shares all that its process has")
  func oddThreads() throws {
    let outcome = try run("odd-threads")
    #expect(try number(outcome, "made") == 0)
    #expect(try number(outcome, "whole") == 1)
  }

  @Test("memory that the limit does not count is refused")
  func memoryFiles() throws { #expect(try number(run("memory-files"), "made") == 0) }

  @Test("threads are counted", .enabled(if: hasSpaces, "no namespaces here"))
  func threads() throws { #expect(try number(run("many-threads"), "threads") < 300) }

  @Test("scratch has a quota in bytes and files, and nothing of it stays")
  func litter() throws {
    let limits = Limits(fitSeconds: 10, predictSeconds: 30, memoryBytes: 1 << 30)
    let outcome = try run("litter", limits: limits)
    if hasSpaces {
      #expect(try number(outcome, "bytes") <= Double(limits.scratchBytes))
      #expect(try number(outcome, "files") < 17_000)
    } else {
      #expect(outcome.failure?.kind == "scratch-quota")
    }
    let scratch = try #require(outcome.paths.first { $0.value == "scratch" }?.key)
    #expect(scratch.hasPrefix("/") && !FileManager.default.fileExists(atPath: scratch))
  }

  @Test(
    "other processes are neither seen nor reached", .enabled(if: hasSpaces, "no namespaces here"))
  func neighbours() throws {
    let outcome = try run("neighbours")
    #expect(try number(outcome, "reached") == 0)
    // Process 1 of the room, and no other.
    #expect(try number(outcome, "seen") <= 1)
  }

  @Test("a folder left by a process that was killed is swept, one in use is not")
  func sweep() throws {
    let parent = Fixtures.folder.appending(path: "sweep")
    let (left, used) = (
      parent.appending(path: "assay-run-left"), parent.appending(path: "assay-run-used")
    )
    for folder in [left, used] {
      let deep = folder.appending(path: "1/a/b")
      try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
      try Data().write(to: deep.appending(path: "file"))
      try Data().write(to: folder.appending(path: "lock"))
      chmod(deep.path, 0)
    }
    let lock = open(used.appending(path: "lock").path, O_RDWR)
    #expect(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
    defer { close(lock) }
    PluginHost.sweepLeftovers(in: parent.path)
    #expect(!FileManager.default.fileExists(atPath: left.path))
    #expect(FileManager.default.fileExists(atPath: used.path))
  }
}

@Suite("The bytes that are hashed are the bytes that run", .serialized)
struct StagedPluginTests {
  private func compile(_ arguments: [String]) throws {
    try Fixtures.compile(
      "cc", ["-std=gnu11", "-O1", "-shared", "-fPIC", "-I\(Fixtures.header.path)"] + arguments)
  }

  private func host() -> PluginHost {
    PluginHost(
      executable: Fixtures.host.executable,
      cacheFolder: Fixtures.folder.appending(path: "staged-cache").path)
  }

  private func said(_ plugin: String, _ host: PluginHost) throws -> Float? {
    var job = try Fixtures.job("echo", "says")
    job.plugin = plugin
    let outcome = host.run(job)
    #expect(outcome.status == .ok, "\(outcome.failure?.message ?? "")")
    return outcome.outputs.first?["logits"]?.floats.first
  }

  private var source: String { Fixtures.sources.appending(path: "with_library.c").path }

  @Test("a plugin file that is replaced or overwritten during a run runs as it was")
  func replaced() throws {
    let path = Fixtures.folder.appending(path: "libassay-says.so").path
    try compile([source, "-DSAY=1", "-o", path])
    let host = host()
    let digest = try host.describe(path).get().digest
    #expect(try said(path, host) == 1)
    let other = path + ".new"
    try compile([source, "-DSAY=2", "-o", other])
    try Data(contentsOf: URL(filePath: other)).write(to: URL(filePath: path))
    #expect(try said(path, host) == 1)
    #expect(try host.describe(path).get().digest == digest)
    // A run that begins later takes the new bytes, and says so.
    let next = self.host()
    #expect(try next.describe(path).get().digest != digest)
    #expect(try said(path, next) == 2)
  }

  @Test("a library that comes with the plugin is part of its digest", arguments: [true, false])
  func rebuilt(isNamed: Bool) throws {
    let folder = Fixtures.folder.appending(path: "side-\(isNamed)")
    let below = folder.appending(path: "lib")
    try FileManager.default.createDirectory(at: below, withIntermediateDirectories: true)
    let library = below.appending(path: "libanswer.so").path
    let plugin = folder.appending(path: "libassay-side.so").path
    let code = folder.appending(path: "answer.c")
    func build(_ word: Int) throws {
      try Data("float answer(void) { return \(word); }\n".utf8).write(to: code)
      try compile([code.path, "-o", library] + (isNamed ? ["-Wl,-soname,libanswer.so"] : []))
    }
    try build(1)
    try compile([
      source, "-o", plugin, "-L\(below.path)", "-lanswer", "-Wl,-rpath,$ORIGIN/lib",
    ])
    let (first, second) = (host(), host())
    let digest = try first.describe(plugin).get().digest
    #expect(try said(plugin, first) == 1)
    try build(2)
    #expect(try said(plugin, first) == 1)
    #expect(try second.describe(plugin).get().digest != digest)
    #expect(try said(plugin, second) == 2)
  }

  @Test("a plugin of more bytes than a plugin can have is refused before it fills the disk")
  func huge() throws {
    let path = Fixtures.folder.appending(path: "libassay-huge.so").path
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: try Fixtures.plugin("echo"), toPath: path)
    // A file of holes takes no room itself.
    #expect(truncate(path, 5 << 30) == 0)
    defer { unlink(path) }
    let error = #expect(throws: PluginError.self) { try host().describe(path).get() }
    #expect(error?.code == "unreadable")
    #expect(truncate(path, 64 << 20) == 0)
    #expect(try host().describe(path).get().methods.map(\.id) == ["echo", "echo-file"])
  }

  @Test("a plugin that is no regular file is refused without waiting for it")
  func pipe() throws {
    let path = Fixtures.folder.appending(path: "libassay-pipe.so").path
    unlink(path)
    #expect(mkfifo(path, 0o600) == 0)
    let error = #expect(throws: PluginError.self) { try host().describe(path).get() }
    #expect(error?.code == "unreadable")
  }
}
