internal import Glibc
package import LinearAlgebra

/// Naive Bayes with a normal density for each column and class.
///
/// Priors are the class shares. To each variance goes 1e-9 of the largest variance of a column, as
/// in scikit-learn's `GaussianNB`, so that a column that is constant in a class has a density.
package struct GaussianNaiveBayes: Sendable {
  private let means: Matrix<Float>
  private let variances: Matrix<Float>
  private let constants: [Double]

  /// Estimates the densities from rows `[N, D]` and labels in `0..<classCount`, each with rows.
  package init(rows: MatrixView<Float>, labels: [Int32], classCount: Int) {
    let statistics = ClassStatistics(
      rows: rows, labels: labels, classCount: classCount, unitRows: false)
    precondition(statistics.absentClasses.isEmpty, "every class needs a row")
    let spread = squares(rows, labels, around: statistics.means, counts: statistics.counts)
    let floor = 1e-9 * largestVariance(spread, statistics)
    means = statistics.means
    // A density needs a width even where nothing varies at all.
    let smoothed = spread.numbers.map { max($0 + floor, Double(Float.leastNormalMagnitude)) }
    variances = Matrix(smoothed.map { Float($0) }, rows: classCount, columns: rows.columns)
    constants = (0..<classCount).map { label in
      let own = smoothed[label * rows.columns..<(label + 1) * rows.columns]
      let prior = log(Double(statistics.counts[label]) / Double(rows.rows))
      return prior - own.reduce(0) { $0 + log(2 * .pi * $1) } / 2
    }
  }

  /// The logarithms of prior times density `[Q, K]` of other rows.
  package func logits(_ rows: MatrixView<Float>) -> Matrix<Float> {
    Matrix(rows: rows.rows, columns: constants.count) { logits in
      for index in 0..<rows.rows {
        let result = logits.row(index)
        rows.withRow(index) { row in
          for (label, constant) in constants.enumerated() {
            result[label] = Float(constant - distance(row, label) / 2)
          }
        }
      }
    }
  }

  private func distance(_ row: UnsafeBufferPointer<Float>, _ label: Int) -> Double {
    means.view.withRow(label) { mean in
      variances.view.withRow(label) { variance in
        var sum = 0.0
        for column in row.indices {
          let difference = Double(row[column]) - Double(mean[column])
          sum += difference * difference / Double(variance[column])
        }
        return sum
      }
    }
  }
}

/// The largest variance of a column over all rows: the variances within classes and between them.
private func largestVariance(_ spread: Matrix<Double>, _ statistics: ClassStatistics) -> Double {
  let shares = statistics.counts.map { Double($0) / Double(statistics.counts.reduce(0, +)) }
  return (0..<spread.columns).map { column in
    let means = shares.indices.map { Double(statistics.means[$0, column]) }
    let mean = zip(shares, means).reduce(0) { $0 + $1.0 * $1.1 }
    return shares.indices.reduce(0.0) { sum, label in
      let offset = means[label] - mean
      return sum + shares[label] * (spread[label, column] + offset * offset)
    }
  }.reduce(0) { max($0, $1) }
}

/// The mean squared distance from the class mean, column by column, `[K, D]`.
private func squares(
  _ rows: MatrixView<Float>, _ labels: [Int32], around means: Matrix<Float>, counts: [Int]
) -> Matrix<Double> {
  Matrix(rows: means.rows, columns: means.columns) { sums in
    sums.fill(0)
    for index in 0..<rows.rows {
      let sum = sums.row(Int(labels[index]))
      rows.withRow(index) { row in
        means.view.withRow(Int(labels[index])) { mean in
          for column in row.indices {
            let difference = Double(row[column]) - Double(mean[column])
            sum[column] += difference * difference
          }
        }
      }
    }
    for label in 0..<means.rows {
      let sum = sums.row(label)
      for column in sum.indices { sum[column] /= Double(max(counts[label], 1)) }
    }
  }
}
