import Documents
import Suites
import Testing

@testable import Reports

@Suite("The tally of claims")
struct ClaimTallyTests {
  private func record(
    _ source: String, _ verdict: ClaimVerdict, dataset: String = "pets"
  ) throws -> ClaimRecord {
    let claim = try PublishedClaim(
      json: JSON(
        parsing: """
          {"id": "a", "text": "It is good.", "source": "\(source)",
           "holds": "accuracy(gda, dataset: '\(dataset)') >= 0.5"}
          """))
    return ClaimRecord(
      asserted: SuiteClaim(suite: "few-shot", claim: try #require(claim)), value: nil,
      interval: nil, verdict: verdict)
  }

  @Test(
    "a source is of the paper whose authors, venue and year it begins with",
    arguments: [
      ("Wang et al., ICLR 2024 (arXiv:2402.04087), logs: 0.15, 1.57", "Wang et al., ICLR 2024"),
      ("Nguyen et al., NeurIPS 2022", "Nguyen et al., NeurIPS 2022"),
      ("Chawla et al., JAIR 16, 2002, on convex hulls", "Chawla et al., JAIR 16, 2002"),
      ("Ho et al., arXiv:2012.16591, abstract", "Ho et al., arXiv:2012.16591"),
      ("definition", nil), ("NumPy 2.4.6 on the same rows", nil), ("", nil),
      ("1,999 rows of 12024 and 2024.5", nil),
    ] as [(String, String?)])
  func paper(source: String, paper: String?) {
    #expect(ClaimTally.papers(in: [source]) == [paper])
  }

  @Test("a paper that is named within a sentence is the same paper")
  func sameWithin() {
    let found = ClaimTally.papers(in: [
      "Nguyen and Ho, ICLR 2024, section 3", "the unbiasedness of Nguyen and Ho, ICLR 2024",
    ])
    #expect(found == ["Nguyen and Ho, ICLR 2024", "Nguyen and Ho, ICLR 2024"])
  }

  @Test("every claim is counted once, what no paper says last")
  func counts() throws {
    let tally = ClaimTally([
      try record("definition", .reproduced), try record("B et al., ICML 2020", .notReproduced),
      try record("A et al., ICML 2021", .withinNoise),
      try record("A et al., ICML 2021", .dataAbsent),
    ])
    #expect(tally.rows.map(\.paper) == ["A et al., ICML 2021", "B et al., ICML 2020", nil])
    #expect(tally.rows.map(\.total) == [2, 1, 1] && tally.total == 4)
    #expect(ClaimVerdict.allCases.map(tally.count) == [1, 1, 1, 0, 1])
    #expect(tally.text.contains("1 not measured because the data is absent"))
  }

  @Test("a claim on data that is not here says so, one on data that is here does not")
  func absent() throws {
    let claims = try [
      record("A, 2020", .notMeasured, dataset: "coat"), record("A, 2020", .notMeasured),
      record("A, 2020", .notMeasured, dataset: "mistaken"),
    ].map(\.asserted)
    let found = evaluate(
      claims, on: [trial()], without: [AbsentData(suite: "few-shot", dataset: "coat")],
      samples: nil)
    #expect(found.map(\.verdict) == [.dataAbsent, .reproduced, .notMeasured])
    #expect(found[0].reason?.contains("coat") == true)
  }
}
