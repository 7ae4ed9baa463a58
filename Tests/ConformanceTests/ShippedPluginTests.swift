import Conformance
import Documents
import PluginHost
import Testing

@Suite("Shipped plugins", .serialized)
struct ShippedPluginTests {
  @Test(
    "pass every check",
    arguments: [
      "nearest-mean-c", "nearest-mean", "zero-shot", "tip-adapter", "gda", "smote", "linear-probe",
      "ood-scores", "sliced-wasserstein", "tip-adapter-f", "knn", "metaclip", "mlp-probe",
    ])
  func pass(_ name: String) throws {
    let report = try Plugins.check(Plugins.shipped(name))
    #expect(report.failures.isEmpty)
    // Not within the macro, which would print every check of the report.
    let isFine = report.isFine
    #expect(isFine)
    #expect(Set(report.results.map(\.check.id)).count == Check.all.count)
  }
}
