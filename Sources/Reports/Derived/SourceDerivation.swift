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

    init(_ setting: [String: JSON], _ rows: [RowKey]) {
      self.setting = setting
      self.rows = rows
      name = setting["mix"]?.string ?? ""
      // A mixture is called such as '25% A + 75% B'.
      let pieces = name.split(separator: " + ").map { $0.split(separator: "% ", maxSplits: 1) }
      parts =
        pieces.allSatisfy { $0.count == 2 && Int($0[0]) != nil } ? pieces.map { String($0[1]) } : []
    }
  }

  private let trials: [TrialRecord]
  private let mixtures: [Mixture]
  private let shifts: [(key: String, n: Int)]
  /// The rows of the test set.
  private let n: Int
  /// Suite, dataset and method, without a setting.
  private let base: RowKey
  private var source: MeasurementSource

  /// The derived values of all methods and datasets among the trials of one suite.
  static func values(
    of trials: [TrialRecord], source: inout MeasurementSource
  ) -> [DerivedValue] {
    let mixed = trials.filter { $0.setting["mix"] != nil && $0.setting["size"] != nil }
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
    n = shown.metrics["accuracy"]?.n ?? 0
    shifts = shown.groups.filter { $0.by == "shift" && !$0.key.hasPrefix("clean") }.map {
      ($0.key, $0.n)
    }
    let rows = grouped(trials, by: RowKey.init).map(\.0)
    let ofMixtures = grouped(rows) { row in
      var row = row
      row.setting["size"] = nil
      return row
    }
    mixtures = ofMixtures.map { Mixture($0.0.setting, $0.1) }
  }

  private mutating func values() -> [DerivedValue] {
    let place = SourceLines.commonReference(mixtures.map { models($0) })
    var found = [
      DerivedValue(
        row: base, metric: "reference_accuracy", value: place,
        reason: place == nil ? "the sources reach no common reference accuracy" : nil)
    ]
    let all = Array(shifts.indices)
    let single = mixtures.filter(\.parts.isEmpty)
    for mixture in mixtures {
      for shift in all {
        found += line(of: mixture, shift)
        found.append(
          derived("accuracy_at", [mixture], [shift], of: mixture, at: place) { $0.accuracy(0, 0) })
        found += dilution(of: mixture, shift, at: place)
      }
    }
    for (index, mixture) in single.enumerated() where single.count > 1 {
      for shift in all {
        found.append(
          derived("source_rank", single, [shift], of: mixture, at: place) { $0.ranks(0)[index] })
      }
    }
    guard single.count > 1, shifts.count > 1 else { return found }
    found.append(
      derived("rank_agreement", single, all, at: place) { $0.agreement.value ?? .nan })
    for first in all {
      for second in all where second > first {
        found.append(
          derived(
            "rank_correlation", single, [first, second],
            key: "\(shifts[first].key) / \(shifts[second].key)", at: place
          ) { $0.correlation(0, 1).value ?? .nan })
      }
    }
    return found
  }

  private mutating func line(of mixture: Mixture, _ shift: Int) -> [DerivedValue] {
    let parts: [(String, (EffectiveRobustness) -> Double)] = [
      ("line_intercept", { $0.intercept }), ("line_intercept_error", { $0.interceptError }),
      ("line_slope", { $0.slope }), ("line_slope_error", { $0.slopeError }),
      ("line_r_squared", { $0.rSquared ?? .nan }), ("line_residual", { $0.residualDeviation }),
    ]
    return parts.map { metric, part in
      derived(metric, [mixture], [shift], of: mixture, at: 0.5) {
        $0.lines[0][0].map(part) ?? .nan
      }
    }
  }

  /// The position of a mixture among its parts, with the verdict and its tolerance.
  private mutating func dilution(
    of mixture: Mixture, _ shift: Int, at place: Double?
  ) -> [DerivedValue] {
    let parts = mixtures.filter { $0.parts.isEmpty && mixture.parts.contains($0.name) }
    guard !mixture.parts.isEmpty, parts.count == mixture.parts.count else { return [] }
    let all = [mixture] + parts
    func dilution(_ lines: SourceLines, _ tolerance: Double) -> Dilution? {
      Dilution(
        mixture: lines.accuracy(0, 0), parts: parts.indices.map { lines.accuracy($0 + 1, 0) },
        tolerance: tolerance)
    }
    let own = derived("accuracy_at", [mixture], [shift], of: mixture, at: place) {
      $0.accuracy(0, 0)
    }
    let tolerance = own.interval.map { ($0.upper - $0.lower) / 2 }
    var position = derived("dilution_position", all, [shift], of: mixture, at: place) {
      dilution($0, 0)?.position ?? .nan
    }
    position.verdict =
      dilution(
        SourceLines(
          all.map { models($0, [shift]) }, rows: n, shiftedRows: [shifts[shift].n], at: place),
        tolerance ?? 0)?.verdict
    return [
      position,
      DerivedValue(
        row: row(mixture), metric: "dilution_tolerance", by: "shift", key: shifts[shift].key,
        value: tolerance, reason: tolerance == nil ? own.reason ?? "there is no interval" : nil),
    ]
  }

  // MARK: Measuring

  private func row(_ mixture: Mixture?) -> RowKey {
    var row = base
    row.setting = mixture?.setting ?? [:]
    return row
  }

  /// Mean accuracies over seeds; NaN where a model has none.
  private func models(_ mixture: Mixture, _ wanted: [Int]? = nil) -> SourceLines.Models {
    func mean(_ row: RowKey, _ key: String?) -> Double {
      let values = trials.filter { RowKey($0) == row }.compactMap { trial in
        key == nil
          ? trial.metrics["accuracy"]?.value
          : trial.groups.first { $0.by == "shift" && $0.key == key }?.metrics["accuracy"]?.value
      }
      return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }
    return SourceLines.Models(
      name: mixture.name, reference: mixture.rows.map { mean($0, nil) },
      shifted: (wanted ?? Array(shifts.indices)).map { shift in
        mixture.rows.map { mean($0, shifts[shift].key) }
      })
  }

  /// A number made of the lines of some mixtures under some shifts.
  private mutating func derived(
    _ metric: String, _ mixtures: [Mixture], _ wanted: [Int], of mixture: Mixture? = nil,
    key: String? = nil, at place: Double?, _ number: @escaping (SourceLines) -> Double
  ) -> DerivedValue {
    let ofOne = wanted.count == 1 ? shifts[wanted[0]].key : nil
    var result = DerivedValue(
      row: row(mixture), metric: metric, by: key ?? ofOne == nil ? nil : "shift",
      key: key ?? ofOne)
    var measurements: [Quantity.Measurement] = []
    for mixture in mixtures {
      for key in [nil] + wanted.map({ Optional(shifts[$0].key) }) {
        measurements += mixture.rows.map { row in
          Quantity.Measurement(
            .metric("accuracy"), method: row.label, dataset: row.dataset, setting: row.setting,
            group: key.map { Quantity.Part(by: "shift", key: $0) })
        }
      }
    }
    let (names, counts) = (mixtures.map(\.name), mixtures.map(\.rows.count))
    let (rows, shiftedRows) = (n, wanted.map { shifts[$0].n })
    let functional = Functional(measurements) { values in
      var rest = values[...]
      func take(_ count: Int) -> [Double] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
      }
      let models = zip(names, counts).map { name, count in
        SourceLines.Models(
          name: name, reference: take(count), shifted: shiftedRows.map { _ in take(count) })
      }
      return number(SourceLines(models, rows: rows, shiftedRows: shiftedRows, at: place))
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
