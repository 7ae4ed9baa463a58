internal import Evaluation
internal import Metrics
internal import Suites

/// A shift of a trial, and the rows without it that it is compared with.
struct ComparedShift {
  let group: GroupRecord
  /// The group of these rows; nil for the whole test set, which the trial's own metrics are of.
  let reference: Quantity.Part?
  let referenceRows: Int
}

extension TrialRecord {
  /// The groups of shifts that are not the reference of others, in their order.
  var comparedShifts: [ComparedShift] {
    let groups = groups.filter { $0.by == "shift" }
    let named = groups.filter { $0.reference != nil }
    guard named.isEmpty else {
      return named.map { compared($0, with: $0.reference, among: groups) }
    }
    // Reports from before groups named their reference: the one for the shift, or that for all.
    let keys = Set(groups.map(\.key))
    return groups.filter { group in
      group.key != "clean" && !keys.contains { "clean-\($0)" == group.key }
    }.map { group in
      let own = "clean-\(group.key)"
      let known = [own, "clean"].first { keys.contains($0) }
      return compared(group, with: known, among: groups)
    }
  }

  private func compared(
    _ group: GroupRecord, with reference: String?, among groups: [GroupRecord]
  ) -> ComparedShift {
    guard let reference, reference != CaseQuery.testSet else {
      return ComparedShift(
        group: group, reference: nil, referenceRows: metrics["accuracy"]?.n ?? 0)
    }
    return ComparedShift(
      group: group, reference: Quantity.Part(by: "shift", key: reference),
      referenceRows: groups.first { $0.key == reference }?.n ?? 0)
  }
}
