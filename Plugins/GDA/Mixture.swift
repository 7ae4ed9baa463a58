internal import AssayKit
internal import LinearAlgebra

/// A mixture of K Gaussians with one covariance and equal priors, fitted to rows without labels.
///
/// Expectation maximisation from the zero-shot probabilities. With class probabilities γ `[N, K]`:
///
///     n_k = Σ_i γ_ik,  μ_k = Σ_i γ_ik x_i / n_k
///     (N - 1) Σ = Σ_ik γ_ik (x_i - μ_k)(x_i - μ_k)ᵀ
///     γ_ik = softmax_k(x_i · P μ_k - ½ μ_k · P μ_k)
///
/// The rows of one class have to be far likelier under it for γ to stay certain: a P that is too
/// small makes all μ_k equal in the end, and the Gaussian term vanish.
struct Mixture {
  /// Unit rows `[N, D]`.
  private let rows: Matrix<Float>
  private let config: GDA.Config

  init(rows: MatrixView<Float>, config: GDA.Config) {
    self.rows = rows.unitRows()
    self.config = config
  }

  /// Sums of one pass over the rows: `Σ_i γ_ik x_i` `[K, D]` and `n_k`.
  private struct Sums {
    var rows: Matrix<Float>
    var counts: [Double]
    /// The mean of |Δγ|.
    var change = 0.0
    /// The mean over the rows of the largest γ.
    var certainty = 0.0
  }

  /// The classifier of the mixture, or nil when the rows do not vary around its means.
  func gaussians(
    from zeroShot: LinearClassifier, _ context: Context
  ) throws -> LinearClassifier? {
    let total = ClassStatistics(
      rows: rows.view, labels: [Int32](repeating: 0, count: rows.rows), classCount: 1,
      unitRows: false)
    let centre = total.means.numbers
    let scatter = total.scatter()
    var means = Matrix<Float>(rows: zeroShot.weights.rows, columns: rows.columns) { means in
      for label in 0..<means.rows { _ = means.row(label).update(fromContentsOf: centre) }
    }
    var probabilities = Matrix<Float>(rows: rows.rows, columns: means.rows)
    var sums = expect(zeroShot, &probabilities)
    guard var gaussians = try maximise(sums, &means, scatter, centre) else { return nil }
    var iteration = 0
    while iteration < config.mixtureIterations {
      try context.checkCancellation()
      iteration += 1
      context.progress(Double(iteration) / Double(config.mixtureIterations), "em")
      sums = expect(gaussians, &probabilities)
      guard let next = try maximise(sums, &means, scatter, centre) else { return nil }
      gaussians = next
      if sums.change < config.mixtureTolerance { break }
    }
    context.metric("em_iterations", Double(iteration))
    context.metric("em_change", sums.change)
    context.metric("em_certainty", sums.certainty)
    if sums.certainty * Double(means.rows) < 1.1 {
      context.warn(
        "every class is about equally probable for every row after \(iteration) steps, so that the "
          + "Gaussian term says nothing; em_precision=shrunk keeps classes apart")
    }
    return gaussians
  }

  /// Replaces the class probabilities by those of a classifier, and sums up the rows under them.
  private func expect(
    _ classifier: LinearClassifier, _ probabilities: inout Matrix<Float>
  ) -> Sums {
    let classCount = classifier.weights.rows
    var sums = Sums(
      rows: Matrix(rows: classCount, columns: rows.columns),
      counts: [Double](repeating: 0, count: classCount))
    let height = max(1, min(rows.rows, (1 << 20) / max(classCount, 1)))
    for start in stride(from: 0, to: rows.rows, by: height) {
      let range = start..<min(start + height, rows.rows)
      let block = rows.view.rows(range)
      var fresh = classifier.logits(block)
      fresh.withMutableView { fresh in
        fresh.softmaxRows()
        probabilities.withMutableView { old in
          for row in 0..<fresh.rows {
            let (new, old) = (fresh.row(row), old.row(start + row))
            sums.certainty += Double(new.max() ?? 0)
            for label in new.indices {
              sums.change += Double(abs(new[label] - old[label]))
              sums.counts[label] += Double(new[label])
              old[label] = new[label]
            }
          }
        }
      }
      let view = fresh.view
      sums.rows.withMutableView { gemm(view.transposed, block, into: $0, keeping: 1) }
    }
    sums.change /= Double(max(rows.rows * classCount, 1))
    sums.certainty /= Double(max(rows.rows, 1))
    return sums
  }

  /// The Gaussians of summed rows, or nil without variation.
  ///
  /// A class of hardly any rows keeps its mean. The scatter around the means is the total one, which
  /// never changes, less that between the means: no further pass over the rows.
  private func maximise(
    _ sums: Sums, _ means: inout Matrix<Float>, _ total: Matrix<Float>, _ centre: [Float]
  ) throws -> LinearClassifier? {
    var between = Matrix<Float>(rows: means.rows, columns: means.columns)
    means.withMutableView { means in
      between.withMutableView { between in
        for (label, count) in sums.counts.enumerated() where count >= 1e-6 {
          let (mean, deviation) = (means.row(label), between.row(label))
          let root = Float(count.squareRoot())
          sums.rows.view.withRow(label) { sum in
            for column in mean.indices {
              mean[column] = Float(Double(sum[column]) / count)
              deviation[column] = root * (mean[column] - centre[column])
            }
          }
        }
      }
    }
    var within = total
    let deviations = between.view
    within.withMutableView { syrk(deviations, into: $0, scale: -1, keeping: 1) }
    // Less than this is what rounding leaves of nothing.
    guard within.trace > Float(means.columns) * .ulpOfOne * total.trace else { return nil }
    var weights = means
    switch config.mixturePrecision {
    case .shrunk:
      try Precision.applyRidge(
        scatter: within, rowCount: rows.rows, factor: rows.rows - 1 + rows.columns, to: &weights)
    case .ks: try Precision.applyRidge(scatter: within, rowCount: rows.rows, to: &weights)
    case .inverse:
      within.scale(by: 1 / Float(max(rows.rows - 1, 1)))
      try Precision.applyPseudoInverse(covariance: within, to: &weights)
    }
    return LinearClassifier(
      means: means, weights: weights, logPriors: uniformLogPriors(means.rows))
  }
}
