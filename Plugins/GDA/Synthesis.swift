internal import AssayKit
internal import LinearAlgebra
internal import Neighbours

/// Gaussians of classes that have a text but no rows, from the training rows nearest to the text.
///
/// The paper's base-to-new variant. With the k rows x of largest cosine to the unit text w of class
/// c, and Y `[k, D]` their differences x - w:
///
///     μ_c = (Σ x + 16 w) / (k + 16)
///     P_c = D · (YᵀY + a I)⁻¹,  a = ‖Y‖² / (k - 1)
///
/// All classes share the mean P of the P_c, and equal priors.
struct Synthesis: Sendable {
  /// Unit training rows `[N, D]`.
  private let rows: Matrix<Float>
  private let neighbours: Int
  private static let textCopies = 16

  /// Copies the rows; nil when fewer than two of them would stand behind a class.
  init?(rows: MatrixView<Float>, neighbours: Int) {
    guard min(rows.rows, neighbours) > 1 else { return nil }
    self.rows = rows.unitRows()
    self.neighbours = min(rows.rows, neighbours)
  }

  /// The classifier of the classes with these unit texts `[K, D]`, each of the prior of `classCount`.
  func gaussians(
    of text: Matrix<Float>, priorOf classCount: Int, _ context: Context
  ) throws -> LinearClassifier {
    let nearest = NearestNeighbours(rows: rows.view, by: .innerProduct)
      .neighbours(of: text.view, count: neighbours)
    let chosen = (0..<text.rows).map { nearest.indices(of: $0).map { Int($0) } }
    let means = means(text, chosen)
    var weights = Matrix<Float>(rows: text.rows, columns: text.columns)
    for (label, places) in chosen.enumerated() {
      try context.checkCancellation()
      let differences = differences(text, label, places)
      let square = differences.view.withNumbers { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
      // Without it every row is the text itself: the pseudo-inverse of zero adds nothing.
      guard
        let precision = Woodbury(rows: differences, ridge: Float(square / Double(neighbours - 1)))
      else { continue }
      var solution = means
      precision.solve(rows: &solution)
      weights.withMutableView { weights in
        solution.view.withNumbers { solution in
          for index in solution.indices { weights.numbers[index] += solution[index] }
        }
      }
    }
    weights.scale(by: Float(text.columns) / Float(max(text.rows, 1)))
    return LinearClassifier(
      means: means, weights: weights, logPriors: uniformLogPriors(text.rows, of: classCount))
  }

  private func means(_ text: Matrix<Float>, _ chosen: [[Int]]) -> Matrix<Float> {
    let copies = Float(Self.textCopies)
    let factor = 1 / (Float(neighbours) + copies)
    return Matrix(rows: text.rows, columns: text.columns) { means in
      for (label, places) in chosen.enumerated() {
        let mean = means.row(label)
        text.view.withRow(label) { text in
          for column in mean.indices { mean[column] = factor * copies * text[column] }
        }
        for place in places {
          rows.view.withRow(place) { row in
            for column in mean.indices { mean[column] += factor * row[column] }
          }
        }
      }
    }
  }

  private func differences(
    _ text: Matrix<Float>, _ label: Int, _ places: [Int]
  ) -> Matrix<Float> {
    Matrix(rows: places.count, columns: text.columns) { differences in
      text.view.withRow(label) { text in
        for (index, place) in places.enumerated() {
          let difference = differences.row(index)
          rows.view.withRow(place) { row in
            for column in difference.indices { difference[column] = row[column] - text[column] }
          }
        }
      }
    }
  }
}
