/// The errors of a model and a named baseline under corruptions, each at several severities.
///
/// Source: Hendrycks and Dietterich, "Benchmarking neural network robustness to common corruptions
/// and perturbations", ICLR 2019.
package struct CorruptionErrors: Sendable {
  /// Error rates `[corruption][severity]`.
  private let model: [[Double]]
  private let baseline: [[Double]]
  private let cleanModel: [[Double]]
  private let cleanBaseline: [[Double]]

  /// Takes error rates in `0...1`; every corruption has the same severities in both, and one clean
  /// error is behind them all.
  ///
  /// - Throws: ``MetricsError`` if the two do not have the same corruptions and severities.
  package init(
    model: [[Double]], cleanModel: Double, baseline: [[Double]], cleanBaseline: Double
  ) throws(MetricsError) {
    try self.init(
      model: model, cleanModel: model.map { $0.map { _ in cleanModel } }, baseline: baseline,
      cleanBaseline: baseline.map { $0.map { _ in cleanBaseline } })
  }

  /// Takes error rates in `0...1`, and for each the clean error on the rows behind it.
  ///
  /// - Throws: ``MetricsError`` if the two do not have the same corruptions and severities, or one has
  ///   no clean error.
  package init(
    model: [[Double]], cleanModel: [[Double]], baseline: [[Double]], cleanBaseline: [[Double]]
  ) throws(MetricsError) {
    guard model.map(\.count) == baseline.map(\.count), !model.contains(where: \.isEmpty) else {
      throw MetricsError(
        .notPaired,
        "The model has errors at \(model.map(\.count)) severities and the baseline at "
          + "\(baseline.map(\.count)); each corruption needs the same ones in both.")
    }
    guard [cleanModel, cleanBaseline].allSatisfy({ $0.map(\.count) == model.map(\.count) }) else {
      throw MetricsError(
        .notPaired,
        "There are clean errors for \(cleanModel.map(\.count)) and \(cleanBaseline.map(\.count)) "
          + "severities, but \(model.map(\.count)) shifted ones; each needs one.")
    }
    self.model = model
    self.baseline = baseline
    self.cleanModel = cleanModel
    self.cleanBaseline = cleanBaseline
  }

  /// CE of each corruption: the summed error over that of the baseline; nil where that is 0.
  package var corruptionErrors: [Double?] { zip(model, baseline).map { ratio($0, $1) } }

  /// Relative CE of each corruption: the summed rise of the error over that of the baseline; nil
  /// where the baseline does not get worse.
  package var relativeCorruptionErrors: [Double?] {
    zip(zip(model, cleanModel), zip(baseline, cleanBaseline)).map { model, baseline in
      ratio(rises(model.0, model.1), rises(baseline.0, baseline.1))
    }
  }

  /// mCE: the mean CE, in per cent of the baseline.
  package var mean: MetricValue { percent(corruptionErrors, "the baseline makes no error") }

  /// Relative mCE: the mean relative CE, in per cent of the baseline.
  package var relativeMean: MetricValue {
    percent(relativeCorruptionErrors, "the baseline gets no worse")
  }

  private func rises(_ errors: [Double], _ clean: [Double]) -> [Double] {
    zip(errors, clean).map { $0 - $1 }
  }

  private func ratio(_ errors: [Double], _ baseline: [Double]) -> Double? {
    let sum = baseline.reduce(0, +)
    return sum > 0 ? errors.reduce(0, +) / sum : nil
  }

  /// A mean over only some of the corruptions would not compare with any other, so it needs all.
  private func percent(_ ratios: [Double?], _ reason: String) -> MetricValue {
    let defined = ratios.compactMap { $0 }
    guard defined.count == ratios.count else {
      return .undefined(
        n: ratios.count, "\(reason) under \(ratios.count - defined.count) corruptions")
    }
    guard !ratios.isEmpty else { return .undefined(n: 0, "there are no corruptions") }
    return MetricValue(
      value: 100 * defined.reduce(0, +) / Double(defined.count), n: ratios.count)
  }
}

/// The mean accuracy over corruptions and severities `[corruption][severity]`.
package func meanCorruptionAccuracy(_ accuracies: [[Double]]) -> MetricValue {
  let all = accuracies.flatMap { $0 }
  guard !all.isEmpty else { return .undefined(n: 0, "there are no corruptions") }
  return MetricValue(value: all.reduce(0, +) / Double(all.count), n: all.count)
}
