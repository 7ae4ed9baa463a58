import Documents
import Evaluation
import Metrics

/// How much a result depends on the wording of the prompt.
struct PromptsSection {
  private let model: PageModel

  init(_ model: PageModel) { self.model = model }

  var section: Section? {
    let tables = DerivedTable.tables(of: model.report).filter(\.isOverPrompts)
    let panels = model.blocks.flatMap(\.panels).filter(\.isOverPrompts)
    guard !tables.isEmpty, !panels.isEmpty else { return nil }
    let shown = panels.prefix(model.limits.charts)
    let wholes = tables.prefix(model.limits.charts).map { table in
      table.markup(
        name: "Over all prompts, \(table.suite) on \(table.dataset)",
        note: """
          Mean, standard deviation and range of the accuracies with each prompt on its own; the \
          intervals are of the whole quantity, with the same test rows for all prompts.
          """, limits: model.limits)
    }
    return Section(
      "prompts", "Wording of the prompt",
      """
      <p>Each prompt on its own, and what the prompts come down to. No prompt stands for the \
      others: the spread between them is part of the result.\
      \(leftOut(panels.count - shown.count, "chart"))</p>
      <div class="figures">\(shown.map(figure))</div>
      \(details("Prompts in numbers", "\(wholes)"))\(shown.map(wordings))
      """)
  }

  private func figure(_ panel: Panel) -> Markup {
    guard let headline = panel.block.headline else { return .empty }
    let entry = model.metric(headline)
    let leading = panel.leaders(model).map(\.label)
    let labels = leading.prefix(model.limits.series)
    let shown = panel.settings.prefix(model.limits.groups * 2)
    let plot = Plot.dots(
      "\(entry.title) with each prompt, \(panel.name). The numbers stand in the results.",
      of: entry, in: shown.map(name), labels.map { ($0, model.series($0)) }
    ) { row, label in
      let aggregate = panel.block.row(label, in: shown[row])?.aggregates[headline]
      return aggregate?.mean.map { ($0, aggregate?.interval) }
    }
    guard !plot.marks.isEmpty else { return .empty }
    return """
      <figure><figcaption><strong>\(panel.name)</strong> \(entry.title) with each prompt.\
      \(leftOut(panel.settings.count - shown.count, "prompt"))\
      \(leftOut(leading.count - labels.count, "method"))</figcaption>
      \(model.ownLegend(Array(labels)))\(plot.markup())</figure>

      """
  }

  /// The prompts in words, as the trials' notes have them.
  private func wordings(_ panel: Panel) -> Markup {
    let rows = panel.settings.prefix(model.limits.rows).compactMap { setting -> [Markup]? in
      let notes = panel.block.rows(in: setting).flatMap(\.trials).flatMap(\.notes)
      guard let note = notes.first(where: { $0.contains("prompt") }) else { return nil }
      return ["\(name(setting))", "\(shortened(note, model.limits.characters))"]
    }
    guard !rows.isEmpty else { return .empty }
    return details(
      "The prompts in words: \(panel.name)",
      Table(
        name: "Prompts, \(panel.name)", columns: [.text("Prompt"), .text("In words")], rows: rows
      ).markup)
  }

  private func name(_ setting: [String: JSON]) -> String {
    "prompt \(setting[promptKey]?.canonicalText ?? "")"
  }
}
