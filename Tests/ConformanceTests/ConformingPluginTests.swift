import Conformance
import Testing

@Suite("A plugin that keeps to the header", .serialized)
struct ConformingPluginTests {
  @Test(
    "is accused of nothing",
    arguments: [
      // It claims three inputs, of which none gives the number of classes, and trusts its config.
      ("Tests/Fixtures/sparse_claims.c", "sparse-claims"),
      // What a scaffold starts from.
      ("Plugins/NearestMeanC/nearest_mean.c", "nearest-mean-c"),
    ])
  func complaints(_ source: String, _ name: String) throws {
    let report = try Plugins.check(try Plugins.compiled(source, as: name))
    #expect(report.complaints.isEmpty, "\(report.text)")
    #expect(report.results.contains { $0.check.id == "T34" && $0.outcome == .pass })
  }
}
