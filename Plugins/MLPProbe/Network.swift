package import LinearAlgebra
package import Random

/// A classifier with one hidden layer of rectified units, or with none, which makes it linear.
///
/// `z = max(0, x W₁ᵀ + b₁) W₂ᵀ + b₂` for rows `[N, D]`. K classes have K outputs, their logits; two
/// classes have one, the log-odds of class 1, as in scikit-learn's `MLPClassifier`.
package struct Network<Scalar: BLASScalar>: Sendable {
  /// A linear map and where its numbers lie among the parameters.
  struct Layer: Sendable {
    let inputs: Int
    let outputs: Int
    /// W `[outputs, inputs]`.
    let weights: Range<Int>
    /// b `[outputs]`.
    let biases: Range<Int>
  }

  package let classCount: Int
  let layers: [Layer]
  /// All weights and biases, layer by layer.
  package var parameters: [Scalar]

  /// Makes a network of zeros; `hidden` of 0 stands for no hidden layer.
  package init(width: Int, hidden: Int, classCount: Int) {
    precondition(classCount > 1, "a classifier tells two classes apart at least")
    self.classCount = classCount
    let sizes = [width] + (hidden > 0 ? [hidden] : []) + [classCount == 2 ? 1 : classCount]
    var layers: [Layer] = []
    var end = 0
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
      let biases = end + inputs * outputs
      layers.append(
        Layer(
          inputs: inputs, outputs: outputs, weights: end..<biases,
          biases: biases..<biases + outputs))
      end = biases + outputs
    }
    self.layers = layers
    parameters = [Scalar](repeating: 0, count: end)
  }

  /// Draws weights and biases of each layer uniformly within ±√(6 / (inputs + outputs)).
  ///
  /// Source: Glorot and Bengio, AISTATS 2010, equation 16, for the biases too as scikit-learn has it.
  package mutating func initialise(using random: inout Philox) {
    for layer in layers {
      let bound = (6 / Double(layer.inputs + layer.outputs)).squareRoot()
      for place in layer.weights.lowerBound..<layer.biases.upperBound {
        parameters[place] = Scalar(bound * (2 * random.uniform() - 1))
      }
    }
  }

  /// The logits `[N, K]` of rows `[N, D]`.
  package func logits(_ rows: MatrixView<Scalar>) -> Matrix<Scalar> {
    var values = Matrix(copying: rows)
    for (place, layer) in layers.enumerated() {
      values = Matrix(rows: rows.rows, columns: layer.outputs) { result in
        apply(layer, values.view, into: result)
        if place + 1 < layers.count { rectify(result) }
      }
    }
    guard classCount == 2 else { return values }
    return Matrix(rows: rows.rows, columns: 2) { result in
      for row in 0..<rows.rows {
        result[row, 0] = 0
        result[row, 1] = values[row, 0]
      }
    }
  }

  /// Writes `x Wᵀ + b` for rows `[B, inputs]`.
  func apply(
    _ layer: Layer, _ rows: MatrixView<Scalar>, into result: MutableMatrixView<Scalar>
  ) {
    parameters.withUnsafeBufferPointer { numbers in
      for row in 0..<rows.rows {
        _ = result.row(row).update(fromContentsOf: numbers[layer.biases])
      }
      gemm(rows, weights(of: layer, in: numbers).transposed, into: result, keeping: 1)
    }
  }

  func weights(
    of layer: Layer, in numbers: UnsafeBufferPointer<Scalar>
  ) -> MatrixView<Scalar> {
    MatrixView(
      UnsafeBufferPointer(rebasing: numbers[layer.weights]), rows: layer.outputs,
      columns: layer.inputs)
  }
}

/// Replaces negative numbers by 0.
func rectify<Scalar>(_ values: MutableMatrixView<Scalar>) {
  let numbers = values.numbers
  for index in numbers.indices { numbers[index] = numbers[index] > 0 ? numbers[index] : 0 }
}
