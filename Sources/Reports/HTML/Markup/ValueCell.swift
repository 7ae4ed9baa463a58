import Metrics

/// A value and its bounds in a cell of a table, or why there is none.
enum ValueCell {
  static func markup(
    _ value: Double?, _ interval: Interval?, decimals: Int, reason: String = "none"
  ) -> Markup {
    guard let value else { return "<span class=\"none\">\(reason)</span>" }
    let bounds: Markup =
      interval.map { " <span class=\"interval\">\(Number.bounds($0, decimals))</span>" } ?? .empty
    return "\(Number.fixed(value, decimals))\(bounds)"
  }
}

extension DerivedTable {
  /// The values as a table: rows down, metrics across.
  func markup(name: String, note: Markup, limits: PageLimits) -> Markup {
    let decimals = columns.indices.map { column in
      Number.decimals(for: rows.compactMap { $0.values[column]?.interval })
    }
    let shown = rows.prefix(limits.rows)
    return Table(
      name: name, note: "\(note)\(leftOut(rows.count - shown.count, "row"))",
      columns: [.text("Setting"), .text("Method")]
        + columns.map { .number("\(Self.title($0))") },
      heads: 2,
      rows: shown.map { row in
        ["\(settingText(row.key.setting))", "\(row.key.label)"]
          + zip(row.values, decimals).map { value, decimals in
            ValueCell.markup(
              value?.value, value?.interval, decimals: decimals,
              reason: value?.reason ?? "not measured")
          }
      }, classes: "sortable matrix"
    ).markup
  }
}
