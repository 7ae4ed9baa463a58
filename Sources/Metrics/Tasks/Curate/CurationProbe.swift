internal import Learners
internal import LinearAlgebra
internal import Random
internal import Tensors

/// A linear classifier that shows what training on the kept rows is worth.
///
/// Multinomial logistic regression with a free intercept, since it learns the frequencies of the
/// classes as any trained model does; nearest class means would not notice them. The budget is a
/// fixed number of rows drawn with replacement, so that a larger subset buys variety but no longer
/// training; rows without a class spend it in vain. Minimises ½‖w‖² + Σ CE, which is C = 1.
struct CurationProbe {
  private let weights: Matrix<Float>
  private let intercepts: [Float]

  /// Draws among the kept rows and trains; nil when no row with a class is drawn.
  init?(_ setup: CurationTruth.Probe, kept: [Bool]) {
    let candidates = kept.indices.filter { kept[$0] }
    guard !candidates.isEmpty else { return nil }
    // The same numbers for every subset and every method.
    var random = Philox(key: Philox.key("curate", "probe"))
    var times = [Int](repeating: 0, count: kept.count)
    for _ in 0..<setup.draws { times[candidates[random.below(candidates.count)]] += 1 }
    self.init(setup, times: times)
  }

  /// Trains on rows that were drawn so often; nil when none of them has a class.
  init?(_ setup: CurationTruth.Probe, times: [Int]) {
    let drawn = times.indices.filter { times[$0] > 0 && setup.labels[$0] >= 0 }
    guard !drawn.isEmpty else { return nil }
    let labels = drawn.map { Int(setup.labels[$0]) }
    let width = setup.features.shape[1]
    let classCount = Int(max(setup.labels.max() ?? 0, setup.testLabels.max() ?? 0)) + 1
    let rows = setup.features.withElements(of: Float.self) { numbers in
      Matrix<Float>(rows: drawn.count, columns: width) { matrix in
        for (place, row) in drawn.enumerated() {
          _ = matrix.row(place).update(fromContentsOf: numbers[row * width..<(row + 1) * width])
        }
      }
    }
    let objective = Objective(
      rows: rows, labels: labels, times: drawn.map { Float(times[$0]) },
      share: 1 / Double(max(setup.draws, 1)), classCount: classCount)
    let found = LBFGS(tolerance: 1e-5, maximumIterations: 300, noise: 1e-6).minimise(
      from: [Double](repeating: 0, count: classCount * (width + 1))
    ) { objective.evaluate($0, $1) }
    let split = classCount * width
    weights = Matrix(
      found.parameters[..<split].map { Float($0) }, rows: classCount, columns: width)
    intercepts = found.parameters[split...].map { Float($0) }
  }

  /// The class of the highest logit of each row of f32 `[T, D]`.
  func answers(_ features: Tensor) -> [Int32] { logits(features).view.argmaxRows() }

  /// The logits `[T, C]` of rows f32 `[T, D]`.
  func logits(_ features: Tensor) -> Matrix<Float> {
    features.withElements(of: Float.self) { numbers in
      let rows = MatrixView(numbers, rows: features.shape[0], columns: features.shape[1])
      var logits = gemm(rows, weights.view.transposed)
      logits.withMutableView { view in
        view.scaleRows(by: [Float](repeating: 1, count: view.rows), adding: intercepts)
      }
      return logits
    }
  }
}

/// The mean cross-entropy over the draws with its penalty; products f32, sums f64.
private struct Objective {
  let rows: Matrix<Float>
  let labels: [Int]
  /// How often each row was drawn.
  let times: [Float]
  /// One over the number of draws.
  let share: Double
  let classCount: Int

  func evaluate(
    _ parameters: UnsafeBufferPointer<Double>, _ gradient: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let split = classCount * rows.columns
    let weights = Matrix(
      parameters[..<split].map { Float($0) }, rows: classCount, columns: rows.columns)
    var logits = gemm(rows.view, weights.view.transposed)
    var loss = 0.0
    logits.withMutableView { logits in
      logits.scaleRows(
        by: [Float](repeating: 1, count: logits.rows),
        adding: parameters[split...].map { Float($0) })
      let targets = labels.indices.map { Double(logits[$0, labels[$0]]) }
      let normalisers = logits.softmaxRows()
      for row in labels.indices {
        logits[row, labels[row]] -= 1
        loss += Double(times[row]) * (normalisers[row] - targets[row])
      }
      logits.scaleRows(by: times)
    }
    let slopes = gemm(logits.view.transposed, rows.view)
    slopes.view.withNumbers { slopes in
      for index in 0..<split {
        gradient[index] = share * (Double(slopes[index]) + parameters[index])
        loss += parameters[index] * parameters[index] / 2
      }
    }
    let sums = gemv(logits.view.transposed, [Float](repeating: 1, count: logits.rows))
    for (label, sum) in sums.enumerated() { gradient[split + label] = share * Double(sum) }
    return share * loss
  }
}
