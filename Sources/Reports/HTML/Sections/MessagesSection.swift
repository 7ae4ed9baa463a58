import Documents
import Evaluation
internal import PluginHost

/// What went wrong and what the reader should know: equal messages are told once.
struct MessagesSection {
  private let model: PageModel
  private var limits: PageLimits { model.limits }

  init(_ model: PageModel) { self.model = model }

  // MARK: Failures

  var failures: Section? {
    let failed = told(model.report.trials.filter { $0.status != .ok && $0.status != .unsupported })
    let unsupported = told(model.report.trials.filter { $0.status == .unsupported })
    guard !failed.isEmpty || !unsupported.isEmpty else { return nil }
    var content = Markup.empty
    if !failed.isEmpty {
      let items = failed.prefix(limits.messages).map(item)
      let trials = failed.dropFirst(limits.messages).reduce(0) { $0 + $1.trials.count }
      let rest = leftOut(failed.count - items.count, "different failure", " (of \(trials) trials)")
      content += """
        <p>A failed trial is a result: the run went on. Equal failures of a method stand together.\
        \(rest)</p>
        <ol class="failures">\(items)</ol>

        """
    }
    if !unsupported.isEmpty {
      let rows = unsupported.prefix(limits.messages).map { failure -> [Markup] in
        [
          "\(failure.label)", "\(shortened(failure.message, limits.characters))",
          "\(Number.count(failure.trials.count))", "\(places(failure.trials))",
        ]
      }
      content +=
        Table(
          name: "Unsupported",
          note:
            "The setting lacks what the method requires. Not an error.\(leftOut(unsupported.count - rows.count, "reason"))",
          columns: [.text("Method"), .text("Reason"), .number("Trials"), .text("Where")],
          rows: Array(rows)
        ).markup
    }
    return Section("failures", "Failures", content)
  }

  /// Trials of one method that ended in the same way.
  private struct Failure {
    var label: String
    var status: TrialStatus
    var stage: String
    var kind: String
    var signal: String?
    var message: String
    var trials: [TrialRecord]
  }

  private func told(_ trials: [TrialRecord]) -> [Failure] {
    var order: [[String]] = []
    var members: [[String]: [TrialRecord]] = [:]
    for trial in trials {
      let failure = trial.failure
      let key = [
        trial.label, trial.status.rawValue, failure?.stage ?? "", failure?.kind ?? "",
        failure?.signal ?? "", failure?.message ?? "",
      ]
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(trial)
    }
    return order.compactMap { key in
      guard let trials = members[key], let first = trials.first else { return nil }
      return Failure(
        label: first.label, status: first.status, stage: first.failure?.stage ?? "not recorded",
        kind: first.failure?.kind ?? "not recorded", signal: first.failure?.signal,
        message: first.failure?.message ?? "No reason was recorded.", trials: trials)
    }
  }

  private func item(_ failure: Failure) -> Markup {
    let signal: Markup = failure.signal.map { ", signal <b>\($0)</b>" } ?? .empty
    var outputs: [String] = []
    for trial in failure.trials {
      guard let tail = trial.failure?.stderrTail, !tail.isEmpty, !outputs.contains(tail) else {
        continue
      }
      if outputs.count == 3 { break }
      outputs.append(tail)
    }
    let tails = outputs.map { output in
      details(
        "What the worker wrote to stderr",
        "<pre>\(ending(output, limits.characters))</pre>\n")
    }
    return """
      <li><p><strong>\(failure.label)</strong> <span class="tag failed">\(failure.status.rawValue)\
      </span> in stage <b>\(failure.stage)</b>, kind <b>\(failure.kind)</b>\(signal); \
      \(Number.of(failure.trials.count, "trial"))</p>
      <p class="message">\(shortened(failure.message, limits.characters))</p>
      <p class="where">\(places(failure.trials))</p>
      \(tails)</li>

      """
  }

  /// Where trials stand: settings with their seeds, the first few of them.
  private func places(_ trials: [TrialRecord]) -> Markup {
    let rows = grouped(trials, by: RowKey.init)
    let named = rows.prefix(6).map { row, trials -> Markup in
      let seeds = trials.prefix(12).map { String($0.seed) }.joined(separator: ", ")
      let more = trials.count > 12 ? " and \(trials.count - 12) more" : ""
      let noun = trials.count == 1 ? "seed" : "seeds"
      return "\(row.suite) on \(row.dataset), \(settingText(row.setting)), \(noun) \(seeds)\(more)"
    }
    let rest = rows.count > 6 ? "; and \(Number.of(rows.count - 6, "setting")) more" : ""
    return "\(named.joined("; "))\(rest)"
  }

  // MARK: Warnings and notes

  var remarks: Section? {
    let content: Markup = "\(runWarnings)\(trialWarnings)\(notes)"
    return content.text.isEmpty ? nil : Section("remarks", "Warnings and notes", content)
  }

  private var runWarnings: Markup {
    let warnings = model.report.warnings.shown
    guard !warnings.isEmpty else { return .empty }
    let rows = warnings.prefix(limits.messages).map { warning -> [Markup] in
      [
        "<code>\(warning.code)</code>", "\(warning.place)",
        "\(shortened(warning.text, limits.characters))",
      ]
    }
    return Table(
      name: "About the run", note: leftOut(warnings.count - rows.count, "warning"),
      columns: [.text("Code"), .text("Where"), .text("Warning")], rows: Array(rows)
    ).markup
  }

  private var trialWarnings: Markup {
    var counts = Tally()
    for trial in model.report.trials {
      for warning in trial.warnings { counts.add([trial.label, warning.code, warning.text]) }
    }
    guard !counts.order.isEmpty else { return .empty }
    let rows = counts.order.prefix(limits.messages).map { key -> [Markup] in
      [
        "\(key[0])", "<code>\(key[1])</code>", "\(shortened(key[2], limits.characters))",
        "\(Number.count(counts.counts[key] ?? 0))",
      ]
    }
    return Table(
      name: "Warnings of trials", note: leftOut(counts.order.count - rows.count, "warning"),
      columns: [.text("Method"), .text("Code"), .text("Warning"), .number("Trials")],
      rows: Array(rows)
    ).markup
  }

  private var notes: Markup {
    var counts = Tally()
    for trial in model.report.trials {
      for note in trial.notes { counts.add([trial.label, note]) }
    }
    guard !counts.order.isEmpty else { return .empty }
    let rows = counts.order.prefix(limits.messages).map { key -> [Markup] in
      [
        "\(key[0])", "\(shortened(key[1], limits.characters))",
        "\(Number.count(counts.counts[key] ?? 0))",
      ]
    }
    return Table(
      name: "Notes of trials", note: leftOut(counts.order.count - rows.count, "note"),
      columns: [.text("Method"), .text("Note"), .number("Trials")], rows: Array(rows)
    ).markup
  }

  /// How often each text was met, in the order of first appearance.
  private struct Tally {
    var order: [[String]] = []
    var counts: [[String]: Int] = [:]

    mutating func add(_ key: [String]) {
      if counts[key] == nil { order.append(key) }
      counts[key, default: 0] += 1
    }
  }
}
