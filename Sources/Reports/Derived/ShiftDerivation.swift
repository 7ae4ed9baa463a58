internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Suites

/// What results under shifts amount to: corruption errors, and robustness beyond the clean accuracy.
///
/// Sources: Hendrycks and Dietterich, ICLR 2019 (mCE, relative mCE); Taori et al., NeurIPS 2020
/// (effective robustness).
func derive(
  from trials: [TrialRecord], suites: [SuiteEntry], samples: SampleStore?, resamples: Int = 2000
) -> [DerivedValue] {
  let suitesWithShifts = Set(
    trials.filter { trial in trial.groups.contains { $0.by == "shift" } }.map(\.suite))
  return suitesWithShifts.sorted().flatMap { id -> [DerivedValue] in
    let own = trials.filter { $0.suite == id }
    let references = suites.first { $0.id == id }?.references
    var derivation = ShiftDerivation(
      trials: own, references: references ?? ShiftReferences(baseline: nil, family: []),
      source: MeasurementSource(samples: samples, resamples: resamples))
    return grouped(own, by: RowKey.init).flatMap { row, trials in
      derivation.values(of: row, trials)
    }
  }
}

/// The derived values of the rows of one suite.
private struct ShiftDerivation {
  let trials: [TrialRecord]
  let references: ShiftReferences
  var source: MeasurementSource

  mutating func values(of row: RowKey, _ seeds: [TrialRecord]) -> [DerivedValue] {
    guard let shown = seeds.first(where: { $0.status == .ok }) else { return [] }
    let groups = shown.groups.filter { $0.by == "shift" }
    let shifts = groups.filter { !$0.key.hasPrefix("clean") }
    guard !shifts.isEmpty else { return [] }
    let clean = groups.first { $0.key == "clean" }
    let corruptions = Dictionary(
      grouping: shifts.compactMap { group in ShiftKey(group.key).map { ($0, group.key) } },
      by: \.0.corruption
    ).mapValues { $0.map(\.1) }
    var found: [DerivedValue] = []
    if !corruptions.isEmpty {
      found += corruptionErrors(of: row, corruptions, clean: clean?.key)
    }
    if !references.family.isEmpty, let clean {
      found += effectiveRobustness(of: row, shifts, clean: clean)
    }
    return found
  }

  // MARK: Corruption errors

  private mutating func corruptionErrors(
    of row: RowKey, _ corruptions: [String: [String]], clean: String?
  ) -> [DerivedValue] {
    let names = corruptions.keys.sorted()
    let keys = names.map { corruptions[$0] ?? [] }
    var found = [
      derived(
        row, "mean_corruption_accuracy",
        Functional(keys.flatMap { $0 }.map { accuracy(row, $0) }) { $0.mean })
    ]
    guard let baseline = references.baseline else { return found }
    var other = row
    other.label = baseline
    // The accuracies of both rows under every corruption, then without any.
    let shifted = keys.flatMap { $0 }
    let measurements = [row, other].flatMap { row in
      shifted.map { accuracy(row, $0) } + (clean.map { [accuracy(row, $0)] } ?? [])
    }
    let widths = keys.map(\.count)
    for (place, name) in names.enumerated() {
      let one = [row, other].flatMap { row in keys[place].map { accuracy(row, $0) } }
      found.append(
        derived(
          row, "ce",
          Functional(one) { values in
            errors(values, [widths[place]])?.corruptionErrors[0].map { 100 * $0 } ?? .nan
          }, by: "corruption", key: name))
    }
    found.append(
      derived(
        row, "mce",
        Functional(measurements) { errors($0, widths)?.mean.value ?? .nan }))
    if clean != nil {
      found.append(
        derived(
          row, "relative_mce",
          Functional(measurements) { errors($0, widths)?.relativeMean.value ?? .nan }))
    }
    return found
  }

  // MARK: Effective robustness

  /// Accuracy above the line of the family, under each shift and on the mean over shifts.
  private mutating func effectiveRobustness(
    of row: RowKey, _ shifts: [GroupRecord], clean: GroupRecord
  ) -> [DerivedValue] {
    let family = grouped(trials, by: RowKey.init).map(\.0).filter {
      references.family.contains($0.label) && $0.dataset == row.dataset
    }
    let own = meanAccuracy(row, clean.key)
    let others = family.compactMap { meanAccuracy($0, clean.key) }
    let isWithin = own.map { own in
      others.contains { $0 <= own } && others.contains { $0 >= own }
    }
    return shifts.map { shift in
      let rows = [row] + family
      let measurements =
        rows.map { accuracy($0, clean.key) } + rows.map { accuracy($0, shift.key) }
      let sizes = (clean.n, shift.n)
      var value = derived(
        row, "effective_robustness",
        Functional(measurements) { values in
          let (reference, shifted) = (values.prefix(rows.count), values.suffix(rows.count))
          let line = try? EffectiveRobustness(
            reference: Array(reference.dropFirst()), shifted: Array(shifted.dropFirst()),
            rows: sizes.0, shiftedRows: sizes.1)
          return line?(reference: reference[0], shifted: shifted[shifted.startIndex]) ?? .nan
        }, by: "shift", key: shift.key,
        undefined: "the family has fewer than three rows, or all of one clean accuracy")
      if value.value != nil, isWithin == false {
        value.reason = "the clean accuracy lies outside the family's, so the line is extrapolated"
      }
      return value
    }
  }

  /// The mean over seeds of the accuracy under one shift; nil where no seed has it.
  private func meanAccuracy(_ row: RowKey, _ shift: String) -> Double? {
    let values = trials.filter { RowKey($0) == row }.flatMap(\.groups)
      .filter { $0.by == "shift" && $0.key == shift }
      .compactMap { $0.metrics["accuracy"]?.value }
    return values.isEmpty ? nil : values.mean
  }

  // MARK: Measuring

  private func accuracy(_ row: RowKey, _ shift: String) -> Quantity.Measurement {
    Quantity.Measurement(
      .metric("accuracy"), method: row.label, dataset: row.dataset, setting: row.setting,
      group: Quantity.Part(by: "shift", key: shift))
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

/// The errors of a row and of the baseline, from accuracies under corruptions of the given numbers of
/// severities, each half perhaps with the clean accuracy behind it.
private func errors(_ accuracies: [Double], _ widths: [Int]) -> CorruptionErrors? {
  let half = accuracies.count / 2
  let halves = [accuracies.prefix(half), accuracies.suffix(half)].map { $0.map { 1 - $0 } }
  let errors = halves.map { errors in
    var start = 0
    return widths.map { width in
      defer { start += width }
      return Array(errors[start..<start + width])
    }
  }
  let total = widths.reduce(0, +)
  let clean = halves.map { $0.count > total ? $0[total] : 0 }
  return try? CorruptionErrors(
    model: errors[0], cleanModel: clean[0], baseline: errors[1], cleanBaseline: clean[1])
}

extension Collection where Element == Double {
  fileprivate var mean: Double { isEmpty ? .nan : reduce(0, +) / Double(count) }
}
