import Datasets
import Documents
import Evaluation
import Metrics
import Statistics

/// The mean of a metric over the seeds, in one group.
struct GroupValue {
  var mean: Double
  /// The mean of the seeds' bounds.
  var interval: Interval?
  var seeds: Int
}

/// The groups of one kind at the largest setting of a panel.
struct GroupSummary {
  struct Group {
    var key: String
    /// The shift that it is, if it is one.
    var shift: ShiftID?
    /// Whether the rows are those behind a shift, without it.
    var isReference = false
    var n: Int
    /// Whether it is too small to be held against the others.
    var isSmall = false
    /// By label.
    var values: [String: GroupValue]
    /// By label, the value less that of all rows, where it was measured.
    var differences: [String: GroupValue] = [:]
    /// Why the group has no value, where it has none.
    var reason: String?
  }

  /// How unequal the decisions are between the groups, by label.
  struct Disparity {
    var metric: MetricEntry
    var values: [String: GroupValue]
  }

  let panel: Panel
  let by: String
  let metric: MetricEntry
  /// The methods with results, best headline value first.
  let labels: [String]
  /// In the order of the dataset.
  let groups: [Group]
  /// The worst value among the groups by label, where it was measured.
  let worst: [String: GroupValue]
  /// The gap between the groups by label, where it was measured.
  let gaps: [String: GroupValue]
  /// Empty without decisions between two classes.
  let disparities: [Disparity]

  /// One summary for each kind of groups; the metric is the one asked for, else the headline where
  /// the groups have it.
  static func summaries(
    of panel: Panel, _ model: PageModel, metric: String? = nil
  ) -> [GroupSummary] {
    let leaders = panel.leaders(model)
    let kinds = leaders.reduce(into: Set<String>()) { kinds, row in
      for trial in row.measured { kinds.formUnion(trial.groups.map(\.by)) }
    }
    return kinds.sorted { TrialOrder.natural($0, $1) < 0 }.compactMap { by in
      GroupSummary(panel: panel, by: by, leaders: leaders, model, metric: metric)
    }
  }

  private init?(
    panel: Panel, by: String, leaders: [Row], _ model: PageModel, metric asked: String?
  ) {
    var present: Set<String> = []
    for trial in leaders.flatMap(\.measured) {
      for group in trial.groups where group.by == by && group.role.isOfRows {
        present.formUnion(group.metrics.keys)
      }
    }
    let wanted = asked.map { present.contains($0) ? [$0] : [] } ?? panel.block.metrics
    let isDisparity = asked.map { key in MetricInfo.fairness.contains { $0.key == key } } ?? false
    guard
      let key = wanted.first(where: present.contains)
        ?? (asked == nil || isDisparity ? present.sorted().first : nil)
    else { return nil }
    var seeds: [String: [String: [MetricValue]]] = [:]
    var functionals: [GroupRecord.Role: [String: [MetricValue]]] = [:]
    var differences: [String: [String: [MetricValue]]] = [:]
    var unequal: [String: [String: [MetricValue]]] = [:]
    var reasons: [String: String] = [:]
    var ids: [String: GroupID] = [:]
    var order: [String] = []
    var sizes: [String: Int] = [:]
    var small: Set<String> = []
    for row in leaders {
      for trial in row.measured {
        for group in trial.groups where group.by == by {
          let value = group.metrics[key].flatMap { $0.value == nil ? nil : $0 }
          if group.role == .gap {
            for info in MetricInfo.fairness {
              guard let value = group.metrics[info.key], value.value != nil else { continue }
              unequal[info.key, default: [:]][row.label, default: []].append(value)
            }
          }
          if let value, case .difference(_, let key) = group.id {
            differences[key, default: [:]][row.label, default: []].append(value)
          } else if let value, !group.role.isOfRows {
            functionals[group.role, default: [:]][row.label, default: []].append(value)
          }
          guard group.role.isOfRows else { continue }
          ids[group.key] = group.id
          if sizes[group.key] == nil { order.append(group.key) }
          if value == nil { reasons[group.key] = group.metrics[key]?.reason ?? "not measured" }
          sizes[group.key] = max(sizes[group.key] ?? 0, group.n)
          if group.role == .small { small.insert(group.key) }
          if let value { seeds[group.key, default: [:]][row.label, default: []].append(value) }
        }
      }
    }
    self.panel = panel
    self.by = by
    metric = model.metric(key)
    labels = leaders.map(\.label)
    groups = order.map { name in
      Group(
        key: name, shift: ids[name]?.shift, isReference: ids[name]?.clean != nil,
        n: sizes[name] ?? 0, isSmall: small.contains(name),
        values: (seeds[name] ?? [:]).compactMapValues(overSeeds),
        differences: (differences[name] ?? [:]).compactMapValues(overSeeds),
        reason: seeds[name] == nil ? reasons[name] : nil)
    }
    worst = (functionals[.worst] ?? [:]).compactMapValues(overSeeds)
    gaps = (functionals[.gap] ?? [:]).compactMapValues(overSeeds)
    disparities = MetricInfo.fairness.compactMap { info in
      guard !isDisparity || info.key == asked, let values = unequal[info.key] else { return nil }
      return Disparity(
        metric: model.metric(info.key), values: values.compactMapValues(overSeeds))
    }
  }

  /// The group where a method does worst, of those large enough; the first of equal ones.
  func worst(of label: String) -> Group? {
    let measured = groups.filter { $0.values[label] != nil && !$0.isSmall }
    return measured.reduce(nil) { worst, group in
      guard let worst, let a = worst.values[label]?.mean, let b = group.values[label]?.mean
      else { return worst ?? group }
      return isWorse(b, than: a) ? group : worst
    }
  }

  /// The groups by their mean over the methods, worst first.
  func worstFirst(_ labels: [String]) -> [Group] {
    let nothing = metric.higherIsBetter ? Double.infinity : -.infinity
    let means = groups.map { group in
      mean(labels.compactMap { group.values[$0]?.mean }) ?? nothing
    }
    return groups.indices.sorted { left, right in
      means[left] == means[right] ? left < right : isWorse(means[left], than: means[right])
    }.map { groups[$0] }
  }

  private func isWorse(_ value: Double, than other: Double) -> Bool {
    metric.higherIsBetter ? value < other : value > other
  }
}

private func overSeeds(_ values: [MetricValue]) -> GroupValue? {
  mean(values.compactMap(\.value)).map {
    GroupValue(mean: $0, interval: meanOfBounds(values.map(\.interval)), seeds: values.count)
  }
}

extension GroupSummary {
  /// Whether the groups are corruptions at several severities, but for a few.
  var isGrid: Bool {
    let severities = grid.compactMap(\.shift?.severity)
    let references = groups.count(where: \.isReference)
    return Set(severities).count > 1 && severities.count >= groups.count - references - 2
  }

  /// The groups that are a corruption at a severity.
  var grid: [Group] {
    groups.filter { $0.shift?.corruption != nil && $0.shift?.severity != nil }
  }
}
