import Evaluation
import Metrics

/// The rows of a diff: those that changed, their groups and flips, and those that did not.
struct DiffSections {
  private let model: DiffModel
  private var limits: PageLimits { model.limits }

  init(_ model: DiffModel) { self.model = model }

  // MARK: Rows

  var changed: Section? {
    guard !model.changed.isEmpty else { return nil }
    return Section(
      "changed", "What changed",
      "\(oneSided)\(tables(of: model.changed))")
  }

  var unchanged: Section? {
    guard !model.unchanged.isEmpty else { return nil }
    return Section(
      "unchanged", "What did not change",
      """
      <p>\(Number.of(model.unchanged.count, "row")) without a change beyond chance.</p>
      \(withoutNumbers(model.unchanged, "Without a result to compare"))\
      \(tables(of: model.unchanged))
      """, isOpen: false)
  }

  /// Rows that fail, are missing or new, or cannot be compared.
  private var oneSided: Markup {
    withoutNumbers(model.changed, "Rows that failed, came, went or cannot be compared")
  }

  private func withoutNumbers(_ rows: [DiffRow], _ name: String) -> Markup {
    let rows = rows.filter { row in
      row.reason != nil || model.diff.shown(row).isEmpty
    }.sorted { $0.verdict.rank < $1.verdict.rank }
    guard !rows.isEmpty else { return .empty }
    let shown = rows.prefix(limits.rows)
    return Table(
      name: name, note: leftOut(rows.count - shown.count, "row"),
      columns: [.text("Row"), .text("Verdict"), .text("Why")],
      rows: shown.map { row in
        [
          "\(row.markedName)", "<span class=\"\(row.verdict.look)\">\(row.verdict.words)</span>",
          "\(shortened(row.reason ?? "", limits.characters))",
        ]
      }
    ).markup
  }

  /// A table for each metric that the rows show, since metrics share no scale.
  private func tables(of rows: [DiffRow]) -> Markup {
    var order: [String] = []
    var members: [String: [(row: DiffRow, comparison: Comparison)]] = [:]
    for row in rows {
      for comparison in model.diff.shown(row) {
        if members[comparison.metric] == nil { order.append(comparison.metric) }
        members[comparison.metric, default: []].append((row, comparison))
      }
    }
    let parts = order.map { key -> Markup in
      let entry = model.metric(key)
      let all = (members[key] ?? []).enumerated().sorted { left, right in
        let (a, b) = (left.element.comparison.verdict.rank, right.element.comparison.verdict.rank)
        return a == b ? left.offset < right.offset : a < b
      }.map(\.element)
      let shown = all.prefix(limits.rows)
      return DiffTable(
        name: entry.title,
        note: """
          \(entry.directionSentence)\
          \(leftOut(all.count - shown.count, "row"))
          """,
        heads: ["Row"],
        lines: shown.map { row, comparison in
          DiffTable.Line(
            names: ["\(row.markedName) <span class=\"where\">\(notes(row))</span>"],
            comparison: comparison)
        }
      ).markup
    }
    return "\(parts)"
  }

  private func notes(_ row: DiffRow) -> String {
    let flips = row.flips.map {
      "flips: \(Number.count($0.lost.count)) lost, \(Number.count($0.won.count)) won"
    }
    return ([flips, model.diff.aside(row), row.groupText] + row.notes).compactMap(\.self)
      .joined(separator: "; ")
  }

  // MARK: Groups

  var groups: Section? {
    let found = model.changed.flatMap { row in row.changedGroups.map { (row: row, group: $0) } }
    guard !found.isEmpty else { return nil }
    var order: [String] = []
    for (_, group) in found where !order.contains(group.comparison.metric) {
      order.append(group.comparison.metric)
    }
    let tables = order.map { key -> Markup in
      let entry = model.metric(key)
      let all = found.filter { $0.group.comparison.metric == key }
      let sorted =
        all.filter { $0.group.comparison.verdict == .regressed }
        + all.filter { $0.group.comparison.verdict != .regressed }
      let shown = sorted.prefix(limits.rows)
      return DiffTable(
        name: "Groups, \(entry.title)",
        note: """
          \(entry.directionSentence)\
          \(leftOut(all.count - shown.count, "group"))
          """,
        heads: ["Row", "Group"],
        lines: shown.map { row, group in
          DiffTable.Line(
            names: ["\(row.markedName)", "\(group.name.text)"], comparison: group.comparison)
        }
      ).markup
    }
    return Section(
      "groups", "Groups that changed",
      """
      <p>Shifts, attributes and classes whose value moved by more than chance, each on its own \
      rows; p is adjusted over the groups of the row.</p>
      \(tables)
      """)
  }

  // MARK: Flips

  var flips: Section? {
    let rows = model.changed.filter { row in
      row.flips.map { !$0.lost.isEmpty || !$0.won.isEmpty } ?? false
    }
    guard !rows.isEmpty else { return nil }
    let shown = rows.prefix(limits.groups * 3)
    let table = Table(
      name: "Flipped test rows",
      note: """
        Lost: right in the baseline, wrong in the candidate; of several seeds those that more seeds \
        lose than win. Numbers count the evaluated rows from 0.\
        \(leftOut(rows.count - shown.count, "row"))
        """,
      columns: [
        .text("Row"), .number("Lost"), .number("Won"), .text("Which were lost"),
        .text("Which were won"),
      ],
      rows: shown.map { row in
        let flips = row.flips ?? Flips(lost: [], won: [])
        return [
          "\(row.markedName)", "\(Number.count(flips.lost.count))",
          "\(Number.count(flips.won.count))", "\(places(flips.lost))", "\(places(flips.won))",
        ]
      }, classes: "sortable"
    ).markup
    return Section("flips", "Flips", table, isOpen: false)
  }

  private func places(_ rows: [Int]) -> String {
    let named = rows.prefix(limits.groups * 3).map(String.init).joined(separator: " ")
    let rest = rows.count - limits.groups * 3
    return rest > 0 ? "\(named) and \(Number.count(rest)) more" : named
  }
}
