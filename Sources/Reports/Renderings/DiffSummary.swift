package import Evaluation
internal import Metrics
internal import Statistics

extension ReportDiff {
  /// The trials by verdict in one line, and what the process will tell.
  package var summaryText: String {
    let counts = summary
    let parts = Verdict.allCases.compactMap { verdict in
      (counts[verdict] ?? 0) > 0 ? "\(counts[verdict] ?? 0) \(verdict.rawValue)" : nil
    }
    let noun = trialRows.count == 1 ? "trial" : "trials"
    let total = "\(trialRows.count) \(noun)"
    let verdicts = parts.isEmpty ? total : "\(total): \(parts.joined(separator: ", "))"
    return "\(verdicts); exit code \(exitCode.rawValue), \(meaning)"
  }

  /// What the exit code means here; that all is fine only where rules held and nothing got worse.
  private var meaning: String {
    if exitCode == .usage { return "a rule matches no row" }
    guard exitCode == .fine else { return exitCode.meaning }
    if gates.isEmpty { return "without a rule nothing is judged" }
    let isWorse = rows.contains { $0.verdict.isWorse } || !loadFailures.isEmpty
    return isWorse ? "every rule held" : exitCode.meaning
  }

  /// How the tests were made, for the foot of a rendering.
  package var method: [String] {
    let all = rows.flatMap { $0.comparisons + $0.groups.flatMap(\.comparisons) }
    let tests = Set(all.map(\.test))
    var lines: [String] = []
    if tests.contains(.exactMcNemar) {
      lines.append("exact: McNemar's exact two-sided binomial test of the flips, at any count.")
    }
    if tests.contains(.pairedRandomisation) {
      lines.append(
        "paired: the sides of the test rows exchanged, by closed form or \(resamples) exchanges; "
          + "intervals from as many resamples.")
    }
    if tests.contains(.unpaired) {
      lines.append(
        "unpaired: from the reported intervals, for want of per-sample outcomes; much weaker.")
    }
    if tests.contains(.exactMcNemar) || tests.contains(.pairedRandomisation) {
      let isOneSeed = pooledRows.contains { $0.seeds.count == 1 && !$0.comparisons.isEmpty }
      if all.contains(where: { $0.drawsP != nil }) {
        lines.append(
          "p is the greater of two: other test rows, and other draws by the spread over the seeds.")
      }
      if isOneSeed { lines.append("One seed: other draws were not looked at.") }
    }
    if all.contains(where: { $0.adjustedP != nil }) {
      let family =
        familySize > 0
        ? " over the \(familySize) \(familySize == 1 ? "test" : "tests") that rules judge,"
          + " else over the metrics or the groups of a row"
        : " over the metrics or the groups of a row"
      lines.append("p is adjusted by Holm\(family); alpha \(options.alpha).")
    }
    if let power { lines.append(power) }
    if options.rules.isEmpty, rows.contains(where: { !$0.comparisons.isEmpty }) {
      lines.append("Without a gate a row has the verdict of its worst metric.")
    }
    if rows.contains(where: \.isOracle) {
      lines.append("† oracle: tuned on the test labels, not comparable with the other rows.")
    }
    return lines
  }

  /// How small a change of the metrics that rows show first is seen, in the middle of the rows.
  private var power: String? {
    var sizes: [String: [Double]] = [:]
    for comparison in pooledRows.flatMap(shown) {
      guard let size = comparison.detectable(alpha: options.alpha) else { continue }
      sizes[comparison.metric, default: []].append(size)
    }
    let words = metrics.map(\.key).compactMap { key in
      quantile(0.5, ofSorted: (sizes[key] ?? []).sorted()).map { "\(key) by \(Format.value($0))" }
    }
    guard !words.isEmpty else { return nil }
    return
      "Seen four times in five: a change of \(words.joined(separator: ", ")), in the middle row."
  }

  /// The comparisons that a row shows first: the gated ones, else the headline, and the first metric
  /// that made the row's verdict where the headline did not.
  package func shown(_ row: DiffRow) -> [Comparison] {
    let gated = Set(options.rules.compactMap(\.comparedMetric))
    let named = row.comparisons.filter { gated.contains($0.metric) }
    if !named.isEmpty { return named }
    let ordered = inOrder(row.comparisons)
    guard let headline = ordered.first else { return [] }
    let deciding = ordered.first { $0.verdict == row.verdict && $0.verdict.isChange }
    return headline.verdict == row.verdict ? [headline] : [headline] + [deciding].compactMap(\.self)
  }

  /// The metrics beyond those shown that changed by more than chance; nil if none did.
  package func aside(_ row: DiffRow) -> String? {
    let shown = Set(shown(row).map(\.metric))
    let others = inOrder(row.comparisons).filter { !shown.contains($0.metric) }
    let parts = [(Verdict.regressed, "worse"), (.improved, "better")].compactMap { verdict, word in
      let keys = others.filter { $0.verdict == verdict }.map(\.metric)
      return keys.isEmpty ? nil : "\(word): \(keys.joined(separator: ", "))"
    }
    return parts.isEmpty ? nil : "also \(parts.joined(separator: "; "))"
  }

  /// Comparisons in the order of the report's metrics.
  private func inOrder(_ comparisons: [Comparison]) -> [Comparison] {
    let keys = metrics.map(\.key)
    let known = keys.flatMap { key in comparisons.filter { $0.metric == key } }
    return known + comparisons.filter { !keys.contains($0.metric) }
  }
}

extension Verdict {
  /// Whether the candidate lost something that the baseline had.
  var isWorse: Bool {
    switch self {
    case .regressed, .newlyFailing, .missing, .incomparable, .undefined: true
    default: false
    }
  }

  /// Whether a metric changed by more than chance, for better or worse.
  fileprivate var isChange: Bool { self == .regressed || self == .improved }
}

extension DiffRow {
  /// The row's name, marked where test labels chose something.
  package var markedName: String { isOracle ? "\(name) †" : name }

  /// What happened in one sentence.
  package var detail: String {
    var parts: [String] = []
    if let reason { parts.append(reason) }
    parts += comparisons.filter {
      [.regressed, .notResolvable, .incomparable].contains($0.verdict)
    }.map {
      $0.text
    }
    if let groupText { parts.append(groupText) }
    if let flips, !flips.lost.isEmpty || !flips.won.isEmpty {
      parts.append("flips: \(flips.lost.count) lost, \(flips.won.count) won")
    }
    parts += notes
    if isOracle { parts.append("oracle: tuned on the test labels") }
    return parts.isEmpty ? verdict.rawValue : parts.joined(separator: "; ")
  }
}

extension DiffRow {
  /// The groups that changed by more than chance, the worse ones first.
  package var changedGroups: [(name: GroupID, comparison: Comparison)] {
    let all = groups.flatMap { group in group.comparisons.map { (group.name, $0) } }
    return [.regressed, .improved].flatMap { verdict in
      all.filter { $0.1.verdict == verdict }.map { (name: $0.0, comparison: $0.1) }
    }
  }

  /// How many of the groups changed, and where; nil if none did.
  package var groupText: String? {
    let changed = changedGroups
    guard !changed.isEmpty else { return nil }
    let count = groups.reduce(0) { $0 + $1.comparisons.count }
    let worse = changed.count { $0.comparison.verdict == .regressed }
    return "groups: \(worse) worse and \(changed.count - worse) better of \(count)"
  }
}

extension DifferenceTest {
  /// The test in one word, which `ReportDiff.method` explains.
  var word: String {
    switch self {
    case .exactMcNemar: "exact"
    case .pairedRandomisation: "paired"
    case .unpaired: "unpaired"
    case .none: "untested"
    }
  }
}

extension Comparison {
  /// The comparison in one clause.
  package var text: String {
    guard delta != nil else { return "\(metric) \(reason ?? verdict.rawValue)" }
    var text = "\(metric) \(Format.value(baseline)) -> \(Format.value(candidate))"
    if let interval {
      text += " (\(Format.signed(delta)) \(Format.bounds(interval)), \(test.word))"
    }
    if let seeds { text += ", sd over \(seeds.count) seeds \(Format.value(seeds.deviation))" }
    if let p, let drawsP {
      text += ", p \(Format.probability(p)) for rows, \(Format.probability(drawsP)) for draws"
    }
    if let adjustedP { text += ", p \(Format.probability(adjustedP)) adjusted" }
    return text
  }
}

extension Flips {
  /// The flipped rows, at most `limit` of each kind named.
  package func text(limit: Int = 10) -> String {
    func list(_ rows: [Int], _ word: String) -> String {
      let named = rows.prefix(limit).map(String.init).joined(separator: " ")
      let rest = rows.count > limit ? " and \(rows.count - limit) more" : ""
      return rows.isEmpty ? "0 \(word)" : "\(rows.count) \(word) (\(named)\(rest))"
    }
    return "\(list(lost, "lost")), \(list(won, "won"))"
  }
}
