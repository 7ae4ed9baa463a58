import Documents
import Evaluation
internal import PluginHost

/// What went wrong and what the reader should know: equal messages are told once.
struct MessagesSection {
  private let model: PageModel
  private var limits: PageLimits { model.limits }

  /// Failures that are seen at once.
  private let openFailures = 3

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
        <ol class="failures">\(Array(items.prefix(openFailures)))</ol>

        """
      if items.count > openFailures {
        content += details(
          "\(Number.of(items.count - openFailures, "further failure"))",
          """
          <ol class="failures" start="\(openFailures + 1)">\
          \(Array(items.dropFirst(openFailures)))</ol>

          """)
      }
    }
    if !unsupported.isEmpty {
      let rows = unsupported.prefix(limits.messages).map { failure -> [Markup] in
        [
          "\(failure.label)", "\(shortened(failure.message, limits.characters))",
          "\(Number.count(failure.trials.count))", "\(places(failure.trials))",
        ]
      }
      let table = Table(
        name: "Unsupported",
        note: """
          The setting lacks what the method requires. Not an error.\
          \(leftOut(unsupported.count - rows.count, "reason"))
          """,
        columns: [.text("Method"), .text("Reason"), .number("Trials"), .text("Where")],
        rows: Array(rows)
      ).markup
      content += details(
        "\(Number.of(unsupported.reduce(0) { $0 + $1.trials.count }, "unsupported trial"))", table)
    }
    return Section(
      "failures", failed.isEmpty ? "What does not fit" : "Failures", content,
      isOpen: !failed.isEmpty)
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
    let trials = model.report.trials
    let groups =
      byKind(
        "About the run", model.report.warnings.shown.map { ($0.code, $0.place, $0.text) })
      + byKind(
        "Warnings",
        trials.flatMap { trial in trial.warnings.map { ($0.code, trial.label, $0.text) } })
      + byKind(
        "Notes", trials.flatMap { trial in trial.notes.map { (kind($0), trial.label, $0) } })
    guard !groups.isEmpty else { return nil }
    return Section("remarks", "Warnings and notes", "\(groups)", isOpen: false)
  }

  /// A note without its numbers: notes that differ in these only are of one kind.
  private func kind(_ note: String) -> String {
    var result = ""
    for word in note.split(separator: " ", omittingEmptySubsequences: false) {
      let isNumber = word.contains(where: \.isNumber)
      result += (result.isEmpty ? "" : " ") + (isNumber ? "\u{2026}" : word)
    }
    return result
  }

  /// One line for each kind, the most frequent first, with its different texts behind it.
  private func byKind(
    _ title: Markup, _ items: [(kind: String, place: String, text: String)]
  ) -> [Markup] {
    guard !items.isEmpty else { return [] }
    var members: [String: [(place: String, text: String)]] = [:]
    for item in items { members[item.kind, default: []].append((item.place, item.text)) }
    let kinds = members.keys.sorted { left, right in
      let (a, b) = (members[left]?.count ?? 0, members[right]?.count ?? 0)
      return a == b ? left < right : a > b
    }
    let shown = kinds.prefix(limits.messages).map { kind -> Markup in
      let own = members[kind] ?? []
      let places = Set(own.map(\.place)).sorted { TrialOrder.natural($0, $1) < 0 }
      return details(
        """
        <b>\(Number.count(own.count))</b> \(shortened(kind, 160)) \
        <span class="where">\(places.prefix(5).joined(separator: ", "))\
        \(places.count > 5 ? " and \(places.count - 5) more" : "")</span>
        """, texts(of: own))
    }
    return ["<h3>\(title)\(leftOut(kinds.count - shown.count, "kind"))</h3>\n"] + shown
  }

  private func texts(of items: [(place: String, text: String)]) -> Markup {
    var order: [[String]] = []
    var counts: [[String]: Int] = [:]
    for item in items {
      let key = [item.place, item.text]
      if counts[key] == nil { order.append(key) }
      counts[key, default: 0] += 1
    }
    let shown = order.prefix(limits.messages / 4)
    return Table(
      name: "In full", note: leftOut(order.count - shown.count, "text"),
      columns: [.text("Where"), .text("Text"), .number("Times")],
      rows: shown.map { key in
        [
          "\(key[0])", "\(shortened(key[1], limits.characters))",
          "\(Number.count(counts[key] ?? 0))",
        ]
      }
    ).markup
  }
}
