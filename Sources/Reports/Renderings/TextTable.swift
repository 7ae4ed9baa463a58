/// How text is laid out for people.
package struct TextStyle: Equatable, Sendable {
  /// The columns of the terminal; tables that are wider are split.
  package var width: Int
  package var usesColour: Bool
  package init(width: Int = 100, usesColour: Bool = false) {
    self.width = width
    self.usesColour = usesColour
  }

  /// A colour of the terminal.
  package enum Colour: String, Sendable {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case faint = "2"
  }

  /// The text in a colour, where colours are wanted.
  package func painted(_ text: String, _ colour: Colour?) -> String {
    guard usesColour, let colour else { return text }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }
}

/// A cell of a table: its text, and its colour where colours are wanted.
package struct Cell: Equatable, Sendable, ExpressibleByStringInterpolation {
  package var text: String
  package var colour: TextStyle.Colour?
  package init(_ text: String, _ colour: TextStyle.Colour? = nil) {
    self.text = text
    self.colour = colour
  }
  package init(stringLiteral value: String) { self.init(value) }
}

/// A table with a head; the first columns are repeated when it is split to fit the width.
package struct TextTable: Equatable, Sendable {
  package var head: [Cell]
  package var rows: [[Cell]]
  /// The columns that name a row: aligned left, and repeated in every part.
  package var nameColumns: Int
  /// The columns that hold text, aligned left.
  package var leftColumns: Set<Int>

  package init(
    head: [Cell], rows: [[Cell]], nameColumns: Int = 1, leftColumns: Set<Int> = []
  ) {
    self.head = head
    self.rows = rows
    self.nameColumns = nameColumns
    self.leftColumns = leftColumns
  }

  /// The table as lines, in as many parts as the width demands; a part has at least one value column.
  package func lines(_ style: TextStyle) -> [String] {
    let cells = ([head] + rows).map { row in
      row.map { Cell(Escaping.line($0.text), $0.colour) }
    }
    let widths = head.indices.map { column in
      cells.map { column < $0.count ? $0[column].text.count : 0 }.max() ?? 0
    }
    let names = Array(0..<min(nameColumns, head.count))
    let nameWidth = names.reduce(0) { $0 + widths[$1] + 2 }
    var parts: [[Int]] = []
    var used = 0
    for column in head.indices.dropFirst(names.count) {
      let width = widths[column] + 2
      if parts.isEmpty || nameWidth + used + width - 2 > style.width {
        parts.append([])
        used = 0
      }
      parts[parts.count - 1].append(column)
      used += width
    }
    if parts.isEmpty { parts = [[]] }
    return Array(
      parts.map { part in
        cells.map { line(of: $0, columns: names + part, widths: widths, style) }
      }.joined(separator: [""]))
  }

  private func line(
    of row: [Cell], columns: [Int], widths: [Int], _ style: TextStyle
  ) -> String {
    var line = ""
    var pending = 0
    for (place, column) in columns.enumerated() {
      let cell = column < row.count ? row[column] : ""
      let padding = widths[column] - cell.text.count
      let isLeft = column < nameColumns || leftColumns.contains(column)
      if place > 0 { pending += 2 }
      if !isLeft { pending += padding }
      if !cell.text.isEmpty {
        line += String(repeating: " ", count: pending) + style.painted(cell.text, cell.colour)
        pending = 0
      } else if !isLeft {
        continue
      }
      if isLeft { pending += padding }
    }
    return line
  }
}
