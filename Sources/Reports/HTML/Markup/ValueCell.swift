import Metrics

/// A derived value in a cell of a table.
enum ValueCell {
  /// The value and its bounds, or why there is none.
  static func markup(_ value: DerivedValue?, decimals: Int) -> Markup {
    guard let number = value?.value else {
      return "<span class=\"none\">\(value?.reason ?? "not measured")</span>"
    }
    let bounds: Markup =
      value?.interval.map { " <span class=\"interval\">\(Number.bounds($0, decimals))</span>" }
      ?? .empty
    return "\(Number.fixed(number, decimals))\(bounds)"
  }
}

extension DerivedTable {
  /// The values as a table: rows down, metrics across.
  func markup(name: String, note: Markup, limits: PageLimits) -> Markup {
    let decimals = columns.indices.map { column in
      Number.decimals(for: rows.compactMap { $0.values[column]?.interval })
    }
    let shown = rows.prefix(limits.openRows)
    return Table(
      name: name, note: "\(note)\(leftOut(rows.count - shown.count, "row"))",
      columns: [.text("Setting"), .text("Method")]
        + columns.map { .number("\(Self.title($0))") },
      heads: 2,
      rows: shown.map { row in
        ["\(settingText(row.key.setting))", "\(row.key.label)"]
          + zip(row.values, decimals).map { ValueCell.markup($0, decimals: $1) }
      }, classes: "sortable matrix"
    ).markup
  }
}
