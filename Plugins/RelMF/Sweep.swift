internal import LinearAlgebra

/// The gradient of an objective over all pairs of users and items, a block of users at a time.
///
/// Holds what a step needs, so that steps allocate nothing: the logits of a block, which stay near
/// while they become slopes and go into both products.
final class Sweep {
  private let objective: Objective
  private var logits: Matrix<Float>
  /// The slopes of the items `[W, I]`: for BLAS the quicker way around.
  private var itemSlopes: Matrix<Float>
  /// What the clicks of a block add to the slopes.
  private var pulls: [Float]

  /// Makes room for factors of `width` columns.
  init(_ objective: Objective, width: Int) {
    self.objective = objective
    // Kernels of BLAS take eight rows at a time.
    let fitting = max((5 << 15) / objective.itemCount, 1)
    let height = min(fitting >= 8 ? fitting / 8 * 8 : fitting, objective.userCount)
    logits = Matrix(rows: height, columns: objective.itemCount)
    itemSlopes = Matrix(rows: width, columns: objective.itemCount)
    let starts = objective.clicks.starts
    let counts = stride(from: 0, to: objective.userCount, by: height).map {
      starts[min($0 + height, objective.userCount)] - starts[$0]
    }
    pulls = [Float](repeating: 0, count: counts.max() ?? 0)
  }

  /// Writes the gradient and returns the losses.
  func run(at factors: Factors, into gradient: MutableMatrixView<Float>) -> Objective.Losses {
    let users = factors.users
    let items = factors.items
    var sums = Sums()
    logits.withMutableView { logits in
      itemSlopes.withMutableView { itemSlopes in
        itemSlopes.fill(0)
        for start in stride(from: 0, to: objective.userCount, by: logits.rows) {
          let range = start..<min(start + logits.rows, objective.userCount)
          let block = logits.rows(0..<range.count)
          gemm(users.rows(range), items.transposed, into: block)
          replaceBySlopes(block.numbers, of: range, bias: factors.bias, &sums)
          gemm(block.view, items, into: gradient.rows(range))
          gemm(users.rows(range).transposed, block.view, into: itemSlopes, keeping: 1)
        }
        for item in 0..<itemSlopes.columns {
          let row = gradient.row(objective.userCount + item)
          for column in row.indices { row[column] = itemSlopes[column, item] }
        }
      }
    }
    objective.complete(gradient, at: factors)
    return objective.losses(everything: sums.everything, own: sums.own, held: sums.held)
  }

  /// The sums of δ0 over all pairs, and of what clicks add.
  private struct Sums {
    var everything = 0.0
    var own = 0.0
    var held = 0.0
  }

  /// Replaces the logits of some users, less `bias`, by the derivatives of the loss.
  private func replaceBySlopes(
    _ logits: UnsafeMutableBufferPointer<Float>, of range: Range<Int>, bias: Float,
    _ sums: inout Sums
  ) {
    let (loss, balance) = (objective.loss, objective.balance)
    let scale = Float(1 / balance.divisor)
    if let (clicks, balance) = objective.validation {
      var held = 0.0
      each(of: clicks, in: range) { _, place, weight in
        held += loss.clickValue(logits[place] + bias, weight: weight, balance)
      }
      sums.held += held
    }
    pulls.withUnsafeMutableBufferPointer { pulls in
      var own = 0.0
      if loss == .crossEntropy && balance.own == 1 && balance.isEven {
        // The general terms again, for what the unbiased estimate makes of them.
        each(of: objective.clicks, in: range) { index, place, weight in
          let logit = logits[place] + bias
          own -= Double(weight) * Double(min(logit, LocalLoss.bound))
          pulls[index] = logit < LocalLoss.bound ? -weight * scale : 0
        }
      } else {
        each(of: objective.clicks, in: range) { index, place, weight in
          let logit = logits[place] + bias
          own += loss.clickValue(logit, weight: weight, balance)
          pulls[index] = loss.clickSlope(logit, weight: weight, scale: scale, balance)
        }
      }
      sums.own += own
      sums.everything += loss.replaceBySlopes(
        logits, bias: bias, scale: scale * Float(balance.background))
      each(of: objective.clicks, in: range) { index, place, _ in logits[place] += pulls[index] }
    }
  }

  /// Calls `body` with the number, the place in the block and the weight of each click of some
  /// users.
  @inline(__always)
  private func each(
    of clicks: Clicks, in range: Range<Int>,
    _ body: (_ index: Int, _ place: Int, _ weight: Float) -> Void
  ) {
    let itemCount = objective.itemCount
    let first = clicks.starts[range.lowerBound]
    clicks.pairs.items.withUnsafeBufferPointer { items in
      clicks.weights.withUnsafeBufferPointer { weights in
        for user in range {
          let row = (user - range.lowerBound) * itemCount
          for click in clicks.starts[user]..<clicks.starts[user + 1] {
            body(click - first, row + Int(items[click]), weights[click])
          }
        }
      }
    }
  }
}
