import Metrics
import Suites

/// What publications assert, beside what was measured here: a tally, and one table by paper.
struct ClaimsSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let claims = model.report.claims
    guard !claims.isEmpty else { return nil }
    let tally = ClaimTally(claims)
    let verdicts: [ClaimVerdict: Int] = Dictionary(
      uniqueKeysWithValues: ClaimVerdict.allCases.map { ($0, tally.count($0)) })
    let held = tally.count(.reproduced) + tally.count(.withinNoise)
    let names = ClaimTally.papers(in: claims.map(\.asserted.claim.source))
    let groups = tally.rows.map { row in
      (
        name: row.paper ?? "not from a paper",
        note: " <span class=\"count\">\(counts(row.counts))</span>\(bar(row.counts).bar)" as Markup,
        rows: zip(claims, names).filter { $0.1 == row.paper }.map { claim, _ in
          (kind: claim.verdict.text, cells: cells(claim))
        }
      )
    }
    let table = Table(
      name: "Claims by paper",
      note: """
        The dot is the value with its 95 % interval; the claim holds in the shaded range. One that \
        holds with its value but not with all of its interval is reproduced within noise.
        """,
      columns: [
        .text("Claim"), .text("Verdict"), .text("Where it lies"), .number("Value"),
        .text("Expected"),
      ], rows: [], classes: "filtered claims")
    return Section(
      "claims", "Claims",
      """
      <p class="finding"><strong>\(held) of \(Number.of(claims.count, "claim"))</strong> \
      hold here.</p>
      \(bar(verdicts).markup)\(table.markup(groups: groups))
      """)
  }

  private func bar(_ counts: [ClaimVerdict: Int]) -> TallyBar {
    TallyBar(
      parts: ClaimVerdict.allCases.map {
        TallyBar.Part(name: $0.text, count: counts[$0] ?? 0, look: $0.fill)
      })
  }

  private func counts(_ counts: [ClaimVerdict: Int]) -> String {
    ClaimVerdict.allCases.filter { (counts[$0] ?? 0) > 0 }
      .map { "\(counts[$0] ?? 0) \($0.text)" }.joined(separator: ", ")
  }

  private func cells(_ record: ClaimRecord) -> [Markup] {
    let claim = record.asserted.claim
    let bounds: Markup =
      record.interval == nil
      ? .empty : " <span class=\"interval\">\(record.intervalText)</span>"
    return [
      """
      \(record.sentence) <span class="where">\(record.asserted.suite) \(claim.id); \
      \(claim.source)</span>
      """,
      "<span class=\"\(record.verdict.look)\">\(record.verdict.text)</span>",
      Whisker.markup(record), "\(record.valueText)\(bounds)", "\(claim.bound.text)",
    ]
  }
}

extension ClaimVerdict {
  /// The colour in which it stands, doubled by its word.
  var look: Markup {
    switch self {
    case .reproduced: "held"
    case .withinNoise, .notMeasured, .dataAbsent: "none"
    case .notReproduced: "broken"
    }
  }

  /// The fill of its part of a bar.
  fileprivate var fill: Markup {
    switch self {
    case .reproduced: "fill-good"
    case .withinNoise: "fill-fair"
    case .notReproduced: "fill-bad"
    case .notMeasured, .dataAbsent: "fill-none"
    }
  }
}
