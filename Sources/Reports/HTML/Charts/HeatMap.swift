internal import Documents

/// A table whose cells are shaded by their value and say it in numbers.
///
/// It is a table and no drawing, so that it can be read aloud and copied; its columns share the
/// width that there is.
struct HeatMap {
  var name: String
  var note: Markup
  /// The head of the first column.
  var corner: String
  var columns: [Markup]
  var rows: [(name: String, values: [Double?])]
  /// The value of the darkest shade, and that without shade.
  var worst: Double
  var best: Double

  var markup: Markup {
    let cells = rows.map { row -> [Markup] in
      ["\(row.name)"]
        + row.values.map { value -> Markup in
          guard let value else { return "<span class=\"none\">none</span>" }
          return
            "<span class=\"heat\" style=\"--v:\(shade(value))%\">\(Number.fixed(value, 2))</span>"
        }
    }
    return Table(
      name: name, note: note, columns: [.text("\(corner)")] + columns.map { .number($0) },
      rows: cells, classes: "heatmap"
    ).markup
  }

  /// The share of the dark colour in percent.
  private func shade(_ value: Double) -> Int {
    guard worst != best else { return 0 }
    let share = (value - best) / (worst - best)
    return Int(saturating: (min(max(share, 0), 1) * 100).rounded())
  }
}
