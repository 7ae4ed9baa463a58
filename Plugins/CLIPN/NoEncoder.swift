internal import Glibc
internal import LinearAlgebra
internal import Random

/// The text encoder's stand-in that learns to deny: `g(t) = unit(t + W₂ GELU(W₁ (t + q)))`.
///
/// W₂ and the prompts q start at zero, so that g starts as the identity, as the paper's copy of the
/// encoder starts as the encoder.
struct NoEncoder {
  /// W₁ `[H, D]`.
  var inner: Matrix<Float>
  /// W₂ `[D, H]`.
  var outer: Matrix<Float>
  /// The prompts q `[P, D]`, of which each text of a batch gets one or their mean.
  var prompts: Matrix<Float>

  /// Draws W₁ from a normal distribution of variance 1 / D, row by row.
  init(width: Int, hidden: Int, prompts: Int, _ random: inout Philox) {
    let deviation = 1 / Double(max(width, 1)).squareRoot()
    var numbers: [Float] = []
    numbers.reserveCapacity(hidden * width)
    for _ in 0..<hidden * width { numbers.append(Float(random.normal() * deviation)) }
    inner = Matrix(numbers, rows: hidden, columns: width)
    outer = Matrix(rows: width, columns: hidden)
    self.prompts = Matrix(rows: prompts, columns: width)
  }

  /// The denying features of unit text features `[N, D]`, with the mean prompt.
  func encode(_ texts: Matrix<Float>) -> Matrix<Float> {
    let means = Matrix(
      [Float](repeating: 1 / Float(prompts.rows), count: texts.rows * prompts.rows),
      rows: texts.rows, columns: prompts.rows)
    return Pass(self, texts, mixing: means).output
  }

  /// One pass over a batch, with what the way back needs.
  struct Pass {
    /// `t + q` `[B, D]`.
    private let input: Matrix<Float>
    /// `GELU(W₁ (t + q))` `[B, H]`, and its slope.
    private let hidden: Matrix<Float>
    private let slopes: Matrix<Float>
    /// One over the length of each row before it was brought to unit length.
    private let factors: [Float]
    /// The share of each prompt in each text `[B, P]`.
    private let shares: Matrix<Float>
    /// The denying features `[B, D]`.
    let output: Matrix<Float>

    init(_ encoder: NoEncoder, _ texts: Matrix<Float>, mixing shares: Matrix<Float>) {
      var input = texts
      input.withMutableView { gemm(shares.view, encoder.prompts.view, into: $0, keeping: 1) }
      var hidden = gemm(input.view, encoder.inner.view.transposed)
      var slopes = hidden
      hidden.withMutableView { hidden in
        slopes.withMutableView { gelu(hidden.numbers, slopes: $0.numbers) }
      }
      var sum = texts
      sum.withMutableView {
        gemm(hidden.view, encoder.outer.view.transposed, into: $0, keeping: 1)
      }
      factors = sum.view.inverseRowNorms()
      sum.withMutableView { [factors] in $0.scaleRows(by: factors) }
      self.shares = shares
      (self.input, self.hidden, self.slopes, output) = (input, hidden, slopes, sum)
    }

    /// The gradients of W₁, W₂ and q from that of the output `[B, D]`.
    func gradients(
      _ encoder: NoEncoder, of output: Matrix<Float>
    ) -> (inner: Matrix<Float>, outer: Matrix<Float>, prompts: Matrix<Float>) {
      // Through the normalisation only what is orthogonal to the row comes back.
      var sum = output
      sum.withMutableView { sum in
        for row in 0..<sum.rows {
          self.output.view.withRow(row) { unit in
            let slope = sum.row(row)
            let along = dot(UnsafeBufferPointer(slope), unit)
            for column in slope.indices {
              slope[column] = factors[row] * (slope[column] - along * unit[column])
            }
          }
        }
      }
      let outer = gemm(sum.view.transposed, hidden.view)
      var back = gemm(sum.view, encoder.outer.view)
      back.withMutableView { back in
        slopes.view.withNumbers { slopes in
          let numbers = back.numbers
          for index in slopes.indices { numbers[index] *= slopes[index] }
        }
      }
      let inner = gemm(back.view.transposed, input.view)
      let inputs = gemm(back.view, encoder.inner.view)
      return (inner, outer, gemm(shares.view.transposed, inputs.view))
    }
  }
}

/// Replaces each x by `x Φ(x)`, and each slope by `Φ(x) + x φ(x)`.
private func gelu(
  _ numbers: UnsafeMutableBufferPointer<Float>, slopes: UnsafeMutableBufferPointer<Float>
) {
  for index in numbers.indices {
    let x = numbers[index]
    let below = 0.5 * erfcf(-x * 0.707_106_78)
    numbers[index] = x * below
    slopes[index] = below + x * 0.398_942_28 * expf(-x * x / 2)
  }
}
