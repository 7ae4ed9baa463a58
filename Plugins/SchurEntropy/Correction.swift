internal import AssayKit
internal import LinearAlgebra

/// The linear regression of image on text, `A = C_TT⁺ C_TI`, that takes the prompt out of an image.
struct Correction {
  /// A `[D, E]`.
  let matrix: Matrix<Double>
  private let unit: Bool

  /// Learns from rows of pairs `[N, D]` and `[N, E]`, brought to unit length unless the config says no.
  init(
    _ text: MatrixView<Float>, _ image: MatrixView<Float>, _ config: SchurEntropy.Config
  ) throws(MethodError) {
    unit = config.correctionUnitRows
    let (texts, images) = (RowBlocks(text, unit: unit), RowBlocks(image, unit: unit))
    let scale = 1 / Double(text.rows)
    var covariance = Matrix<Double>(rows: text.columns, columns: text.columns)
    var cross = Matrix<Double>(rows: text.columns, columns: image.columns)
    var imageSquares = [Double](repeating: 0, count: image.columns)
    for range in texts.ranges {
      let (someTexts, someImages) = (texts[range], images[range])
      covariance.withMutableView { syrk(someTexts.view, into: $0, scale: scale, keeping: 1) }
      cross.withMutableView {
        gemm(someTexts.view.transposed, someImages.view, into: $0, scale: scale, keeping: 1)
      }
      someImages.view.withNumbers { numbers in
        for index in numbers.indices {
          imageSquares[index % image.columns] += scale * numbers[index] * numbers[index]
        }
      }
    }
    if config.correction == .cosineColumns {
      // The cosine of two columns over the samples, divided by the width.
      let textNorms = (0..<text.columns).map { covariance[$0, $0].squareRoot() }
      let imageNorms = imageSquares.map { $0.squareRoot() }
      covariance.divide(rows: textNorms, columns: textNorms, by: Double(text.columns))
      cross.divide(rows: textNorms, columns: imageNorms, by: Double(text.columns))
    }
    let root = try InverseRoot(covariance, config)
    matrix = root.inverseTimes(cross.view)
  }

  /// The Frobenius norm of A.
  var norm: Double? {
    let square = matrix.view.withNumbers { dot($0, $0) }
    return square.isFinite ? square.squareRoot() : nil
  }

  /// Writes `image - text A`, of unit rows where those were learned from.
  func write(
    _ text: MatrixView<Float>, _ image: MatrixView<Float>,
    into corrected: MutableMatrixView<Float>
  ) {
    let (texts, images) = (RowBlocks(text, unit: unit), RowBlocks(image, unit: unit))
    for range in texts.ranges {
      var block = images[range]
      block.withMutableView {
        gemm(texts[range].view, matrix.view, into: $0, scale: -1, keeping: 1)
      }
      let target = corrected.rows(range).numbers
      block.view.withNumbers { numbers in
        for index in numbers.indices { target[index] = Float(numbers[index]) }
      }
    }
  }
}

extension Matrix<Double> {
  /// Divides each element by the numbers of its row and column and by `factor`; 0 stays 0.
  fileprivate mutating func divide(rows: [Double], columns: [Double], by factor: Double) {
    withMutableView { view in
      for i in rows.indices {
        let row = view.row(i)
        for j in columns.indices {
          let divisor = rows[i] * columns[j] * factor
          row[j] = divisor > 0 ? row[j] / divisor : 0
        }
      }
    }
  }
}
