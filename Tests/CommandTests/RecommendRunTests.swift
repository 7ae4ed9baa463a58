import Documents
import Testing

@Suite("Recommendation on the command line")
struct RecommendRunTests {
  @Test("the embedded claims of the loss estimate are measured")
  func claims() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(
      "run", "suites/claims/rel-mf-estimator.json", "--seeds", "1", "-o",
      assay.path("report.json"))
    #expect(result.status == 0, "\(result.errors)")
    let claims = try assay.json(assay.path("report.json"))["claims"]?.array ?? []
    #expect(claims.count == 4)
    #expect(claims.allSatisfy { $0["verdict"]?.string != "not-measured" })
    // The control has the same bound from the other side: an estimator cannot pass both.
    #expect(claims.prefix(2).allSatisfy { $0["verdict"]?.string == "reproduced" })
  }

  @Test("assay info says which tensors a recommender sees and what the host keeps")
  func info() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("info", "recommend")
    #expect(result.status == 0)
    for words in ["0 ..< U, 0 ..< I", "the host keeps", "relevance", "dcg5_saito"] {
      #expect(result.output.contains(words))
    }
  }
}
