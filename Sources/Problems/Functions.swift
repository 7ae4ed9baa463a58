public import Autograd
public import LinearAlgebra
internal import Tensors

/// `½ θᵀ A θ` from θ = 1: as curved along each axis, or each direction, as A says.
///
/// Its least value is 0, at 0.
public final class Quadratic: Problem {
  private let curvature: Matrix<Float>
  private let place: NetworkParameter
  /// The one array θ, `[P]`.
  public let parameters: [NetworkParameter]
  /// The function has one sample, itself.
  public let sampleCount = 1

  /// Takes A `[P, P]`, symmetric.
  public init(curvature: Matrix<Float>) {
    precondition(curvature.rows == curvature.columns, "a curvature is square")
    self.curvature = curvature
    place = NetworkParameter("place", shape: [curvature.rows], filledWith: 1)
    parameters = [place]
  }

  /// The value, whatever the samples.
  public func loss(
    of samples: ArraySlice<Int32>, on tape: Tape, reduction: Reduction
  ) -> Variable {
    let row = tape.use(place).reshaped(1, place.count)
    let value = (row.matmul(tape.constant(curvature.view)) * row).sum() * 0.5
    return reduction == .none ? value.reshaped(1) : value
  }
}

/// A function of two numbers that is curved very unlike along both, and along the first by place.
///
/// `8 (x - 1)² (1.3 x² + 2 x + 1) + ½ (y - 4)²`, the example of Liu et al., "Sophia", 2023, figure 2;
/// its least value is 0, at (1, 4), and another valley at x = -0.65 is worth 5.4. The start at (0.2, 0),
/// where the first term is bent downwards, is ours.
public final class Valley: Problem {
  private let place = NetworkParameter("place", shape: [2], numbers: [0.2, 0])
  /// The one array (x, y).
  public let parameters: [NetworkParameter]
  /// The function has one sample, itself.
  public let sampleCount = 1

  /// Makes the function.
  public init() { parameters = [place] }

  /// The value, whatever the samples.
  public func loss(
    of samples: ArraySlice<Int32>, on tape: Tape, reduction: Reduction
  ) -> Variable {
    let (x, y) = (tape.use(place).slice(0..<1), tape.use(place).slice(1..<2))
    let first = (x + -1).squared() * (x.squared() * 1.3 + x * 2 + 1) * 8
    let value = (first + (y + -4).squared() * 0.5).sum()
    return reduction == .none ? value.reshaped(1) : value
  }
}
