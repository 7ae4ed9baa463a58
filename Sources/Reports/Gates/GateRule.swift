internal import Documents
internal import Metrics

/// A rule on a diff that decides the exit code, as written after `--fail-on`.
package struct GateRule: Equatable, Sendable {
  /// What a rule looks at.
  package enum Subject: Equatable, Sendable {
    case metric(String)
    /// The worst group's value of a metric.
    case worstGroup(String)
    /// A metric in each group of rows: none may get worse.
    case anyGroup(String)
    /// How unequal the groups of each attribute are.
    case disparity(String)
    case cost(CostKey)
    case missing
    case status
    case predictions
    case newFailures
  }

  /// What a rule allows.
  package enum Limit: Equatable, Sendable {
    /// Worse by at most this much.
    case absolute(Double)
    /// Worse by at most this share of the baseline.
    case relative(Double)
    /// Not worse beyond what chance explains after adjustment.
    case significant
    /// Shown to be worse by less than this much: what is not known fails.
    case noninferior(Double)
    /// Not at all.
    case any
  }

  /// The rule as written.
  package var text: String
  package var subject: Subject
  package var limit: Limit

  /// The metric that the rule is about, if it is about one.
  package var metric: String? { GateRule.metric(of: subject) }

  private static func metric(of subject: Subject) -> String? {
    switch subject {
    case .metric(let key), .worstGroup(let key), .anyGroup(let key), .disparity(let key): key
    default: nil
    }
  }
}

/// Why a rule cannot be used.
package struct GateRuleError: Error, Equatable, CustomStringConvertible {
  package var description: String
}

// MARK: Parsing

extension GateRule {
  private static let words: [(text: String, subject: Subject)] = [
    ("missing:any", .missing), ("status:any", .status), ("predictions:changed", .predictions),
    ("new-failures", .newFailures),
  ]
  private static let groupPrefixes: [(text: String, subject: @Sendable (String) -> Subject)] = [
    ("worst_group_", { .worstGroup($0) }), ("any_group_", { .anyGroup($0) }),
  ]

  /// Reads a rule; `metrics` are those of the two reports.
  ///
  /// `-` and `_` in names are the same. The sign of a limit must be the metric's bad direction, so
  /// that a rule says in its own words what it forbids: `accuracy:-0.5pp`, `ece:+0.01`.
  package init(parsing text: String, metrics: [MetricEntry]) throws(GateRuleError) {
    func failure(_ problem: String) -> GateRuleError {
      GateRuleError(description: "--fail-on '\(text)': \(problem)")
    }
    if let word = GateRule.words.first(where: { $0.text == text }) {
      self.init(text: text, subject: word.subject, limit: .any)
      return
    }
    let name = String(text.prefix { $0 != ":" })
    if let word = GateRule.words.first(where: { $0.text.prefix { $0 != ":" } == name }) {
      throw failure("write it as '\(word.text)'")
    }
    let subject: Subject
    do throws(UnknownName) { subject = try GateRule.subject(name, metrics: metrics) } catch {
      throw failure(error.sentence)
    }
    if metrics.contains(where: {
      $0.key == GateRule.metric(of: subject) && $0.direction == .neutral
    }) {
      throw failure("'\(name)' is better neither way, so no change of it is for the worse")
    }
    guard text.count > name.count + 1 else {
      throw failure("what it allows is missing, as in '\(name):-0.5pp'")
    }
    let limit = String(text.dropFirst(name.count + 1))
    let higherIsBetter = GateRule.higherIsBetter(subject, metrics: metrics)
    let sign: Character = higherIsBetter ? "-" : "+"
    if limit == "significant" {
      if case .cost = subject {
        throw failure("a cost has no test; write a share of the baseline, such as '\(name):+20%'")
      }
      self.init(text: text, subject: subject, limit: .significant)
      return
    }
    let forms = [
      "\(sign)0.5pp", "\(sign)1%", "\(sign)0.01", "significant", "noninferior\(sign)1pp",
    ]
    let word = "noninferior"
    let margin = limit.hasPrefix(word) ? String(limit.dropFirst(word.count)) : nil
    guard let (limitSign, parsed) = GateRule.amount(margin ?? limit) else {
      let near = nearestName(to: limit, in: ["significant", word]).map { "; did you mean '\($0)'?" }
      throw failure(
        "'\(limit)' is no limit; write one as in \(forms.joined(separator: ", "))\(near ?? "")")
    }
    guard limitSign == sign else {
      let direction = higherIsBetter ? "falls" : "rises"
      throw failure(
        "'\(name)' gets worse when it \(direction), so write "
          + "'\(name):\(margin == nil ? "" : word)\(sign)\((margin ?? limit).dropFirst())'")
    }
    if let question = GateRule.question(
      of: parsed, written: margin ?? limit, in: subject, name: name)
    {
      throw failure(question)
    }
    if margin != nil {
      guard case .absolute(let amount) = parsed else {
        throw failure("a margin is a difference, such as '\(name):\(word)\(sign)1pp'")
      }
      if case .cost = subject {
        throw failure(
          "a cost has no interval; write a share of the baseline, such as '\(name):+20%'")
      }
      self.init(text: text, subject: subject, limit: .noninferior(amount))
      return
    }
    self.init(text: text, subject: subject, limit: parsed)
  }

  /// What is most likely wrong with a limit on a metric of a bounded range: one that is meant in
  /// points and written as a share, or one that nothing can exceed.
  private static func question(
    of limit: Limit, written: String, in subject: Subject, name: String
  ) -> String? {
    guard let key = metric(of: subject), let info = MetricInfo.named(key) else { return nil }
    let width = info.range.upperBound - info.range.lowerBound
    switch limit {
    case .absolute(let amount):
      guard width <= 2 else { return nil }
      if amount >= width {
        return "no change of '\(name)' is that large, so that the rule could never fail"
      }
      let hasUnit = written.hasSuffix("pp")
      guard !hasUnit, amount >= 0.1 else { return nil }
      let points = Format.plain(amount * 100)
      let sign = written.prefix(1)
      return "'\(written)' allows \(points) points of '\(name)'; write '\(name):\(written)pp' for "
        + "\(written.dropFirst()) points, or '\(name):\(sign)\(points)pp' if so many are meant"
    case .relative(let share):
      guard info.higherIsBetter, info.range.lowerBound >= 0, share >= 1 else { return nil }
      return "'\(name)' cannot fall by more than all of it, so that the rule could never fail"
    case .significant, .noninferior, .any: return nil
    }
  }

  private static func higherIsBetter(_ subject: Subject, metrics: [MetricEntry]) -> Bool {
    switch subject {
    case .metric(let key), .worstGroup(let key), .anyGroup(let key), .disparity(let key):
      metrics.first { $0.key == key }?.higherIsBetter ?? true
    default: false
    }
  }

  private struct UnknownName: Error { var sentence: String }

  private static func subject(
    _ name: String, metrics: [MetricEntry]
  ) throws(UnknownName) -> Subject {
    let wanted = normalised(name)
    if let metric = metrics.first(where: { normalised($0.key) == wanted }) {
      let isDisparity = MetricInfo.fairness.contains { $0.key == metric.key }
      return isDisparity ? .disparity(metric.key) : .metric(metric.key)
    }
    if let cost = CostKey.allCases.first(where: { $0.rawValue == wanted }) { return .cost(cost) }
    for prefix in groupPrefixes where wanted.hasPrefix(prefix.text) {
      let rest = wanted.dropFirst(prefix.text.count)
      if let metric = metrics.first(where: { normalised($0.key) == rest }) {
        return prefix.subject(metric.key)
      }
    }
    let keys = Set(metrics.map(\.key))
    let known =
      keys.sorted()
      + groupPrefixes.flatMap { prefix in keys.sorted().map { "\(prefix.text)\($0)" } }
      + CostKey.allCases.map(\.rawValue) + ["missing", "status", "predictions", "new-failures"]
    let near = nearestName(to: wanted, in: known)
    let advice =
      near.map { "did you mean '\($0)'?" } ?? "known are \(known.joined(separator: ", "))"
    throw UnknownName(sentence: "these reports have no '\(name)'; \(advice)")
  }

  private static func normalised(_ name: String) -> String {
    String(name.map { $0 == "-" ? "_" : $0 })
  }

  /// Reads `-0.5pp`, `+20%` or `-0.01`: its sign, and what it allows.
  private static func amount(_ text: String) -> (sign: Character, limit: Limit)? {
    guard let sign = text.first, sign == "-" || sign == "+" else { return nil }
    var digits = text.dropFirst()
    let unit = ["pp", "%"].first { digits.hasSuffix($0) } ?? ""
    digits = digits.dropLast(unit.count)
    let isPlain = digits.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard isPlain, let value = Double(digits), value.isFinite else { return nil }
    return switch unit {
    case "%": (sign, .relative(value / 100))
    case "pp": (sign, .absolute(value / 100))
    default: (sign, .absolute(value))
    }
  }
}
