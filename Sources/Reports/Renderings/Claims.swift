internal import Metrics
internal import Suites

extension Report {
  /// The claims as a table for a terminal, each with its sentence below.
  func claimLines(style: TextStyle) -> [String] {
    guard !claims.isEmpty else { return [] }
    let table = TextTable(
      head: ["claim", "value", "95 % interval", "expected", "verdict"],
      rows: claims.map { record in
        [
          Cell("\(record.asserted.suite) \(record.asserted.claim.id)"), Cell(record.valueText),
          Cell(record.intervalText), Cell(record.asserted.claim.bound.text),
          Cell(record.verdict.text, record.verdict.colour),
        ]
      }, leftColumns: [3, 4])
    var wide = style
    wide.width = .max
    let lines = table.lines(wide)
    let sentences = claims.map { record in
      style.painted(Escaping.line("    \(record.sentence)"), .faint)
    }
    return ["", lines[0]] + zip(lines.dropFirst(), sentences).flatMap { [$0, $1] } + [""]
  }

  /// What became of the claims, paper by paper, and in one sentence.
  func tallyLines(style: TextStyle) -> [String] {
    guard !claims.isEmpty else { return [] }
    let tally = ClaimTally(claims)
    let table = TextTable(
      head: ["paper", "claims"] + ClaimVerdict.allCases.map { Cell($0.heading) },
      rows: tally.rows.map { row in
        [Cell(row.paper ?? "not from a paper"), Cell(String(row.total))]
          + ClaimVerdict.allCases.map { Cell(String(row.counts[$0] ?? 0)) }
      })
    var wide = style
    wide.width = .max
    return [""] + table.lines(wide) + ["", Escaping.line(tally.text)]
  }

  /// The same as Markdown, nil without any claims.
  var tallyMarkdown: String? {
    guard !claims.isEmpty else { return nil }
    let tally = ClaimTally(claims)
    let table = markdownTable(
      head: ["paper", "claims"] + ClaimVerdict.allCases.map(\.heading),
      rows: tally.rows.map { row in
        [row.paper ?? "not from a paper", String(row.total)]
          + ClaimVerdict.allCases.map { String(row.counts[$0] ?? 0) }
      })
    return "\(table)\n\n\(Escaping.markdown(tally.text))."
  }

  /// The claims as a Markdown table, nil without any.
  var claimMarkdown: String? {
    guard !claims.isEmpty else { return nil }
    return markdownTable(
      head: ["claim", "value", "95 % interval", "expected", "verdict", "in words"],
      rows: claims.map { record in
        [
          "\(record.asserted.suite) \(record.asserted.claim.id)", record.valueText,
          record.intervalText, record.asserted.claim.bound.text, record.verdict.text,
          record.sentence,
        ]
      })
  }
}

extension ClaimRecord {
  var valueText: String { Format.value(value) }
  var intervalText: String { interval.map(Format.bounds) ?? "-" }

  /// The claim, and what kept it from a value or an interval.
  var sentence: String { asserted.claim.text + (reason.map { " (\($0))" } ?? "") }
}

extension ClaimVerdict {
  /// The head of a column that counts it.
  fileprivate var heading: String {
    switch self {
    case .reproduced: "reproduced"
    case .withinNoise: "within noise"
    case .notReproduced: "not reproduced"
    case .notMeasured: "not measured"
    case .dataAbsent: "data absent"
    }
  }

  var colour: TextStyle.Colour {
    switch self {
    case .reproduced: .green
    case .withinNoise, .notMeasured, .dataAbsent: .yellow
    case .notReproduced: .red
    }
  }
}

extension PublishedClaim.Bound {
  /// The bound in words.
  var text: String {
    switch self {
    case .atLeast(let bound): "at least \(number(bound))"
    case .atMost(let bound): "at most \(number(bound))"
    case .above(let bound): "above \(number(bound))"
    case .below(let bound): "below \(number(bound))"
    case .within(let range): "\(number(range.lowerBound)) to \(number(range.upperBound))"
    }
  }

  private func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}
