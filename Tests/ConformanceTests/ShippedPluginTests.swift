import Conformance
import Documents
import PluginHost
import Testing

@Suite("Shipped plugins", .serialized)
struct ShippedPluginTests {
  @Test(
    "pass every check",
    arguments: [
      "nearest-mean-c", "nearest-mean", "zero-shot", "tip-adapter", "gda", "linear-probe",
    ])
  func pass(_ name: String) throws {
    let report = try Plugins.check(Plugins.shipped(name))
    #expect(report.failures.isEmpty)
    #expect(report.isFine)
    #expect(report.results.count == Check.all.count)
  }
}
