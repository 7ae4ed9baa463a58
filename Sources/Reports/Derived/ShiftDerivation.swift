internal import Datasets
internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Suites

/// What results under shifts amount to: corruption errors, and robustness beyond the clean accuracy.
///
/// Sources: Hendrycks and Dietterich, ICLR 2019 (mCE, relative mCE); Taori et al., NeurIPS 2020
/// (effective and relative robustness).
struct ShiftDerivation {
  private let trials: [TrialRecord]
  private let references: ShiftReferences
  private var source: MeasurementSource

  /// The derived values of the rows of one suite.
  static func values(
    of trials: [TrialRecord], references: ShiftReferences, source: inout MeasurementSource
  ) -> [DerivedValue] {
    let wanted = Set(references.factors + ["shift"])
    let isShifted = trials.contains { $0.groups.contains { wanted.contains($0.by) } }
    guard isShifted else { return [] }
    var derivation = ShiftDerivation(trials: trials, references: references, source: source)
    defer { source = derivation.source }
    return grouped(trials, by: RowKey.init).flatMap { derivation.values(of: $0, $1) }
  }

  private mutating func values(of row: RowKey, _ seeds: [TrialRecord]) -> [DerivedValue] {
    guard let shown = seeds.first(where: { $0.status == .ok }) else { return [] }
    let shifts = shown.comparedShifts
    let corruptions = Dictionary(
      grouping: shifts.filter { $0.id.corruption != nil && $0.id.severity != nil },
      by: { $0.id.corruption ?? "" })
    var found: [DerivedValue] = []
    if !corruptions.isEmpty { found += corruptionErrors(of: row, corruptions) }
    found += relativeRobustness(of: row, shifts.map(\.group))
    let n = shown.metrics["accuracy"]?.n ?? 0
    for shift in shifts {
      found += effectiveRobustness(
        of: row, [shift.group], reference: shift.reference, n: shift.referenceRows)
    }
    for factor in references.factors {
      let values = shown.groups.filter { $0.by == factor && $0.role.isOfRows }
      found += values.map { errorRatio(of: row, $0) }
      found += effectiveRobustness(of: row, values, reference: nil, n: n)
    }
    return found
  }

  // MARK: Corruption errors

  private mutating func corruptionErrors(
    of row: RowKey, _ corruptions: [String: [ComparedShift]]
  ) -> [DerivedValue] {
    let names = corruptions.keys.sorted()
    let severities = names.map { corruptions[$0] ?? [] }
    let shifts = severities.flatMap(\.self)
    var found = [
      derived(
        row, "mean_corruption_accuracy",
        Functional(shifts.map { accuracy(row, $0.group.part) }) { $0.mean })
    ]
    guard let baseline = references.baseline else { return found }
    var other = row
    other.label = baseline
    let shifted = [row, other].flatMap { row in shifts.map { accuracy(row, $0.group.part) } }
    let clean = [row, other].flatMap { row in shifts.map { accuracy(row, $0.reference) } }
    let widths = severities.map(\.count)
    for (place, name) in names.enumerated() {
      let one = [row, other].flatMap { row in
        severities[place].map { accuracy(row, $0.group.part) }
      }
      found.append(
        derived(
          row, "ce",
          Functional(one) { values in
            errors(values, [widths[place]])?.corruptionErrors[0].map { 100 * $0 } ?? .nan
          }, by: "corruption", key: name))
    }
    found.append(
      derived(row, "mce", Functional(shifted) { errors($0, widths)?.mean.value ?? .nan }))
    found.append(
      derived(
        row, "relative_mce",
        Functional(shifted + clean) { errors($0, widths)?.relativeMean.value ?? .nan }))
    return found
  }

  // MARK: Visual factors

  private mutating func errorRatio(of row: RowKey, _ group: GroupRecord) -> DerivedValue {
    derived(
      row, "error_ratio",
      Functional([accuracy(row, group.part), accuracy(row, nil)]) { values in
        values[1] < 1 ? (1 - values[0]) / (1 - values[1]) : .nan
      }, by: group.by, key: group.key, undefined: "no row is wrong")
  }

  // MARK: Relative robustness

  /// Accuracy above that of the row that this one was made from, in each group.
  private mutating func relativeRobustness(
    of row: RowKey, _ groups: [GroupRecord]
  ) -> [DerivedValue] {
    guard let base = references.base, base != row.label else { return [] }
    var other = row
    other.label = base
    return groups.map { group in
      derived(
        row, "relative_robustness",
        Functional([row, other].map { accuracy($0, group.part) }) { $0[0] - $0[1] },
        by: group.by, key: group.key)
    }
  }

  // MARK: Effective robustness

  /// Accuracy above the line of the family, in each group; nothing without a family.
  ///
  /// The reference is the accuracy without the shift: that of a group, or of the trial itself.
  private mutating func effectiveRobustness(
    of row: RowKey, _ groups: [GroupRecord], reference: Quantity.Part?, n: Int
  ) -> [DerivedValue] {
    guard !references.family.isEmpty else { return [] }
    // A row would pull the line that judges it towards itself.
    let family = grouped(trials, by: RowKey.init).map(\.0).filter { member in
      member != row && member.dataset == row.dataset
        && references.family.contains { $0.contains(member.label, member.setting) }
    }
    let own = meanAccuracy(row, reference)
    let others = family.compactMap { meanAccuracy($0, reference) }
    let isWithin = own.map { own in
      others.contains { $0 <= own } && others.contains { $0 >= own }
    }
    return groups.map { group in
      let rows = [row] + family
      let measurements =
        rows.map { accuracy($0, reference) } + rows.map { accuracy($0, group.part) }
      var value = derived(
        row, "effective_robustness",
        Functional(measurements) { values in
          let (reference, shifted) = (values.prefix(rows.count), values.suffix(rows.count))
          let line = try? EffectiveRobustness(
            reference: Array(reference.dropFirst()), shifted: Array(shifted.dropFirst()),
            rows: n, shiftedRows: group.n)
          return line?(reference: reference[0], shifted: shifted[shifted.startIndex]) ?? .nan
        }, by: group.by, key: group.key,
        undefined: "the family has fewer than three rows, or all of one reference accuracy")
      if value.value != nil {
        let doubts = [
          value.reason,
          isWithin == false
            ? "the reference accuracy lies outside the family's: the line is extrapolated" : nil,
          family.count < 5
            ? "the line has \(family.count) models; fewer than 5 say little" : nil,
        ].compactMap(\.self)
        value.reason = doubts.isEmpty ? nil : doubts.joined(separator: "; ")
      }
      return value
    }
  }

  /// The mean over seeds of an accuracy; nil where no seed has it.
  private func meanAccuracy(_ row: RowKey, _ part: Quantity.Part?) -> Double? {
    let values = trials.filter { RowKey($0) == row }.compactMap { trial -> Double? in
      guard let part else { return trial.metrics["accuracy"]?.value }
      return part.groups(in: trial).first?.metrics["accuracy"]?.value
    }
    return values.isEmpty ? nil : values.mean
  }

  // MARK: Measuring

  private func accuracy(_ row: RowKey, _ part: Quantity.Part?) -> Quantity.Measurement {
    Quantity.Measurement(
      .metric("accuracy"), method: row.label, dataset: row.dataset, setting: row.setting,
      group: part)
  }

  private mutating func derived(
    _ row: RowKey, _ metric: String, _ functional: Functional, by: String? = nil,
    key: String? = nil, undefined: String = "the baseline makes no error, or gets no worse"
  ) -> DerivedValue {
    var result = DerivedValue(row: row, metric: metric, by: by, key: key)
    do throws(Unmeasured) {
      let found = try source.measure(functional, among: trials, undefined: undefined)
      (result.value, result.interval, result.reason) = (found.value, found.interval, found.reason)
    } catch {
      result.reason = error.reason
    }
    return result
  }
}

extension GroupRecord {
  /// The group as claims name it.
  fileprivate var part: Quantity.Part { Quantity.Part(by: by, key: key) }
}

/// The errors of a row and of the baseline, from accuracies under corruptions of the given numbers of
/// severities: the row's, the baseline's, then perhaps the clean ones of both.
private func errors(_ accuracies: [Double], _ widths: [Int]) -> CorruptionErrors? {
  var rest = accuracies.map { 1 - $0 }[...]
  func next() -> [[Double]] {
    widths.map { width in
      defer { rest = rest.dropFirst(width) }
      return Array(rest.prefix(width))
    }
  }
  let (model, baseline) = (next(), next())
  guard !rest.isEmpty else {
    return try? CorruptionErrors(model: model, cleanModel: 0, baseline: baseline, cleanBaseline: 0)
  }
  let (cleanModel, cleanBaseline) = (next(), next())
  return try? CorruptionErrors(
    model: model, cleanModel: cleanModel, baseline: baseline, cleanBaseline: cleanBaseline)
}

extension Collection where Element == Double {
  fileprivate var mean: Double { isEmpty ? .nan : reduce(0, +) / Double(count) }
}
