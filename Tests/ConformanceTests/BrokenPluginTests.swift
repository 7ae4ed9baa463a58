import Conformance
import Documents
import PluginHost
import Testing

@Suite("A plugin broken in one way", .serialized)
struct BrokenPluginTests {
  /// Checks that take long, left out unless they are the ones that should find something.
  private static let slow: Set<String> = ["C20", "C53", "G31", "T38"]

  @Test("passes every check while it is correct")
  func correct() throws {
    let report = try Plugins.check(try Plugins.broken(nil))
    #expect(report.complaints.isEmpty)
  }

  @Test(
    "fails the check for that and no other",
    arguments: [
      "L02:warn", "L03:fail", "L04:fail", "L05:crash", "L06:fail", "L07:warn", "L08:fail",
      "L09:fail", "L10:fail", "L11:fail", "D14:fail", "D15:fail", "D16:fail", "D17:fail",
      "D18:fail",
      "D19:fail", "C20:fail", "C21:fail", "C23:fail", "C24:fail", "C25:fail", "C26:fail",
      "C53:fail", "C54:crash", "G29:fail", "G31:fail", "T32:crash",
      "T33:fail", "T34:fail", "T35:fail", "T37:fail", "T38:fail", "T39:fail", "T42:fail",
      "T55:fail", "T56:fail", "T57:fail", "T58:fail", "T60:fail", "R43:fail",
      "R44:fail", "R45:fail", "M46:fail", "M48:fail", "M50:fail", "M52:fail", "M61:fail",
      "M62:fail", "M63:fail", "M64:fail",
    ])
  func broken(_ expected: String) throws {
    let id = String(expected.prefix(3))
    let checks = Check.all.filter { $0.id == id || !BrokenPluginTests.slow.contains($0.id) }
    let report = try Plugins.check(try Plugins.broken(id), checks)
    #expect(report.complaints == [expected])
    #expect(report.isFine == expected.hasSuffix("warn"))
  }

  // What breaks a plugin this badly shows in other checks too.
  @Test("fails the check for that among others", arguments: ["L01", "C22", "C27", "T41", "M51"])
  func brokenWidely(_ id: String) throws {
    let report = try Plugins.check(try Plugins.broken(id))
    let found = try #require(report.results.first { $0.check.id == id })
    #expect(found.outcome == .fail || found.outcome == .crash)
    #expect(!report.isFine)
  }

  @Test("is told which input it wrote to")
  func words() throws {
    let checks = try #require(Check.named("T32"))
    let report = try Plugins.check(try Plugins.broken("T32"), checks)
    #expect(
      report.failures == ["T32 crash: fit wrote to input 'train.features', which is read-only"])
    #expect(report.json["summary"]?["crash"] == 1)
    #expect(report.text.contains("rule: inputs are mapped read-only"))
  }

  @Test("cannot be checked when it is no file, or for a method that it lacks")
  func unusable() throws {
    #expect(throws: PluginError.self) { try Plugins.check("/nowhere.so") }
    let runner = CheckRunner(host: Plugins.host, plugin: try Plugins.broken(nil))
    #expect(throws: PluginError.self) { try runner.run(method: "absent") }
  }
}
