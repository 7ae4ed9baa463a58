package import Documents
package import Evaluation
internal import Metrics
internal import PluginHost

/// The scores of one dataset in one suite: methods down, settings across.
package struct ScoreGrid: Equatable, Sendable {
  package var suite: String
  package var dataset: String
  package var metric: MetricEntry
  package var settings: [[String: JSON]]
  package var rows: [Row]

  /// A method's scores, one per setting; nil where it was not run.
  package struct Row: Equatable, Sendable {
    package var label: String
    package var scores: [Score?]
  }

  /// A method's score in one setting, over its seeds.
  package struct Score: Equatable, Sendable {
    package var aggregate: Aggregate?
    package var trials: Int
    package var unsupported: Int
    /// The trials that ended well, whether the metric is defined in them or not.
    package var measured: Int
    /// Tells whether test labels chose something.
    package var isOracle: Bool

    /// The score in words that need no layout; the two spreads stay apart.
    package var text: String {
      guard unsupported < trials else { return "n/a" }
      guard let aggregate, let mean = aggregate.mean else {
        return measured > 0 ? "undefined" : "failed"
      }
      var text = Format.value(mean)
      if let interval = aggregate.interval {
        text += " ± \(Format.value((interval.upper - interval.lower) / 2))"
      }
      if let spread = aggregate.sdSeeds { text += " (\(Format.value(spread)))" }
      return text + (isOracle ? "†" : "") + (aggregate.isComplete ? "" : "!")
    }
  }

  /// Whether any method has the metric.
  var isMeasured: Bool {
    rows.contains { $0.scores.contains { $0?.aggregate?.mean != nil } }
  }

  /// What the marks in `Score.text` mean, for the grids that use them.
  package static func legend(_ grids: [ScoreGrid]) -> [String] {
    let scores = grids.flatMap { $0.rows.flatMap { $0.scores.compactMap(\.self) } }
    let aggregates = scores.compactMap(\.aggregate)
    var lines: [String] = []
    if let level = aggregates.compactMap(\.interval?.level).first {
      let percent = Format.fixed(level * 100, 0)
      lines.append("± is half the \(percent) % sampling interval of the mean over the seeds.")
    }
    if aggregates.contains(where: { $0.sdSeeds != nil }) {
      lines.append("( ) is the standard deviation over the seeds, which ± does not contain.")
    }
    if scores.contains(where: \.isOracle) {
      lines.append("† oracle: tuned on the test labels, not comparable with the other rows.")
    }
    if aggregates.contains(where: { !$0.isComplete && $0.mean != nil }) {
      lines.append("! incomplete: some seeds failed, and the mean leaves them out.")
    }
    return lines
  }
}

extension Report {
  /// One grid per suite and dataset, of the metric that is asked for or else of the headline.
  package func grids(metric: String? = nil) -> [ScoreGrid] {
    var scopes: [(suite: String, dataset: String)] = []
    for trial in trials where !scopes.contains(where: { $0 == (trial.suite, trial.dataset) }) {
      scopes.append((trial.suite, trial.dataset))
    }
    return scopes.map { scope in
      grid(scope.suite, scope.dataset, metric: metric)
    }
  }

  private func grid(_ suite: String, _ dataset: String, metric: String?) -> ScoreGrid {
    let trials = trials.filter { $0.suite == suite && $0.dataset == dataset }
    let aggregates = aggregates.filter { $0.suite == suite && $0.dataset == dataset }
    let used = Set(aggregates.map(\.metric))
    let key =
      metric ?? metrics.first { used.contains($0.key) }?.key ?? used.min() ?? metrics.first?.key
      ?? "score"
    let entry =
      self.metric(key) ?? MetricEntry(key: key, title: key, version: 1, higherIsBetter: true)
    var settings: [[String: JSON]] = []
    for trial in trials where !settings.contains(trial.setting) { settings.append(trial.setting) }
    let cells = Dictionary(grouping: trials, by: RowKey.init)
    let scores = Dictionary(
      aggregates.filter { $0.metric == key }.map { (RowKey($0), $0) },
      uniquingKeysWith: { first, _ in first })
    let labels = Set(trials.map(\.label)).sorted { TrialOrder.natural($0, $1) < 0 }
    let rows = labels.map { label in
      ScoreGrid.Row(
        label: label,
        scores: settings.map { setting in
          let row = RowKey(suite: suite, dataset: dataset, setting: setting, label: label)
          guard let trials = cells[row] else { return nil }
          return ScoreGrid.Score(
            aggregate: scores[row], trials: trials.count,
            unsupported: trials.count { $0.status == .unsupported },
            measured: trials.count { $0.status == .ok },
            isOracle: trials.contains { $0.selection == .oracle })
        })
    }
    return ScoreGrid(
      suite: suite, dataset: dataset, metric: entry, settings: settings, rows: rows)
  }

  /// The trials that failed, which `unsupported` ones did not.
  package var failures: [TrialRecord] {
    trials.filter { $0.status != .ok && $0.status != .unsupported }
  }

  /// The trials by status in one line, such as `12 trials: 10 ok, 2 crashed`.
  package var summaryText: String {
    let counts = summary
    let parts = TrialStatus.allCases.compactMap { status in
      (counts[status] ?? 0) > 0 ? "\(counts[status] ?? 0) \(status.rawValue)" : nil
    }
    let noun = trials.count == 1 ? "trial" : "trials"
    let total = "\(trials.count) \(noun)"
    var end = unmeasured.isEmpty ? "" : "; \(unmeasured.count) of them measured nothing"
    if !loadFailures.isEmpty {
      let names = loadFailures.map(\.place).joined(separator: ", ")
      end += "; not loaded: \(names)"
    }
    if !run.isComplete { end += "; the run was interrupted" }
    return (parts.isEmpty ? total : "\(total): \(parts.joined(separator: ", "))") + end
  }
}

extension TrialRecord {
  /// The trial's name, such as `few-shot / pets / shots=4 / gda / seed 1`.
  package var name: String {
    "\(suite) / \(dataset) / \(TrialOrder.text(setting)) / \(label) / seed \(seed)"
  }

  /// How it failed in one sentence, such as `crashed at fit (SIGSEGV): message`.
  package var failureText: String {
    guard let failure else { return status.rawValue }
    let signal = failure.signal.map { " (\($0))" } ?? ""
    return "\(status.rawValue) at \(failure.stage)\(signal): \(failure.message)"
  }
}
