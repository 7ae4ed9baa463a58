/// A table of real cells: a caption, column heads with scope, and row heads.
struct Table {
  struct Column {
    var title: Markup
    var isNumeric: Bool

    /// The title as text, where it has no marks of its own.
    fileprivate var plain: Markup { title.text.contains("<") ? .empty : title }

    static func text(_ title: Markup) -> Column { Column(title: title, isNumeric: false) }
    static func number(_ title: Markup) -> Column { Column(title: title, isNumeric: true) }
  }

  /// What the table is, for the caption and for people who cannot see it.
  var name: String
  /// What to know for reading it, after the name.
  var note: Markup = .empty
  var columns: [Column]
  /// The number of leading cells of a row that name the row.
  var heads = 1
  var rows: [[Markup]]
  var classes: Markup = ""

  var markup: Markup { rendered("<tbody>\n\(rows.map { row($0) })</tbody>") }

  /// The table with rows in named groups, which can be filtered by group and by kind.
  func markup(groups: [(name: String, note: Markup, rows: [(kind: String, cells: [Markup])])])
    -> Markup
  {
    rendered(
      groups.map { group -> Markup in
        let rows = group.rows.map { entry in
          row(entry.cells, " data-kind=\"\(entry.kind)\" data-part=\"\(group.name)\"")
        }
        return """
          <tbody><tr class="group"><th scope="rowgroup" colspan="\(columns.count)">\
          \(group.name)\(group.note)</th></tr>
          \(rows)</tbody>

          """
      }.joined(.empty))
  }

  private func rendered(_ body: Markup) -> Markup {
    let head = columns.map { column -> Markup in
      column.isNumeric
        ? "<th scope=\"col\" class=\"n\">\(column.title)</th>"
        : "<th scope=\"col\">\(column.title)</th>"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(name)">\
      <table class="\(classes)"><caption><b>\(name).</b> \(note)</caption>\
      <thead><tr>\(head)</tr></thead>
      \(body)</table></div>

      """
  }

  /// A row; on a small page its cells stand one below the other, each with its column's name.
  private func row(_ cells: [Markup], _ attributes: Markup = .empty) -> Markup {
    var row: Markup = "<tr\(attributes)>"
    for (index, cell) in cells.enumerated() {
      if index < heads {
        row += "<th scope=\"row\">\(cell)</th>"
        continue
      }
      let column = columns.indices.contains(index) ? columns[index] : nil
      let look: Markup = column?.isNumeric == true ? " class=\"n\"" : ""
      let name: Markup = column.map { " data-h=\"\($0.plain)\"" } ?? .empty
      row += "<td\(look)\(name)>\(cell)</td>"
    }
    row += "</tr>\n"
    return row
  }
}

/// A part of the page that is closed until someone opens it.
func details(_ summary: Markup, _ content: Markup, id: Markup = .empty) -> Markup {
  "<details\(id)><summary>\(summary)</summary>\n\(content)</details>\n"
}
