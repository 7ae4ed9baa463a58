/// A table of real cells: a caption, column heads with scope, and row heads.
struct Table {
  struct Column {
    var title: Markup
    var isNumeric: Bool

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

  var markup: Markup {
    let caption: Markup = "<caption><div><b>\(name).</b> \(note)</div></caption>"
    let head = columns.map { column -> Markup in
      column.isNumeric
        ? "<th scope=\"col\" class=\"n\">\(column.title)</th>"
        : "<th scope=\"col\">\(column.title)</th>"
    }
    let body = rows.map { cells -> Markup in
      var row: Markup = "<tr>"
      for (index, cell) in cells.enumerated() {
        if index < heads {
          row += "<th scope=\"row\">\(cell)</th>"
        } else if columns.indices.contains(index), columns[index].isNumeric {
          row += "<td class=\"n\">\(cell)</td>"
        } else {
          row += "<td>\(cell)</td>"
        }
      }
      row += "</tr>\n"
      return row
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(name)">\
      <table class="\(classes)">\(caption)<thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)</tbody></table></div>

      """
  }
}

/// A part of the page that is closed until someone opens it.
func details(_ summary: Markup, _ content: Markup, id: Markup = .empty) -> Markup {
  "<details\(id)><summary>\(summary)</summary>\n\(content)</details>\n"
}
