import Metrics
import Testing

@testable import Evaluation

@Suite("Groups of given cases, measured")
struct CaseGroupTests {
  @Test(
    "recall is told by category of the pictures, with worst group and gap")
  func retrieval() throws {
    let found = try records("retrieve", plugin: "cosine", method: "cosine")
    let clipart = try #require(found.first { $0.dataset == "clipart" })
    let groups = clipart.groups.filter { $0.by == "category" }
    let rows = groups.filter { $0.role.isOfRows }
    #expect(rows.count == 14 && groups.contains { $0.role == .worst })
    #expect(groups.contains { $0.role == .gap })
    // Pictures and captions of a group make up its rows; together they are all of them.
    #expect(rows.reduce(0) { $0 + $1.n } == 2 * 597)
    let weighted = rows.reduce(0.0) { sum, group in
      sum + Double(group.n) * (group.metrics["i2t_r1"]?.value ?? .nan)
    }
    let whole = try #require(clipart.metrics["i2t_r1"]?.value)
    #expect(abs(weighted / Double(2 * 597) - whole) < 1e-12)
    let pairs = try #require(found.first { $0.dataset == "coco-pairs" })
    #expect(pairs.groups.isEmpty && pairs.notes.contains { $0.contains("no attribute 'category'") })
  }
}
