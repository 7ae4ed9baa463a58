import Conformance
import Documents
import PluginHost
import Testing

@Suite("Shipped plugins", .serialized)
struct ShippedPluginTests {
  @Test("export their entry and nothing else", arguments: Plugins.allShipped)
  func exports(_ name: String) throws {
    let report = try Plugins.check(Plugins.shipped(name), try #require(Check.named("L02")))
    #expect(report.complaints == [])
  }

  @Test(
    "depend on the seed unless they say that they do not",
    arguments: ["smote", "sliced-wasserstein", "schur-entropy", "rel-mf", "metaclip", "cosine"])
  func seeds(_ name: String) throws {
    let report = try Plugins.check(Plugins.shipped(name), try #require(Check.named("R44")))
    #expect(report.complaints == [])
  }

  @Test("take configs where text and image have unlike widths", arguments: ["G29", "G31"])
  func widths(_ id: String) throws {
    let report = try Plugins.check(
      Plugins.shipped("schur-entropy"), try #require(Check.named(id)))
    #expect(report.results.map(\.outcome) == [.pass])
  }

  @Test(
    "pass every check",
    arguments: Plugins.allShipped)
  func pass(_ name: String) throws {
    let report = try Plugins.check(Plugins.shipped(name))
    // Not within the macro, which would print every check of the report.
    let isFine = report.isFine
    #expect(report.failures.isEmpty)
    #expect(isFine)
    #expect(Set(report.results.map(\.check.id)).count == Check.all.count)
  }
}
