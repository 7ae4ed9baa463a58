internal import AssayKit
internal import LinearAlgebra
internal import Random

/// The factors and biases of users and items, as the rows of one matrix `[U + I + 1, W]`.
///
/// The logit of a pair is `p·q + b + c + b0`. Row u is `(p, b, 1)` and row U + i is `(q, 1, c)`, so
/// that one product of rows gives all but b0, the first number of the last row. Without biases the
/// rows are p and q alone.
struct Factors {
  let userCount: Int
  let itemCount: Int
  let dimension: Int
  let hasBiases: Bool
  var rows: Matrix<Float>

  var users: MatrixView<Float> { rows.view.rows(0..<userCount) }
  var items: MatrixView<Float> { rows.view.rows(userCount..<userCount + itemCount) }
  var bias: Float { rows[userCount + itemCount, 0] }

  /// Takes factors without biases, users first.
  init(userCount: Int, itemCount: Int, rows: Matrix<Float>) {
    self.userCount = userCount
    self.itemCount = itemCount
    dimension = rows.columns
    hasBiases = false
    self.rows = rows
  }

  /// Draws factors uniformly within Glorot's limit `√(6 / (rows + dimension))` times `scale`, and
  /// biases of standard deviation 0.01.
  init(userCount: Int, itemCount: Int, config: RelMF.Config, random: inout Philox) {
    self.userCount = userCount
    self.itemCount = itemCount
    dimension = config.dimension
    hasBiases = config.biases
    let (d, hasBiases) = (config.dimension, config.biases)
    rows = Matrix(rows: userCount + itemCount + 1, columns: hasBiases ? d + 2 : d)
    rows.withMutableView { rows in
      for row in 0..<userCount + itemCount {
        let isUser = row < userCount
        let count = isUser ? userCount : itemCount
        let limit = config.initialScale * (6 / Double(count + d)).squareRoot()
        let numbers = rows.row(row)
        for column in 0..<d { numbers[column] = Float((2 * random.uniform() - 1) * limit) }
        guard hasBiases else { continue }
        numbers[isUser ? d : d + 1] = Float(0.01 * random.normal())
        numbers[isUser ? d + 1 : d] = 1
      }
      if hasBiases { rows.row(userCount + itemCount)[0] = Float(config.initialBias) }
    }
  }

  /// The column of a row that holds the constant 1 beside the other side's bias.
  func constantColumn(ofRow row: Int) -> Int { row < userCount ? dimension + 1 : dimension }

  /// The logits of pairs.
  func logits(of pairs: Pairs) -> [Float] {
    let (users, items, bias) = (users, items, bias)
    return zip(pairs.users, pairs.items).map { user, item in
      users.withRow(Int(user)) { user in items.withRow(Int(item)) { dot(user, $0) } } + bias
    }
  }
}
