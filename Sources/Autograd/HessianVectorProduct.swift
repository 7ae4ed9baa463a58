/// The product of the Hessian of a loss with a direction, by a central difference of gradients.
///
/// `(∇L(θ + h v) - ∇L(θ - h v)) / (2 h)` with `h = step / ‖v‖`: exact for a quadratic loss, else
/// with an error of order h². `gradient` computes the loss of one fixed batch and walks back from
/// it; it is called twice, and the parameters are put back to the bit. Gradients that were there
/// are lost.
///
///     let products = hessianVectorProduct(model.parameters, direction: directions) {
///       tape.reset()
///       loss(of: batch, on: tape).backward()
///     }
public func hessianVectorProduct(
  _ parameters: [NetworkParameter], direction: [[Float]], step: Float = 1e-2, gradient: () -> Void
) -> [[Float]] {
  precondition(
    direction.map(\.count) == parameters.map(\.count),
    "a direction has as many numbers as the parameters")
  var square = 0.0
  for part in direction { square = part.reduce(square) { $0 + Double($1) * Double($1) } }
  guard square > 0 else { return direction }
  let width = step / Float(square.squareRoot())
  let start = parameters.map(\.numbers)

  func slopes(at distance: Float) -> [[Float]] {
    for (index, parameter) in parameters.enumerated() {
      parameter.withNumbers { numbers in
        for place in numbers.indices {
          numbers[place] = start[index][place] + distance * direction[index][place]
        }
      }
      parameter.clearGradient()
    }
    gradient()
    return parameters.map { $0.gradient ?? [Float](repeating: 0, count: $0.count) }
  }

  let (above, below) = (slopes(at: width), slopes(at: -width))
  for (parameter, numbers) in zip(parameters, start) {
    parameter.withNumbers { _ = $0.update(fromContentsOf: numbers) }
    parameter.clearGradient()
  }
  return zip(above, below).map { zip($0, $1).map { ($0 - $1) / (2 * width) } }
}
