package import Autograd
internal import Glibc
internal import Layers
package import Problems
package import Random
internal import Tensors

/// One random estimate of the diagonal of a loss's Hessian, an array for each parameter.
package enum CurvatureEstimate {
  /// Gauss-Newton-Bartlett: labels drawn from the model's own answer, `B ĝ ⊙ ĝ`.
  ///
  /// B counts the labels, one a token. The labels are held fixed, the gradient is no part of any mean
  /// of gradients, and with a limit its norm is cut first, as in the authors' loop.
  package static func gaussNewton(
    of problem: any LikelihoodProblem, samples: ArraySlice<Int32>, on tape: Tape,
    using random: inout Philox, normLimit: Double? = nil
  ) -> [[Float]] {
    tape.reset()
    let logits = problem.logits(of: samples, on: tape)
    let labels = drawnLabels(logits, using: &random)
    return gaussNewton(of: logits, labels: labels, problem.parameters, normLimit: normLimit)
  }

  /// The same with labels that were drawn elsewhere.
  package static func gaussNewton(
    of logits: Variable, labels: [Int32], _ parameters: [NetworkParameter],
    normLimit: Double? = nil
  ) -> [[Float]] {
    for parameter in parameters { parameter.clearGradient() }
    logits.crossEntropy(labels).backward()
    if let normLimit { clipGradients(parameters, toNorm: normLimit) }
    let count = Float(labels.count)
    return parameters.map { parameter in
      defer { parameter.clearGradient() }
      return parameter.gradient?.map { count * $0 * $0 }
        ?? [Float](repeating: 0, count: parameter.count)
    }
  }

  /// Hutchinson: `u ⊙ H u` for a normal u, of two gradients of one batch; may be negative.
  package static func hutchinson(
    of problem: any Problem, samples: ArraySlice<Int32>, on tape: Tape, using random: inout Philox
  ) -> [[Float]] {
    let direction = problem.parameters.map { parameter in
      (0..<parameter.count).map { _ in Float(random.normal()) }
    }
    return hutchinson(of: problem, samples: samples, on: tape, direction: direction)
  }

  /// The same along a direction that was drawn elsewhere.
  package static func hutchinson(
    of problem: any Problem, samples: ArraySlice<Int32>, on tape: Tape, direction: [[Float]]
  ) -> [[Float]] {
    var square = 0.0
    for parameter in problem.parameters {
      square = parameter.numbers.reduce(square) { $0 + Double($1) * Double($1) }
    }
    let products = hessianVectorProduct(
      problem.parameters, direction: direction, step: Float(1e-2 * (1 + square.squareRoot()))
    ) {
      tape.reset()
      problem.loss(of: samples, on: tape).backward()
    }
    return zip(direction, products).map { zip($0, $1).map { $0 * $1 } }
  }

  /// One label for each row of logits, drawn from its softmax.
  private static func drawnLabels(_ logits: Variable, using random: inout Philox) -> [Int32] {
    let width = logits.shape[1]
    return logits.withNumbers { numbers in
      (0..<logits.shape[0]).map { row in
        let row = numbers[row * width..<(row + 1) * width]
        let most = row.max() ?? 0
        let terms = row.map { Double(exp($0 - most)) }
        var rest = random.uniform() * terms.reduce(0, +)
        for (label, term) in terms.enumerated() {
          rest -= term
          if rest < 0 { return Int32(label) }
        }
        return Int32(width - 1)
      }
    }
  }
}
