import Documents
import Metrics

/// Who does best in one panel, by how much, and whether the intervals tell the two apart.
struct Finding {
  /// A method's value in the panel's main setting.
  struct Standing {
    var label: String
    var value: Double
    var interval: Interval?
    /// Whether it competes: complete, and not tuned on the test rows.
    var isFair: Bool
  }

  /// What the intervals of the first two say; no test, which `assay diff` has.
  enum Relation {
    case alone, equal, overlapping, apart, unknown
  }

  let panel: Panel
  let metric: MetricEntry
  /// The setting in words: the largest, or the mean over prompts.
  let setting: String
  /// Best first.
  let standings: [Standing]

  /// Nil where nothing was measured.
  init?(_ panel: Panel, _ model: PageModel) {
    guard let headline = panel.block.headline else { return nil }
    let metric = model.metric(headline)
    let overPrompts = Finding.overPrompts(panel, model)
    let found =
      overPrompts
      ?? panel.leaders(model).compactMap { row in
        guard let aggregate = row.aggregates[headline], let mean = aggregate.mean, mean.isFinite
        else { return nil }
        return Standing(
          label: row.label, value: mean, interval: aggregate.interval,
          isFair: aggregate.isComplete && !row.isOracle)
      }
    guard !found.isEmpty else { return nil }
    self.panel = panel
    self.metric = metric
    standings = found
    setting =
      overPrompts == nil
      ? (panel.largest.isEmpty ? "" : settingText(panel.largest))
      : "mean over \(panel.settings.count) prompts"
  }

  /// The means over the prompts, best first; nil where accuracy with several prompts is not what the
  /// panel is about.
  private static func overPrompts(_ panel: Panel, _ model: PageModel) -> [Standing]? {
    guard panel.isOverPrompts, panel.block.headline == "accuracy" else { return nil }
    let found = panel.leaders(model).compactMap { row -> Standing? in
      var key = row.key
      key.setting = panel.fixed
      guard let derived = model.derived("prompt_mean", of: key), let mean = derived.value else {
        return nil
      }
      return Standing(
        label: row.label, value: mean, interval: derived.interval, isFair: !row.isOracle)
    }
    return found.isEmpty ? nil : found.sorted { $0.value > $1.value }
  }

  private var rivals: [Standing] { standings.filter(\.isFair) }
  var leader: Standing? { rivals.first }
  var next: Standing? { rivals.count > 1 ? rivals[1] : nil }

  /// How far the leader is ahead.
  var lead: Double? {
    guard let leader, let next else { return nil }
    return abs(leader.value - next.value)
  }

  var relation: Relation {
    guard let leader, let next else { return .alone }
    if leader.value == next.value { return .equal }
    guard let a = leader.interval, let b = next.interval else { return .unknown }
    return a.lower <= b.upper && b.lower <= a.upper ? .overlapping : .apart
  }

  /// The finding in one sentence.
  var sentence: Markup {
    guard let leader else { return "No value here is complete and fair." }
    guard let next, let lead else {
      return """
        <strong>\(leader.label)</strong> \(Number.estimate(leader.value, leader.interval)), \
        without a rival.
        """
    }
    let pair: Markup = "<strong>\(leader.label)</strong> is ahead of \(next.label)"
    let by = Number.fixed(lead, 3)
    return switch relation {
    case .equal: "<strong>\(leader.label)</strong> and \(next.label) are equal."
    case .overlapping: "\(pair) by \(by): the intervals overlap."
    case .apart: "\(pair) by \(by): the intervals are apart."
    case .alone, .unknown: "\(pair) by \(by), with an unknown spread."
    }
  }
}

/// What the panels come down to: who leads how often.
struct Findings {
  let all: [Finding]
  /// The methods that lead a panel, the most frequent first.
  let leaders: [(label: String, panels: Int, apart: Int)]

  init(_ model: PageModel) {
    all = model.blocks.flatMap(\.panels).compactMap { Finding($0, model) }
    let led = all.filter { $0.relation != .alone }
    var counts: [String: (panels: Int, apart: Int)] = [:]
    for finding in led {
      guard let leader = finding.leader, finding.relation != .equal else { continue }
      let old = counts[leader.label] ?? (0, 0)
      counts[leader.label] = (old.panels + 1, old.apart + (finding.relation == .apart ? 1 : 0))
    }
    leaders = counts.map { ($0.key, $0.value.panels, $0.value.apart) }.sorted { left, right in
      if left.1 != right.1 { return left.1 > right.1 }
      return TrialOrder.natural(left.0, right.0) < 0
    }
  }

  /// The method that leads most often.
  var leader: String? { leaders.first?.label ?? all.first?.leader?.label }

  /// What the page found, in a sentence or two.
  var sentence: Markup {
    guard all.count != 1 else { return "<p class=\"finding\">\(all[0].sentence)</p>\n" }
    guard let first = leaders.first else { return .empty }
    let total = all.count { $0.relation != .alone }
    let own = all.filter { $0.leader?.label == first.label && $0.relation != .equal }
    let leads = own.compactMap(\.lead).map { Number.fixed($0, 3) }.sorted()
    let range = leads.first == leads.last ? leads[0] : "\(leads[0]) to \(leads[leads.count - 1])"
    let others = leaders.dropFirst().prefix(3).map { leader -> Markup in
      "\(leader.label) in \(leader.panels), \(leader.apart) of them apart"
    }
    let rest: Markup = others.isEmpty ? "" : " Next: \(others.joined("; "))."
    let undecided = all.count { [.overlapping, .equal, .unknown].contains($0.relation) }
    return """
      <p class="finding"><strong>\(first.label)</strong> leads in \(first.panels) of \
      \(Number.of(total, "panel")), by \(range), and in \(first.apart) of them its interval is \
      apart from the next method's.\(rest) In \(undecided) of \(total) the first two overlap: too \
      close to call here.</p>

      """
  }
}
