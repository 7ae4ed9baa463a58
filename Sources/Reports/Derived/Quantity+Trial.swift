internal import Evaluation
internal import Metrics
internal import Suites

extension Quantity.Measurement {
  /// The same on the rows without a shift, where those are meant.
  func resolved(in trial: TrialRecord) throws(Unmeasured) -> Quantity.Measurement {
    guard let group, group.isReference else { return self }
    guard let shift = trial.comparedShifts.first(where: { $0.group.key == group.key }) else {
      throw Unmeasured(reason: "'\(method)' has no group by 'shift' '\(group.key ?? "")'")
    }
    return Quantity.Measurement(
      value, method: method, dataset: dataset, setting: setting, group: shift.reference)
  }

  /// The fewest rows of what is averaged in one trial; nil where a method reports it of itself.
  func rows(in trial: TrialRecord) -> Int? {
    guard case .metric(let key) = value else { return nil }
    guard let group else { return trial.metrics[key]?.n }
    return group.groups(in: trial).compactMap { $0.metrics[key]?.n }.min()
  }

  /// The value in one trial: a metric, its mean over groups, or a number that the method reported.
  func value(in trial: TrialRecord) throws(Unmeasured) -> Double {
    switch value {
    case .reported(let name):
      guard let number = trial.selfReported[name], !number.isNaN else {
        throw Unmeasured(reason: "'\(method)' reports no '\(name)'")
      }
      return number
    case .metric(let key):
      guard let group else {
        return try number(trial.metrics[key], of: key, in: trial)
      }
      let groups = group.groups(in: trial)
      guard !groups.isEmpty else {
        throw Unmeasured(
          reason: "'\(method)' has no group by '\(group.by)'" + (group.key.map { " '\($0)'" } ?? "")
        )
      }
      var sum = 0.0
      for group in groups { sum += try number(group.metrics[key], of: key, in: trial) }
      return sum / Double(groups.count)
    }
  }

  /// The interval that the trial recorded of the one number that is meant.
  func interval(in trial: TrialRecord) -> Interval? {
    guard case .metric(let key) = value else { return nil }
    guard let group else { return trial.metrics[key]?.interval }
    let groups = group.groups(in: trial)
    return groups.count == 1 ? groups[0].metrics[key]?.interval : nil
  }

  private func number(
    _ metric: MetricValue?, of key: String, in trial: TrialRecord
  ) throws(Unmeasured) -> Double {
    guard let value = metric?.value else {
      throw Unmeasured(
        reason: "'\(key)' of '\(method)' on \(trial.dataset) is undefined: "
          + (metric?.reason ?? "it was not measured"))
    }
    return value
  }
}

extension Quantity.Part {
  /// The groups that are meant: of a name, the rows that bear it before what groups come down to.
  func groups(in trial: TrialRecord) -> [GroupRecord] {
    let own = trial.groups.filter { $0.by == by && !exceptions.contains($0.key) }
    let rows = own.filter { $0.role.isOfRows && (key == nil || $0.key == key) }
    return rows.isEmpty && key != nil ? own.filter { $0.key == key } : rows
  }
}
