/// What a metric key stands for.
package struct MetricInfo: Sendable {
  package let key: String
  /// A short name for column heads.
  package let title: String
  /// Raised whenever the definition changes, so that values of two versions are not compared.
  package let version: Int
  package let direction: Direction
  package let range: ClosedRange<Double>
  /// The definition in one sentence.
  package let summary: String
  /// Whether the metric is a share of independent rows, so that Wilson's interval applies.
  package let isProportion: Bool

  /// Which way a value gets better.
  package enum Direction: String, Sendable {
    case higher
    case lower
    /// Neither way, as with the share of rows called positive.
    case neutral

    package init(higherIsBetter: Bool) { self = higherIsBetter ? .higher : .lower }

    /// The direction as a clause.
    package var text: String {
      self == .neutral ? "better neither way" : "\(rawValue) is better"
    }
  }

  package init(
    _ key: String, _ title: String, version: Int = 1, direction: Direction,
    range: ClosedRange<Double> = 0...1, isProportion: Bool = false, _ summary: String
  ) {
    self.key = key
    self.title = title
    self.version = version
    self.direction = direction
    self.range = range
    self.isProportion = isProportion
    self.summary = summary
  }

  package init(
    _ key: String, _ title: String, version: Int = 1, higherIsBetter: Bool,
    range: ClosedRange<Double> = 0...1, isProportion: Bool = false, _ summary: String
  ) {
    self.init(
      key, title, version: version, direction: Direction(higherIsBetter: higherIsBetter),
      range: range, isProportion: isProportion, summary)
  }

  package var higherIsBetter: Bool { direction == .higher }

  /// Every metric of every task, in the order in which reports list them.
  package static let all: [MetricInfo] =
    classification + detection + retrieval + recommendation + decision + fairness + ofGroups
    + estimation + shift + sources + prompts + curation

  /// The metric of a key, nil if there is none.
  package static func named(_ key: String) -> MetricInfo? { byKey[key] }

  private static let byKey = Dictionary(
    all.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
}
