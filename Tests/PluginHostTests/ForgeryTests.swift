import Contracts
import Documents
import Foundation
import PluginHost
import Tensors
import Testing

private let impatient = Limits(fitSeconds: 1, predictSeconds: 1)

@Suite("What a plugin forges or floods harms its own trial alone", .serialized)
struct ForgeryTests {
  @Test(
    "a message out of turn is a failure of the trial, named as such",
    arguments: [
      "count", "early-result", "result-in-predict", "sandbox", "time", "offset", "shape", "stages",
      "loads", "long-notes", "deep", "progress", "infinite", "garbage",
    ])
  func outOfTurn(method: String) throws {
    let patient = Limits(fitSeconds: 60, predictSeconds: 60)
    let job = try Fixtures.job("forger", method, limits: patient)
    let start = ContinuousClock.now
    let outcome = Fixtures.host.run(job)
    #expect(outcome.status == .error && outcome.failure?.kind == "protocol", "\(outcome)")
    #expect(outcome.outputs.isEmpty)
    // A broken channel is no reason to wait, neither for a deadline nor for a farewell.
    #expect(ContinuousClock.now - start < .seconds(40))
    #expect(Fixtures.host.run(try Fixtures.job("forger", "plain")).status == .ok)
  }

  @Test("half a message is waited for no longer than the stage may take")
  func half() throws {
    let limits = Limits(loadSeconds: 1, fitSeconds: 1, predictSeconds: 1)
    let outcome = Fixtures.host.run(try Fixtures.job("forger", "partial", limits: limits))
    #expect(outcome.status != .ok && outcome.outputs.isEmpty, "\(outcome)")
  }

  @Test("the library's constructor cannot speak for the worker, and others are not harmed")
  func constructor() throws {
    let plugin = try Fixtures.plugin("forge_at_load")
    for isolated in [true, false] {
      let host = isolated ? Fixtures.host : PluginHost(executable: Fixtures.host.executable)
      guard case .failure(let error) = host.describe(plugin) else {
        Issue.record("described")
        return
      }
      #expect(error.code == "protocol", "\(error)")
    }
    var job = try Fixtures.job("forger", "plain")
    job.plugin = plugin
    #expect(Fixtures.host.run(job).failure?.kind == "protocol")
    let script = try Fixtures.host.runScript(on: plugin, arguments: ["check": "L01"], seconds: 5)
    #expect(script.failure != nil || script.answer != nil)
  }

  @Test("times are the host's own: none is negative, and together they fit into the trial")
  func times() throws {
    let start = ContinuousClock.now
    let outcome = Fixtures.host.run(try Fixtures.job("forger", "plain"))
    let whole = Double((ContinuousClock.now - start) / .seconds(1))
    let timing = outcome.timing
    #expect(timing.load > 0 && timing.fit >= 0 && timing.predict > 0)
    #expect(timing.load + timing.fit + timing.predict <= whole)
  }

  @Test("what a method says at length is cut, and a sentence says so")
  func flood() throws {
    let outcome = Fixtures.host.run(try Fixtures.job("forger", "talkative"))
    #expect(outcome.status == .ok, "\(String(describing: outcome.failure))")
    #expect(outcome.notes.count <= 1000 && outcome.notes.first == "hello")
    #expect(outcome.selfReported == ["loss": 99999])
    #expect(outcome.warnings.map(\.code) == ["log-flood"])
    #expect(outcome.warnings.first?.text.hasPrefix("99001 further notes") == true)

    let long = Fixtures.host.run(try Fixtures.job("forger", "many-notes", limits: impatient))
    let kept = long.notes.reduce(0) { $0 + $1.utf8.count }
    #expect(kept <= 64 << 10 && long.notes.first?.hasSuffix("bytes cut]") == true)
  }

  @Test("a NUL and an escape sequence in a text are repaired, not held against the channel")
  func oddTexts() throws {
    let note = Fixtures.host.run(try Fixtures.job("forger", "odd-note"))
    #expect(note.status == .ok && note.notes == ["one\u{FFFD}two \u{FFFD}[31mred"])
    let metric = Fixtures.host.run(try Fixtures.job("forger", "odd-metric"))
    #expect(metric.status == .ok && metric.selfReported == ["alpha\u{FFFD}": 2])
    let error = Fixtures.host.run(try Fixtures.job("forger", "odd-error"))
    #expect(error.failure?.kind == "numeric" && error.failure?.message == "no\u{FFFD}reason")
  }

  @Test("a forged fault changes no diagnosis but its own trial's, and traps nowhere")
  func fault() throws {
    let outcome = Fixtures.host.run(try Fixtures.job("forger", "fault"))
    #expect(outcome.failure?.signal == "SIGABRT", "\(outcome)")
  }

  @Test("an id outside the alphabet is refused with a sentence that prints no escape sequence")
  func badID() throws {
    guard case .failure(let error) = Fixtures.host.describe(try Fixtures.plugin("bad_id")) else {
      Issue.record("described")
      return
    }
    #expect(error.code == "descriptor" && error.message.contains("lower case letters"), "\(error)")
    #expect(!error.message.unicodeScalars.contains("\u{1B}"))
  }

  @Test("what a record takes over names no path of this machine")
  func paths() throws {
    for plugin in ["echo", "undefined_symbol"] {
      let outcome = Fixtures.host.run(try Fixtures.job(plugin, "nothing")).shortened()
      let message = try #require(outcome.failure?.message)
      #expect(!message.contains(Fixtures.folder.path), "\(message)")
    }
    var outcome = TrialOutcome()
    outcome.paths = ["/tmp/assay-x": "scratch"]
    outcome.notes = ["in /tmp/assay-x/file"]
    #expect(outcome.shortened().notes == ["in scratch/file"])
  }
}
