import Metrics
import Suites

/// What publications assert, beside what was measured here.
struct ClaimsSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let claims = model.report.claims
    guard !claims.isEmpty else { return nil }
    let held = claims.count { $0.verdict == .reproduced || $0.verdict == .withinNoise }
    let table = Table(
      name: "Claims and what became of them",
      note: """
        \(held) of \(Number.of(claims.count, "claim")) hold here: \(ClaimTally(claims).text). A claim that holds with its value \
        but not with all of its interval is reproduced within noise.
        """,
      columns: [
        .text("Claim"), .text("In words"), .number("Value"), .text("95 % interval"),
        .text("Expected"), .text("Verdict"), .text("Source"),
      ],
      rows: claims.map { record in
        let claim = record.asserted.claim
        let verdict: Markup =
          "<span class=\"\(record.verdict.look)\">\(record.verdict.text)</span>"
        return [
          "\(record.asserted.suite) \(claim.id)", "\(record.sentence)", "\(record.valueText)",
          "\(record.intervalText)", "\(claim.bound.text)", verdict, "\(claim.source)",
        ]
      }, classes: "sortable")
    return Section("claims", "Claims", table.markup)
  }
}

extension ClaimVerdict {
  fileprivate var look: Markup {
    switch self {
    case .reproduced: "held"
    case .withinNoise, .notMeasured, .dataAbsent: "none"
    case .notReproduced: "broken"
    }
  }
}
