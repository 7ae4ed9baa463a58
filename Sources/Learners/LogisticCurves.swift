internal import Glibc
internal import LinearAlgebra
internal import Statistics

/// The mean cross-entropy of labelled rows plus ½ penalty ‖w‖², with its slopes and its curvature.
///
/// Parameters are weights `[K, R]` of the rows' coordinates, then `K` intercepts, which stay as they
/// are where there are offsets. What a row lacks to certainty, 1 - p of its own class, is summed over
/// the other classes: far out, where a large C sends the weights, 1 - p by subtraction is rounding.
final class LogisticCurves: CurvedObjective {
  let principal: PrincipalRows
  private let labels: [Int32]
  private let classCount: Int
  /// Logits that no parameter changes, `[N, K]`.
  private let offsets: Matrix<Float>?
  private var penalty = 0.0
  /// Weights on their way into a product, and slopes on their way out of one, `[K, R]`.
  private var weights: Matrix<Float>
  /// The probabilities of the last place, less 1 for a row's own class, `[N, K]`.
  private var residuals: Matrix<Float>
  private var changes: Matrix<Float>

  init(rows: PrincipalRows, labels: [Int32], classCount: Int, offsets: Matrix<Float>?) {
    principal = rows
    self.labels = labels
    self.classCount = classCount
    self.offsets = offsets
    weights = Matrix(rows: classCount, columns: rows.rows.columns)
    residuals = Matrix(rows: rows.rows.rows, columns: classCount)
    changes = residuals
  }

  /// The number of coordinates of a row.
  var width: Int { principal.rows.columns }
  var parameterCount: Int { classCount * (width + 1) }
  private var split: Int { classCount * width }
  private var share: Double { 1 / Double(max(labels.count, 1)) }

  /// Sets what ½‖w‖² is multiplied by, for weights of the rows as they were.
  func setPenalty(_ penalty: Double) {
    self.penalty = penalty / (principal.scale * principal.scale)
  }

  func evaluate(_ parameters: [Double], _ gradient: inout [Double]) -> Double {
    load(parameters)
    let intercepts = parameters[split...].map { Float($0) }
    let loss = residuals.withMutableView { view in
      if let offsets { view.copy(offsets.view) }
      gemm(
        principal.rows.view, weights.view.transposed, into: view, keeping: offsets == nil ? 0 : 1)
      var loss = 0.0
      for (index, label) in labels.enumerated() {
        loss += Self.replaceByResidual(view.row(index), Int(label), intercepts)
      }
      return share * loss
    }
    takeSlopes(of: residuals, parameters, &gradient)
    return loss + penalty / 2 * parameters[..<split].reduce(0) { $0 + $1 * $1 }
  }

  func curvature(along direction: [Double]) -> [Double] {
    load(direction)
    let intercepts = direction[split...].map { Float($0) }
    changes.withMutableView { view in
      gemm(principal.rows.view, weights.view.transposed, into: view)
      for (index, label) in labels.enumerated() {
        residuals.view.withRow(index) { residual in
          Self.replaceByChange(view.row(index), residual, Int(label), intercepts)
        }
      }
    }
    var result = [Double](repeating: 0, count: direction.count)
    takeSlopes(of: changes, direction, &result)
    return result
  }

  func diagonal() -> [Double] {
    var sums = Matrix<Float>(rows: classCount, columns: width)
    var intercepts = [Double](repeating: 0, count: classCount)
    for start in stride(from: 0, to: labels.count, by: 512) {
      let range = start..<min(start + 512, labels.count)
      var squares = Matrix(copying: principal.rows.view.rows(range))
      squares.withMutableView { view in
        for index in view.numbers.indices { view.numbers[index] *= view.numbers[index] }
      }
      var variances = Matrix(copying: residuals.view.rows(range))
      variances.withMutableView { view in
        for row in 0..<view.rows {
          let numbers = view.row(row)
          for label in numbers.indices {
            // p (1 - p), whichever of the two the residual holds.
            numbers[label] = abs(numbers[label]) * (1 - abs(numbers[label]))
            intercepts[label] += Double(numbers[label])
          }
        }
      }
      sums.withMutableView { gemm(variances.view.transposed, squares.view, into: $0, keeping: 1) }
    }
    let floor = max(penalty, .leastNormalMagnitude)
    return sums.numbers.map { share * Double($0) + floor } + intercepts.map { share * $0 + floor }
  }

  private func load(_ parameters: [Double]) {
    weights.withMutableView { view in
      for index in view.numbers.indices { view.numbers[index] = Float(parameters[index]) }
    }
  }

  /// Writes the slopes `columnsᵀ rows / N + penalty · parameters`, and those of the intercepts.
  private func takeSlopes(
    of columns: Matrix<Float>, _ parameters: [Double], _ slopes: inout [Double]
  ) {
    weights.withMutableView { gemm(columns.view.transposed, principal.rows.view, into: $0) }
    weights.view.withNumbers { numbers in
      for index in numbers.indices {
        slopes[index] = share * Double(numbers[index]) + penalty * parameters[index]
      }
    }
    guard offsets == nil else { return }
    var sums = [Double](repeating: 0, count: classCount)
    columns.view.withNumbers { numbers in
      for row in labels.indices {
        for label in 0..<classCount { sums[label] += Double(numbers[row * classCount + label]) }
      }
    }
    for label in 0..<classCount { slopes[split + label] = share * sums[label] }
  }

  /// Turns a row's logits into `softmax - onehot`; returns its cross-entropy.
  private static func replaceByResidual(
    _ row: UnsafeMutableBufferPointer<Float>, _ label: Int, _ intercepts: [Float]
  ) -> Double {
    var largest = -Float.infinity
    for index in row.indices {
      row[index] += intercepts[index]
      if row[index] > largest { largest = row[index] }
    }
    let behind = Double(largest - row[label])
    row[label] = -.infinity
    let others = exponentiate(row, shift: -largest)
    let own = exp(-behind)
    let factor = Float(1 / (others + own))
    for index in row.indices { row[index] *= factor }
    row[label] = -Float(others / (others + own))
    return own > others ? log1p(others / own) : behind + log(others + own)
  }

  /// Turns a row's change of logits into the change of its softmax.
  private static func replaceByChange(
    _ row: UnsafeMutableBufferPointer<Float>, _ residual: UnsafeBufferPointer<Float>,
    _ label: Int, _ intercepts: [Float]
  ) {
    let own = row[label] + intercepts[label]
    // Against the row's own class, whose residual so is multiplied by 0 here.
    var mean: Float = 0
    for index in row.indices {
      row[index] += intercepts[index] - own
      mean += residual[index] * row[index]
    }
    for index in row.indices { row[index] = residual[index] * (row[index] - mean) }
    row[label] = -(1 + residual[label]) * mean
  }
}
