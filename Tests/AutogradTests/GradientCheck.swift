import Autograd
import Random
import Tensors
import Testing

/// Compares the gradients of an expression with differences of its values.
///
/// The loss is the sum of the results times random weights, in f64. The slope by each input number
/// is the six-point central difference, whose error is of order h⁶, so that f32 values suffice.
/// Kinks have to lie farther than three steps away.
struct GradientCheck {
  /// One input of the expression.
  struct Input {
    let shape: Shape
    var numbers: [Float]

    /// Numbers of the standard normal distribution, or between bounds.
    init(_ extents: Int..., seed: UInt64 = 1, in range: ClosedRange<Float>? = nil) {
      shape = Shape(extents)
      var random = Philox(key: Philox.key("gradient check"), stream: seed &+ UInt64(shape.count))
      numbers = (0..<shape.count).map { _ in
        guard let range else { return Float(random.normal()) }
        return range.lowerBound + (range.upperBound - range.lowerBound) * Float(random.uniform())
      }
    }

    init(_ numbers: [Float], shape: Shape) {
      self.shape = shape
      self.numbers = numbers
    }
  }

  /// The largest relative error over the inputs: ‖found - wanted‖ / max(‖found‖ + ‖wanted‖, floor).
  static func error(
    _ inputs: [Input], step: Float = 0.06, _ expression: ([Variable]) -> Variable
  ) -> Double {
    let tape = Tape()
    func result(_ inputs: [Input], trained: Bool) -> (leaves: [Variable], result: Variable) {
      tape.reset()
      let leaves = inputs.map {
        tape.constant($0.numbers, shape: $0.shape, needsGradient: trained)
      }
      return (leaves, expression(leaves))
    }
    let (leaves, output) = result(inputs, trained: true)
    var random = Philox(key: Philox.key("weights of the loss"))
    let weights = (0..<output.count).map { _ in Float(random.uniform() + 0.5) }
    output.backward(seed: weights)
    let gradients = leaves.map { $0.gradient }
    func loss(_ inputs: [Input]) -> Double {
      let values = result(inputs, trained: false).result.numbers
      return zip(values, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    var worst = 0.0
    for (place, input) in inputs.enumerated() {
      let found = gradients[place] ?? [Float](repeating: 0, count: input.numbers.count)
      var (difference, size) = (0.0, 0.0)
      for index in input.numbers.indices {
        func at(_ steps: Float) -> (Double, Double) {
          var moved = inputs
          moved[place].numbers[index] += steps * step
          return (loss(moved), Double(moved[place].numbers[index]))
        }
        let wanted = [(1, 45), (2, -9), (3, 1)].reduce(0.0) { sum, term in
          let (above, below) = (at(Float(term.0)), at(Float(-term.0)))
          let width = (above.1 - below.1) / Double(2 * term.0)
          return sum + Double(term.1) * (above.0 - below.0) / (60 * width)
        }
        difference += (Double(found[index]) - wanted) * (Double(found[index]) - wanted)
        size += Double(found[index]) * Double(found[index]) + wanted * wanted
      }
      if size.isNaN || difference.isNaN { return .nan }
      worst = max(worst, difference.squareRoot() / max(size.squareRoot(), 0.1))
    }
    return worst
  }
}

/// What a relative error of a gradient may be.
let tolerance = 1e-4
