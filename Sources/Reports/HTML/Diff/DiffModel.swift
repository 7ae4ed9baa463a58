import Evaluation
import Metrics

/// A diff arranged as its page shows it.
struct DiffModel {
  let diff: ReportDiff
  let limits: PageLimits
  /// Pooled rows that changed, or whose groups did.
  let changed: [DiffRow]
  let unchanged: [DiffRow]

  init(_ diff: ReportDiff, limits: PageLimits = PageLimits()) {
    self.diff = diff
    self.limits = limits
    let rows = diff.pooledRows
    changed = rows.filter(\.isChanged)
    unchanged = rows.filter { !$0.isChanged }
  }

  /// What is known of a compared metric; a worst group's goes by the metric that it is of.
  func metric(_ key: String) -> MetricEntry {
    if let known = diff.metrics.first(where: { $0.key == key }) { return known }
    let base = diff.metrics.first { worstGroupKey($0.key) == key }
    return MetricEntry(
      key: key, title: base.map { "\($0.title) of the worst group" } ?? key, version: 1,
      direction: base?.direction ?? .higher)
  }
}

extension DiffRow {
  /// Whether the row or one of its groups changed by more than chance, or is on one side only.
  var isChanged: Bool {
    let quiet: Set<Verdict> = [.identical, .sameScoreOtherPredictions, .withinNoise, .noResult]
    return !quiet.contains(verdict) || !changedGroups.isEmpty
  }
}

extension Verdict {
  /// The verdict in words.
  var words: String { rawValue.replacing("-", with: " ") }

  /// The colour in which it stands, doubled by its word.
  var look: Markup {
    if isWorse { return "broken" }
    return self == .improved || self == .fixed ? "held" : "none"
  }

  /// The fill of its part of a bar.
  var fill: Markup {
    if isWorse { return "fill-bad" }
    switch self {
    case .improved, .fixed, .new: return "fill-good"
    case .withinNoise, .notResolvable: return "fill-fair"
    default: return "fill-none"
    }
  }

  /// The place among rows that are listed with the worst first.
  var rank: Int {
    let order: [Verdict] = [
      .newlyFailing, .missing, .incomparable, .undefined, .regressed, .notResolvable, .improved,
      .fixed, .new, .withinNoise, .sameScoreOtherPredictions, .identical, .noResult,
    ]
    return order.firstIndex(of: self) ?? order.count
  }
}
