internal import Documents
internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Suites

/// What models of single and mixed sources of training data amount to: the line of each under each
/// shift, its accuracy at one reference accuracy, ranks, and where mixtures stand among their parts.
///
/// Source: Nguyen et al., "Quality Not Quantity", NeurIPS 2022. The models of a line are one method
/// on one mixture at all sizes, each a mean over seeds; intervals are over the test rows.
struct SourceDerivation {
  /// The models of one mixture.
  private struct Mixture {
    /// Its setting without the size.
    var setting: [String: JSON]
    var rows: [RowKey]
    let name: String
    /// The names of its parts; empty for a source of its own.
    let parts: [String]

    init(_ setting: [String: JSON], _ rows: [RowKey], of mixture: Suites.Mixture) {
      self.setting = setting
      self.rows = rows
      name = mixture.sources.count == 1 ? mixture.sources[0] : mixture.text
      parts = mixture.sources.count == 1 ? [] : mixture.sources
    }
  }

  private let trials: [TrialRecord]
  private let mixtures: [Mixture]
  private let shifts: [ComparedShift]
  /// The reference accuracy at which the lines under each shift are compared.
  private var places: [Double?] = []
  /// Suite, dataset and method, without a setting.
  private let base: RowKey
  private var source: MeasurementSource

  /// The derived values of all methods and datasets among the trials of one suite.
  static func values(
    of trials: [TrialRecord], source: inout MeasurementSource
  ) -> [DerivedValue] {
    let mixed = trials.filter { $0.mixture != nil }
    var found: [DerivedValue] = []
    let methods = grouped(mixed) { trial in
      RowKey(suite: trial.suite, dataset: trial.dataset, setting: [:], label: trial.label)
    }
    for (base, trials) in methods {
      guard var derivation = SourceDerivation(base, trials, source) else { continue }
      found += derivation.values()
      source = derivation.source
    }
    return found
  }

  private init?(_ base: RowKey, _ trials: [TrialRecord], _ source: MeasurementSource) {
    guard let shown = trials.first(where: { $0.status == .ok }) else { return nil }
    self.base = base
    self.trials = trials
    self.source = source
    shifts = shown.comparedShifts
    let rows = grouped(trials, by: RowKey.init).map(\.0)
    let ofMixtures = grouped(rows) { row in
      var row = row
      row.setting["size"] = nil
      return row
    }
    mixtures = ofMixtures.compactMap { base, rows in
      trials.first { RowKey($0) == rows[0] }?.mixture.map { Mixture(base.setting, rows, of: $0) }
    }
    places = shifts.map { shift in
      SourceLines.commonReference(mixtures.map { models($0, shift) })
    }
  }

  private mutating func values() -> [DerivedValue] {
    var found = referenceAccuracies()
    let all = Array(shifts.indices)
    let single = mixtures.filter(\.parts.isEmpty)
    for mixture in mixtures {
      for shift in all {
        found += line(of: mixture, shift)
        found.append(
          derived("accuracy_at", [mixture], [shift], of: mixture) { $0[0].accuracy(0, 0) })
        found += dilution(of: mixture, shift)
      }
    }
    for (index, mixture) in single.enumerated() where single.count > 1 {
      for shift in all {
        found.append(
          derived("source_rank", single, [shift], of: mixture) { $0[0].ranks(0)[index] })
      }
    }
    guard single.count > 1, shifts.count > 1 else { return found }
    found.append(
      derived("rank_agreement", single, all) { lines in
        kendallW(lines.map(\.accuracies)).value ?? .nan
      })
    for first in all {
      for second in all where second > first {
        found.append(
          derived(
            "rank_correlation", single, [first, second],
            key: "\(shifts[first].group.key) / \(shifts[second].group.key)"
          ) { spearman($0[0].accuracies, $0[1].accuracies).value ?? .nan })
      }
    }
    return found
  }

  /// One for all shifts, or one for each reference where they differ, under its name.
  private func referenceAccuracies() -> [DerivedValue] {
    var told: [Quantity.Part?] = []
    for shift in shifts where !told.contains(shift.reference) { told.append(shift.reference) }
    return told.map { reference in
      let place = shifts.firstIndex { $0.reference == reference }.flatMap { places[$0] }
      return DerivedValue(
        row: base, metric: "reference_accuracy", by: told.count > 1 ? "shift" : nil,
        key: told.count > 1 ? reference?.key ?? CaseQuery.testSet : nil, value: place,
        reason: place == nil ? "the sources reach no common reference accuracy" : nil)
    }
  }

  private mutating func line(of mixture: Mixture, _ shift: Int) -> [DerivedValue] {
    let parts: [(String, (EffectiveRobustness) -> Double)] = [
      ("line_intercept", { $0.intercept }), ("line_intercept_error", { $0.interceptError }),
      ("line_slope", { $0.slope }), ("line_slope_error", { $0.slopeError }),
      ("line_r_squared", { $0.rSquared ?? .nan }), ("line_residual", { $0.residualDeviation }),
    ]
    return parts.map { metric, part in
      derived(metric, [mixture], [shift], of: mixture) { $0[0].lines[0][0].map(part) ?? .nan }
    }
  }

  /// The position of a mixture among its parts, with the verdict and its tolerance.
  private mutating func dilution(
    of mixture: Mixture, _ shift: Int
  ) -> [DerivedValue] {
    let parts = mixtures.filter { $0.parts.isEmpty && mixture.parts.contains($0.name) }
    guard !mixture.parts.isEmpty, parts.count == mixture.parts.count else { return [] }
    let all = [mixture] + parts
    func dilution(_ lines: SourceLines, _ tolerance: Double) -> Dilution? {
      Dilution(
        mixture: lines.accuracy(0, 0), parts: parts.indices.map { lines.accuracy($0 + 1, 0) },
        tolerance: tolerance)
    }
    let own = derived("accuracy_at", [mixture], [shift], of: mixture) { $0[0].accuracy(0, 0) }
    let tolerance = own.interval.map { ($0.upper - $0.lower) / 2 }
    var position = derived("dilution_position", all, [shift], of: mixture) {
      dilution($0[0], 0)?.position ?? .nan
    }
    let lines = SourceLines(
      all.map { models($0, shifts[shift]) }, under: shifts[shift], at: places[shift])
    position.verdict = dilution(lines, tolerance ?? 0)?.verdict
    return [
      position,
      DerivedValue(
        row: row(mixture), metric: "dilution_tolerance", by: "shift",
        key: shifts[shift].group.key, value: tolerance,
        reason: tolerance == nil ? own.reason ?? "there is no interval" : nil),
    ]
  }

  // MARK: Measuring

  private func row(_ mixture: Mixture?) -> RowKey {
    var row = base
    row.setting = mixture?.setting ?? [:]
    return row
  }

  /// Mean accuracies over seeds; NaN where a model has none.
  private func models(_ mixture: Mixture, _ shift: ComparedShift) -> SourceLines.Models {
    func mean(_ row: RowKey, _ key: String?) -> Double {
      let values = trials.filter { RowKey($0) == row }.compactMap { trial in
        key == nil
          ? trial.metrics["accuracy"]?.value
          : trial.groups.first { ($0.id.shift != nil || $0.id.clean != nil) && $0.key == key }?
            .metrics["accuracy"]?.value
      }
      return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }
    return SourceLines.Models(
      name: mixture.name, reference: mixture.rows.map { mean($0, shift.reference?.key) },
      shifted: [mixture.rows.map { mean($0, shift.group.key) }])
  }

  /// A number made of the lines of some mixtures, under one shift after the other.
  private mutating func derived(
    _ metric: String, _ mixtures: [Mixture], _ wanted: [Int], of mixture: Mixture? = nil,
    key: String? = nil, _ number: @escaping ([SourceLines]) -> Double
  ) -> DerivedValue {
    let ofOne = wanted.count == 1 ? shifts[wanted[0]].group.key : nil
    var result = DerivedValue(
      row: row(mixture), metric: metric, by: key ?? ofOne == nil ? nil : "shift",
      key: key ?? ofOne)
    var measurements: [Quantity.Measurement] = []
    let chosen = wanted.map { (shift: shifts[$0], place: places[$0]) }
    for (shift, _) in chosen {
      for mixture in mixtures {
        for part in [shift.reference, Quantity.Part(by: "shift", key: shift.group.key)] {
          measurements += mixture.rows.map { row in
            Quantity.Measurement(
              .metric("accuracy"), method: row.label, dataset: row.dataset, setting: row.setting,
              group: part)
          }
        }
      }
    }
    let (names, counts) = (mixtures.map(\.name), mixtures.map(\.rows.count))
    let functional = Functional(measurements) { values in
      var rest = values[...]
      func take(_ count: Int) -> [Double] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      let lines = chosen.map { shift, place in
        let models = zip(names, counts).map { name, count in
          SourceLines.Models(name: name, reference: take(count), shifted: [take(count)])
        }
        return SourceLines(models, under: shift, at: place)
      }
      return number(lines)
    }
    do throws(Unmeasured) {
      let found = try source.measure(
        functional, among: trials,
        undefined: "there is no line, no common reference accuracy, or no difference")
      (result.value, result.interval, result.reason) = (found.value, found.interval, found.reason)
    } catch {
      result.reason = error.reason
    }
    return result
  }
}

extension SourceLines {
  /// The lines of sources under one shift.
  fileprivate init(_ sources: [Models], under shift: ComparedShift, at place: Double?) {
    self.init(
      sources, rows: shift.referenceRows, shiftedRows: [shift.group.n], at: place)
  }

  /// Where the lines of all sources stand.
  fileprivate var accuracies: [Double] { names.indices.map { accuracy($0, 0) } }
}
