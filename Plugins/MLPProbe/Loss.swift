internal import Glibc
package import LinearAlgebra

/// The mean cross-entropy of a batch plus α / (2 B) ‖W‖² over the weights, in memory made once.
///
/// As in scikit-learn, the penalty of a batch is divided by the rows of that batch, and biases have
/// none.
package struct Loss<Scalar: BLASScalar> {
  private let alpha: Double
  /// What each layer gives, `[B, outputs]`, and the slopes of the loss by it.
  private var values: [Matrix<Scalar>]
  private var slopes: [Matrix<Scalar>]
  /// `[1, B]`, whose product with slopes is their sum.
  private let ones: Matrix<Scalar>
  /// The gradient of the last batch by the parameters.
  package private(set) var gradient: [Scalar]

  /// Makes room for batches of up to `rows` rows.
  package init(of network: Network<Scalar>, rows: Int, alpha: Double) {
    self.alpha = alpha
    values = network.layers.map { Matrix(rows: rows, columns: $0.outputs) }
    slopes = values
    ones = Matrix([Scalar](repeating: 1, count: rows), rows: 1, columns: rows)
    gradient = [Scalar](repeating: 0, count: network.parameters.count)
  }

  /// Gives the loss of rows `[B, D]` and leaves its gradient.
  package mutating func evaluate(
    _ network: Network<Scalar>, _ rows: MatrixView<Scalar>, _ labels: ArraySlice<Int32>
  ) -> Double {
    let batch = 0..<rows.rows
    let last = network.layers.count - 1
    for (place, layer) in network.layers.enumerated() {
      let inputs = place == 0 ? rows : values[place - 1].view.rows(batch)
      values[place].withMutableView { all in
        let result = all.rows(batch)
        network.apply(layer, inputs, into: result)
        if place < last { rectify(result) }
      }
    }
    let outputs = values[last].view.rows(batch)
    var loss = slopes[last].withMutableView { all in
      let result = all.rows(batch)
      result.copy(outputs)
      return network.classCount == 2
        ? Loss.logistic(result, labels) : Loss.softmax(result, labels)
    }
    let penalty = alpha / Double(batch.count)
    let ones = ones.view.reshaped(rows: ones.columns, columns: 1).rows(batch)
      .reshaped(rows: 1, columns: batch.count)
    network.parameters.withUnsafeBufferPointer { numbers in
      for (place, layer) in network.layers.enumerated().reversed() {
        let inputs = place == 0 ? rows : values[place - 1].view.rows(batch)
        let outer = slopes[place].view.rows(batch)
        let weights = network.weights(of: layer, in: numbers)
        loss += penalty / 2 * weights.withNumbers { Double(dot($0, $0)) }
        gradient.withUnsafeMutableBufferPointer { gradient in
          let result = MutableMatrixView(
            UnsafeMutableBufferPointer(rebasing: gradient[layer.weights]), rows: layer.outputs,
            columns: layer.inputs)
          result.copy(weights)
          gemm(outer.transposed, inputs, into: result, keeping: Scalar(penalty))
          let biases = UnsafeMutableBufferPointer(rebasing: gradient[layer.biases])
          gemm(
            ones, outer, into: MutableMatrixView(biases, rows: 1, columns: layer.outputs))
        }
        guard place > 0 else { continue }
        slopes[place - 1].withMutableView { all in
          let result = all.rows(batch)
          gemm(outer, weights, into: result)
          inputs.withNumbers { values in
            let slopes = result.numbers
            for index in values.indices where values[index] <= 0 { slopes[index] = 0 }
          }
        }
      }
    }
    return loss
  }

  /// Turns log-odds `[B, 1]` into `(p - y) / B`; returns the mean cross-entropy.
  private static func logistic(_ scores: MutableMatrixView<Scalar>, _ labels: ArraySlice<Int32>)
    -> Double
  {
    var loss = 0.0
    for (row, label) in labels.enumerated() {
      let score = Double(scores[row, 0])
      // log(1 + exp(-|z|)) loses nothing where exp(z) would run over.
      loss += max(score, 0) + log1p(exp(-abs(score))) - (label == 1 ? score : 0)
      let probability = 1 / (1 + exp(-score))
      scores[row, 0] = Scalar((probability - Double(label)) / Double(labels.count))
    }
    return loss / Double(labels.count)
  }

  /// Turns logits `[B, K]` into `(p - y) / B`; returns the mean cross-entropy.
  private static func softmax(_ logits: MutableMatrixView<Scalar>, _ labels: ArraySlice<Int32>)
    -> Double
  {
    var loss = 0.0
    let share = 1 / Double(labels.count)
    for (index, label) in labels.enumerated() {
      let row = logits.row(index)
      let target = Double(row[Int(label)])
      var highest = row[0]
      for column in row.indices where row[column] > highest { highest = row[column] }
      var sum = 0.0
      for column in row.indices {
        let term = exp(Double(row[column] - highest))
        sum += term
        row[column] = Scalar(term)
      }
      loss += Double(highest) + log(sum) - target
      let factor = Scalar(share / sum)
      for column in row.indices { row[column] *= factor }
      row[Int(label)] -= Scalar(share)
    }
    return loss * share
  }
}
