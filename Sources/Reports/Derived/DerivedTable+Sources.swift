internal import Documents
internal import Metrics

extension DerivedTable {
  /// The lines of sources and mixtures, one row for each shift; nil for a table without any.
  func sourceLines(style: TextStyle) -> [String]? {
    let shifts = columns.filter { $0.metric == "accuracy_at" }.compactMap(\.key)
    guard !shifts.isEmpty else { return nil }
    let shown = [
      ("line_slope", "slope"), ("line_intercept", "intercept"), ("line_r_squared", "R²"),
      ("accuracy_at", "at reference"), ("source_rank", "rank"), ("dilution_position", "position"),
    ]
    func value(_ row: [DerivedValue?], _ metric: String, _ key: String?) -> DerivedValue? {
      columns.firstIndex { $0.metric == metric && $0.key == key }.flatMap { row[$0] }
    }
    var body: [[Cell]] = []
    var notes: [String] = []
    for row in rows {
      let places = row.values.compactMap(\.self).filter { $0.metric == "reference_accuracy" }
      if !places.isEmpty {
        let agreement = value(row.values, "rank_agreement", nil).map {
          ", Kendall's W of the shifts \(Self.text($0))"
        }
        let told = places.map { place in
          Format.value(place.value) + (place.key.map { " on '\($0)'" } ?? "")
        }
        notes.append(
          Escaping.line(
            "\(row.key.label): common reference accuracy \(told.joined(separator: ", "))")
            + (agreement ?? ""))
        continue
      }
      for shift in shifts where value(row.values, "accuracy_at", shift) != nil {
        body.append(
          [
            Cell(row.key.label), Cell(row.key.setting["mix"]?.string ?? ""), Cell(shift),
          ]
            + shown.map { Cell(Self.text(value(row.values, $0.0, shift))) }
            + [Cell(value(row.values, "dilution_position", shift)?.verdict?.rawValue ?? "")])
      }
    }
    let text = TextTable(
      head: ["method", "mix", "shift"] + shown.map { Cell($0.1, .faint) }
        + [Cell("verdict", .faint)],
      rows: body, nameColumns: 3, leftColumns: [shown.count + 3])
    return [Escaping.line("\(suite) / \(dataset): lines on logit axes")] + text.lines(style) + notes
      + [""]
  }
}
