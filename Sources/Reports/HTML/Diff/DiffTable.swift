import Metrics

/// Compared numbers of one metric: names, dots with whiskers, and the numbers.
struct DiffTable {
  struct Line {
    /// The cells that name the line.
    var names: [Markup]
    var comparison: Comparison
  }

  var name: String
  var note: Markup = .empty
  /// The heads of the naming cells.
  var heads: [Markup]
  var lines: [Line]

  var markup: Markup {
    let values = lines.flatMap { line in
      [line.comparison.delta, line.comparison.interval?.lower, line.comparison.interval?.upper]
    }
    let scale = Whisker.scale(covering: [0] + values.compactMap(\.self))
    let columns: [Table.Column] =
      heads.map { .text($0) }
      + [
        .text("\(Whisker.axis(scale))"), .number("Difference"), .number("From, to"),
        .text("Verdict"), .number("p"),
      ]
    return Table(
      name: name, note: note, columns: columns, heads: heads.count,
      rows: lines.map { line in
        line.names + [Whisker.markup(line.comparison, scale)] + numbers(line.comparison)
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
      comparison.delta == nil ? number(nil) : "\(sign)\(number(comparison.delta))\(bounds)",
      "\(number(comparison.baseline)) \u{2192} \(number(comparison.candidate))",
      "\(verdict)\(reason)", chances(comparison),
    ]
  }

  /// The adjusted chance, and below it those of other test rows and of other draws.
  private func chances(_ comparison: Comparison) -> Markup {
    guard let p = comparison.p else { return "<span class=\"none\">none</span>" }
    let units = comparison.units.map { ", \(Number.of($0, "unit"))" } ?? ""
    let seeds = comparison.seeds.map { ", \(Number.of($0.count, "seed"))" } ?? ""
    let draws = comparison.drawsP.map { "\(Format.probability($0))\(seeds)" } ?? "not tested"
    return """
      \(comparison.adjustedP.map { "\(Format.probability($0)) adjusted" } ?? "not adjusted")\
      <span class="interval">rows \(Format.probability(p))\(units), \(comparison.test.word)</span>\
      <span class="interval">draws \(draws)</span>
      """
  }
}
