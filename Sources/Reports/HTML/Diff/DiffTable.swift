import Metrics

/// Compared numbers of one metric: names, dots with whiskers, and the numbers.
struct DiffTable {
  struct Line {
    /// The cells that name the line.
    var names: [Markup]
    var comparison: Comparison
    /// What stands behind the numbers.
    var rest: [Markup] = []
  }

  var name: String
  var note: Markup = .empty
  /// The heads of the naming cells, and of those behind the numbers.
  var heads: [Markup]
  var restHeads: [Markup] = []
  var lines: [Line]

  var markup: Markup {
    let scale = WhiskerScale(lines.map(\.comparison))
    let columns: [Table.Column] =
      heads.map { .text($0) }
      + [
        .text("\(scale.axis)"), .number("Difference"), .number("Baseline"),
        .number("Candidate"), .text("Verdict"), .number("p, adjusted"),
      ] + restHeads.map { .text($0) }
    return Table(
      name: name, note: note, columns: columns, heads: heads.count,
      rows: lines.map { line in
        line.names + [scale.markup(line.comparison)] + numbers(line.comparison) + line.rest
      }, classes: "matrix diff"
    ).markup
  }

  private func numbers(_ comparison: Comparison) -> [Markup] {
    let decimals =
      comparison.interval.map { Number.digits(of: $0.upper - $0.lower, atLeast: 3) } ?? 4
    func number(_ value: Double?) -> Markup {
      value.map { "\(Number.fixed($0, decimals))" } ?? "<span class=\"none\">none</span>"
    }
    let bounds: Markup =
      comparison.interval.map {
        " <span class=\"interval\">\(Number.bounds($0, decimals))</span>"
      } ?? .empty
    let sign: Markup = (comparison.delta ?? 0) > 0 ? "+" : ""
    let verdict: Markup =
      "<span class=\"\(comparison.verdict.look)\">\(comparison.verdict.words)</span>"
    let reason: Markup =
      comparison.reason.map { " <span class=\"incomplete\">\($0)</span>" } ?? .empty
    return [
      comparison.delta == nil
        ? number(nil) : "\(sign)\(number(comparison.delta))\(bounds)",
      number(comparison.baseline), number(comparison.candidate), "\(verdict)\(reason)",
      probability(comparison),
    ]
  }

  private func probability(_ comparison: Comparison) -> Markup {
    guard let p = comparison.adjustedP else { return "<span class=\"none\">none</span>" }
    return """
      \(Format.probability(p))<span class="interval">\(comparison.test.word)</span>
      """
  }
}
