internal import AssayKit
internal import Glibc
internal import LinearAlgebra
internal import Random
internal import Statistics

/// The map φ under which a kernel is an inner product.
struct FeatureMap {
  // Ω `[D, r]`; nil for the linear kernel.
  private let frequencies: Matrix<Double>?

  /// The rows themselves.
  static let linear = FeatureMap()

  private init() { frequencies = nil }

  /// Random Fourier features of the Gaussian kernel: Ω ~ N(0, 1/σ²), drawn in row order.
  ///
  /// Text and image share Ω, made for the wider of them; rows that are narrower count as filled up
  /// with zeros.
  ///
  /// Source: Rahimi and Recht, NIPS 2007. `φ(v) = [cos(v Ω), sin(v Ω)] / √r`, of unit length.
  init(frequencies count: Int, width: Int, sigma: Double, _ context: Context) {
    var random = Philox(key: context.seed, stream: context.stream)
    frequencies = Matrix(rows: width, columns: count) { numbers in
      for index in numbers.numbers.indices { numbers.numbers[index] = random.normal() / sigma }
    }
  }

  /// The width of the mapped rows.
  func width(of columns: Int) -> Int { frequencies.map { 2 * $0.columns } ?? columns }

  /// Maps rows `[B, D]` to `[B, q]`.
  func callAsFunction(_ rows: Matrix<Double>) -> Matrix<Double> {
    guard let frequencies else { return rows }
    let angles = gemm(rows.view, frequencies.view.rows(0..<rows.columns))
    let count = frequencies.columns
    let factor = 1 / Double(count).squareRoot()
    return Matrix(rows: rows.rows, columns: 2 * count) { mapped in
      for index in 0..<rows.rows {
        let target = mapped.row(index)
        angles.view.withRow(index) { angles in
          for column in 0..<count {
            target[column] = factor * cos(angles[column])
            target[count + column] = factor * sin(angles[column])
          }
        }
      }
    }
  }
}

/// Half the median distance between images, over at most 512 of them, evenly spaced.
func chosenWidth(_ image: MatrixView<Float>, unit: Bool, _ context: Context) -> Double {
  let count = min(image.rows, 512)
  let blocks = RowBlocks(image, unit: unit)
  let some = Matrix<Double>(rows: count, columns: image.columns) { some in
    for place in 0..<count {
      let index = place * image.rows / count
      some.rows(place..<place + 1).copy(blocks[index..<index + 1].view)
    }
  }
  let gram = gemm(some.view, some.view.transposed)
  var squares: [Double] = []
  gram.view.withNumbers { gram in
    for i in 0..<count {
      for j in 0..<i {
        let cross = gram[i * count + j]
        squares.append(max(gram[i * count + i] + gram[j * count + j] - 2 * cross, 0))
      }
    }
  }
  squares.sort()
  let median = (quantile(0.5, ofSorted: squares) ?? 0).squareRoot()
  guard median > 1e-6 else {
    context.note("most images are equal, so the width of the Gaussian kernel is set to 1")
    return 1
  }
  return median / 2
}
