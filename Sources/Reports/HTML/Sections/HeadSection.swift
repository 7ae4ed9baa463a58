import Documents
import Evaluation
import Metrics
internal import PluginHost

/// What was run, how it went, and how to read the numbers.
struct HeadSection {
  private let model: PageModel
  private var report: Report { model.report }

  init(_ model: PageModel) { self.model = model }

  var reading: Section? {
    guard !report.aggregates.isEmpty else { return nil }
    return Section(
      "reading", "How to read the numbers",
      "<div class=\"columns\">\n\(marks)\(definitions)</div>\n", isOpen: false)
  }

  var run: Section? {
    let content: Markup = "\(methods)\(datasets)"
    return content.text.isEmpty
      ? nil : Section("run", "Methods and datasets", content, isOpen: false)
  }

  // MARK: Verdict

  /// What stands above everything else.
  var verdict: Markup {
    let counts = report.summary
    let measured = counts[.ok] ?? 0
    let unsupported = counts[.unsupported] ?? 0
    let failed = report.trials.count - measured - unsupported
    let kinds = TrialStatus.allCases.filter {
      $0 != .ok && $0 != .unsupported && (counts[$0] ?? 0) > 0
    }.map { "\(Number.count(counts[$0] ?? 0)) \($0.rawValue)" }
    let kindList = kinds.isEmpty ? "" : " (\(kinds.joined(separator: ", ")))"
    let parts: Markup = """
      \(Number.of(report.trials.count, "trial")): \(Number.count(measured)) ok, \
      \(Number.count(failed)) failed\(kindList), \(Number.count(unsupported)) unsupported; \
      \(extent)
      """
    var result: Markup
    if report.trials.isEmpty || measured == 0 {
      result = verdictLine(isGood: false, "Nothing was measured.", parts)
    } else if failed > 0 {
      result = verdictLine(
        isGood: false, "\(Number.of(failed, "trial")) failed.",
        "\(parts) <a href=\"#failures\">Why</a>")
    } else {
      result = verdictLine(isGood: true, "No trial failed.", parts)
    }
    if !report.run.isComplete {
      result += verdictLine(
        isGood: false, "The run was interrupted.",
        "What follows covers only the trials that had finished.")
    }
    return result
  }

  /// What was run, on what, and when.
  private var extent: Markup {
    let moment = report.environment.map { ", \(clock($0.started))" } ?? ""
    return """
      \(Number.of(Set(report.trials.map(\.label)).count, "method")), \
      \(Number.of(Set(report.trials.map(\.dataset)).count, "dataset")), \
      \(Number.of(Set(report.trials.map(\.suite)).count, "suite")), \
      \(Number.of(Set(report.trials.map(\.seed)).count, "seed"))\(moment).
      """
  }

  /// A moment as people read it; anything that is not ISO 8601 in UTC stays as it is.
  private func clock(_ moment: String) -> String {
    guard moment.hasSuffix("Z"), moment.contains("T") else { return moment }
    return moment.dropLast().replacing("T", with: " ") + " UTC"
  }

  // MARK: Reading

  private var marks: Markup {
    let levels = Set(report.aggregates.compactMap { $0.interval?.level })
    let level = levels.count == 1 ? Number.short((levels.first ?? 0.95) * 100) : "95"
    return """
      <dl class="reading">
      <dt>0.612 <span class="interval">[0.598, 0.627]</span></dt>
      <dd>The mean over the seeds, and its \(level) % sampling interval: how far the value would \
      move with <em>other test rows</em>.</dd>
      <dt><span class="spread">sd 0.011, 3 seeds</span></dt>
      <dd>The standard deviation between seeds: how far it moves with <em>other training \
      draws</em>. The two answer different questions and are never added up.</dd>
      <dt><span class="tag">best</span></dt>
      <dd>The best mean in its setting. That is no test: methods whose intervals overlap may well \
      be equal. <code>assay diff</code> compares in pairs.</dd>
      <dt><span class="tag oracle">oracle</span></dt>
      <dd>Tuned on the test rows, so a bound and no result. It never counts as best; neither does \
      a value that lacks seeds.</dd>
      </dl>

      """
  }

  private var definitions: Markup {
    let keys = model.blocks.reduce(into: Set<String>()) { $0.formUnion($1.metrics) }
    let entries = report.metrics.filter { keys.contains($0.key) }
    guard !entries.isEmpty else { return .empty }
    let items = entries.map { entry -> Markup in
      let summary: Markup =
        MetricInfo.named(entry.key).map { " <span>\($0.summary)</span>" } ?? .empty
      return """
        <dt>\(entry.title)</dt><dd>\(entry.directionSentence)\
        \(summary)</dd>

        """
    }
    return "<dl class=\"metrics\">\(items)</dl>\n"
  }

  // MARK: What was run

  private var methods: Markup {
    var seen: Set<String> = []
    let trials = report.trials.filter { seen.insert($0.label).inserted }
    guard !trials.isEmpty else { return .empty }
    let entries = report.plugins.flatMap { plugin in plugin.methods.map { (plugin, $0) } }
    let ordered = trials.sorted { TrialOrder.natural($0.label, $1.label) < 0 }
    let rows = ordered.prefix(model.limits.rows).map { trial -> [Markup] in
      let found =
        entries.first { $0.0.digest == trial.pluginDigest && $0.1.id == trial.method }
        ?? entries.first { $0.1.id == trial.method }
      let version: Markup = "\(trial.method) \(trial.methodVersion)"
      return [
        "\(trial.label)", version, "\(found?.1.summary ?? "")", "\(found?.1.paper ?? "")",
        "<code>\(shortened(trial.config.canonicalText, 200))</code>",
      ]
    }
    let table = Table(
      name: "Methods", note: leftOut(ordered.count - rows.count, "method"),
      columns: [
        .text("Row"), .text("Method and version"), .text("What it does"), .text("Paper"),
        .text("Config of the first trial"),
      ], rows: Array(rows)
    ).markup
    return table
  }

  private var datasets: Markup {
    guard !report.datasets.isEmpty else { return .empty }
    let rows = report.datasets.prefix(model.limits.rows).map { dataset -> [Markup] in
      [
        "\(dataset.id) \(dataset.version)", "\(Number.count(dataset.n))",
        "\(dataset.classes.map(Number.count) ?? "none")", "\(dataset.source)",
        "\(dataset.licence)",
      ]
    }
    return Table(
      name: "Datasets", note: leftOut(report.datasets.count - rows.count, "dataset"),
      columns: [
        .text("Dataset"), .number("Rows"), .number("Classes"), .text("Source"), .text("Licence"),
      ], rows: Array(rows)
    ).markup
  }
}
