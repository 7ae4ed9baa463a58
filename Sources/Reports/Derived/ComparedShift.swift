internal import Datasets
internal import Evaluation
internal import Metrics
internal import Suites

/// A shift of a trial, and the rows without it that it is compared with.
struct ComparedShift {
  let id: ShiftID
  let group: GroupRecord
  /// The group of these rows; nil for the whole test set, which the trial's own metrics are of.
  let reference: Quantity.Part?
  let referenceRows: Int
}

extension TrialRecord {
  /// The shifts in their order.
  var comparedShifts: [ComparedShift] {
    groups.compactMap { group in
      group.id.shift.map { shift in
        let clean = groups.first { $0.id.clean != nil && $0.key == group.reference }
        return ComparedShift(
          id: shift, group: group,
          reference: clean.map { Quantity.Part(by: $0.by, key: $0.key) },
          referenceRows: clean?.n ?? metrics["accuracy"]?.n ?? 0)
      }
    }
  }
}
