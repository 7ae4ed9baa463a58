internal import Documents

/// One line of a listing: named cells, of which some appear only in JSON.
struct Row {
  private var cells: [(name: String, text: String)]
  private var hidden: [(name: String, text: String)]

  init(_ cells: [(String, String)], hidden: [(String, String)] = []) {
    self.cells = cells.map { (name: $0.0, text: $0.1) }
    self.hidden = hidden.map { (name: $0.0, text: $0.1) }
  }

  var json: JSON {
    .object(
      Dictionary(
        (cells + hidden).map { ($0.name, JSON.string($0.text)) }, uniquingKeysWith: { $1 }))
  }

  /// The rows under each other, each on one line, columns aligned; the last column runs on.
  static func table(_ rows: [Row]) -> String {
    let columns = rows.first?.cells.count ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.cells[column].text.oneLine.count }.max() ?? 0
    }
    return rows.map { row in
      row.cells.enumerated().map { column, cell in
        let text = cell.text.oneLine
        return column == columns - 1
          ? text : text + String(repeating: " ", count: widths[column] - text.count)
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
