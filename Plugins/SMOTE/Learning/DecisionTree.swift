internal import Glibc
package import LinearAlgebra

/// A classification tree with one column and one threshold at each fork, grown by information gain.
///
/// Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984, with the entropy
/// that C4.5 uses as the impurity and without pruning. Forks lie midway between two neighbouring
/// numbers of a column; of equal gains the lowest column and the lowest threshold win.
///
///     let tree = DecisionTree(rows: rows, labels: labels, classCount: 2, minimumLeaf: 2)
///     let logits = tree.logits(queries)
package struct DecisionTree: Sendable {
  /// What a leaf of n rows, n_c of them of class c, says of class c.
  package enum LeafEstimate: String, CaseIterable, Sendable {
    /// Laplace's `(n_c + 1) / (n + K)`: leaves of few rows are less certain, so that they rank.
    case laplace
    /// The share `n_c / n`, as scikit-learn has it.
    case frequency

    /// The logarithm of the estimate; -87.3 for a share of 0, to stay finite.
    func logarithm(_ count: Int, of total: Int, _ classCount: Int) -> Float {
      switch self {
      case .laplace: Float(log((Double(count) + 1) / Double(total + classCount)))
      case .frequency:
        Float(log(max(Double(count) / Double(max(total, 1)), Double(Float.leastNormalMagnitude))))
      }
    }
  }

  struct Fork {
    /// The column that is compared, or -1 for a leaf.
    var column: Int32
    var threshold: Double
    /// The fork for numbers up to the threshold; the one for greater numbers is `first + 1`.
    var first: Int32
    /// The row of `leaves`.
    var leaf: Int32
  }

  private let forks: [Fork]
  private let leaves: Matrix<Float>

  /// Grows a tree on rows `[N, D]` with labels in `0..<classCount`.
  ///
  /// Every leaf keeps at least `minimumLeaf` rows; `maximumDepth` 0 sets no limit.
  package init(
    rows: MatrixView<Float>, labels: [Int32], classCount: Int, minimumLeaf: Int = 1,
    maximumDepth: Int = 0, estimate: LeafEstimate = .laplace
  ) {
    precondition(labels.count == rows.rows, "one label for each row")
    precondition(labels.allSatisfy { (0..<Int32(classCount)).contains($0) }, "label out of range")
    var growth = TreeGrowth(
      rows: rows, labels: labels, classCount: classCount, minimumLeaf: max(minimumLeaf, 1),
      maximumDepth: maximumDepth == 0 ? .max : maximumDepth, estimate: estimate)
    growth.grow()
    forks = growth.forks
    leaves = Matrix(growth.leaves, rows: growth.leaves.count / classCount, columns: classCount)
  }

  /// The number of leaves.
  package var leafCount: Int { leaves.rows }

  /// The logarithms of the leaves' class probabilities `[Q, K]`.
  package func logits(_ rows: MatrixView<Float>) -> Matrix<Float> {
    Matrix(rows: rows.rows, columns: leaves.columns) { logits in
      for index in 0..<rows.rows {
        var fork = forks[0]
        rows.withRow(index) { row in
          while fork.column >= 0 {
            let isGreater = Double(row[Int(fork.column)]) > fork.threshold
            fork = forks[Int(fork.first) + (isGreater ? 1 : 0)]
          }
        }
        leaves.view.withRow(Int(fork.leaf)) { leaf in
          _ = logits.row(index).update(fromContentsOf: leaf)
        }
      }
    }
  }
}
