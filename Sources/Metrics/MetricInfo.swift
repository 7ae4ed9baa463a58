/// What a metric key stands for.
package struct MetricInfo: Sendable {
  package let key: String
  /// A short name for column heads.
  package let title: String
  /// Raised whenever the definition changes, so that values of two versions are not compared.
  package let version: Int
  package let direction: Direction
  package let range: ClosedRange<Double>
  /// Whether the metric is a share of independent rows, so that Wilson's interval applies.
  package let isProportion: Bool
  /// When the metric has no value, as a clause; a value is null then, with the reason beside it.
  package let undefined: String
  /// Who defined it so; nil where the sentence is all there is to it.
  package let source: String?
  /// The definition in one sentence.
  package let summary: String

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
    range: ClosedRange<Double> = 0...1, isProportion: Bool = false,
    undefined: String = "there are no rows", source: String? = nil, _ summary: String
  ) {
    self.key = key
    self.title = title
    self.version = version
    self.direction = direction
    self.range = range
    self.isProportion = isProportion
    self.undefined = undefined
    self.source = source
    self.summary = summary
  }

  package var higherIsBetter: Bool { direction == .higher }

  /// The least and the greatest value, such as `0 ... 1`.
  package var rangeText: String {
    func text(_ end: Double) -> String {
      if end.isInfinite { return end < 0 ? "-infinity" : "infinity" }
      return Int(exactly: end).map(String.init) ?? String(end)
    }
    return "\(text(range.lowerBound)) ... \(text(range.upperBound))"
  }

  /// Every metric, in the order in which they are listed: those of each task's trials, then those
  /// of groups and of whole reports.
  package static let all: [MetricInfo] = {
    var seen: Set<String> = []
    return (Task.all.flatMap(\.metrics) + fairness + ofGroups + shift + sources + prompts)
      .filter { seen.insert($0.key).inserted }
  }()

  /// The metric of a key, nil if there is none.
  package static func named(_ key: String) -> MetricInfo? { byKey[key] }

  private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

  /// The metrics that the trials of a task have.
  package static func measured(in task: String) -> [MetricInfo] {
    Task.named(task)?.metrics ?? []
  }

  /// The tasks whose trials have the metric; none for one of groups or of whole reports alone.
  package var tasks: [String] {
    Task.all.filter { task in task.metrics.contains { $0.key == key } }.map(\.name)
  }
}
