/// The errors of a model and a named baseline under corruptions, each at several severities.
///
/// Source: Hendrycks and Dietterich, "Benchmarking neural network robustness to common corruptions
/// and perturbations", ICLR 2019.
package struct CorruptionErrors: Sendable {
  /// Error rates `[corruption][severity]`.
  private let model: [[Double]]
  private let baseline: [[Double]]
  private let cleanModel: Double
  private let cleanBaseline: Double

  /// Takes error rates in `0...1`; every corruption has the same severities in both.
  ///
  /// - Throws: ``MetricsError`` if the two do not have the same corruptions and severities.
  package init(
    model: [[Double]], cleanModel: Double, baseline: [[Double]], cleanBaseline: Double
  ) throws(MetricsError) {
    guard model.map(\.count) == baseline.map(\.count), !model.contains(where: \.isEmpty) else {
      throw MetricsError(
        .notPaired,
        "The model has errors at \(model.map(\.count)) severities and the baseline at "
          + "\(baseline.map(\.count)); each corruption needs the same ones in both.")
    }
    self.model = model
    self.baseline = baseline
    self.cleanModel = cleanModel
    self.cleanBaseline = cleanBaseline
  }

  /// CE of each corruption: the summed error over that of the baseline; nil where that is 0.
  package var corruptionErrors: [Double?] { ratios(cleanModel: 0, cleanBaseline: 0) }

  /// Relative CE of each corruption: the summed rise of the error over that of the baseline; nil
  /// where the baseline does not get worse.
  package var relativeCorruptionErrors: [Double?] {
    ratios(cleanModel: cleanModel, cleanBaseline: cleanBaseline)
  }

  /// mCE: the mean CE, in per cent of the baseline.
  package var mean: MetricValue { percent(corruptionErrors, "the baseline makes no error") }

  /// Relative mCE: the mean relative CE, in per cent of the baseline.
  package var relativeMean: MetricValue {
    percent(relativeCorruptionErrors, "the baseline gets no worse")
  }

  private func ratios(cleanModel: Double, cleanBaseline: Double) -> [Double?] {
    zip(model, baseline).map { model, baseline in
      let rise = model.reduce(0) { $0 + $1 - cleanModel }
      let baselineRise = baseline.reduce(0) { $0 + $1 - cleanBaseline }
      return baselineRise > 0 ? rise / baselineRise : nil
    }
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
