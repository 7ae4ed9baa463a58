/// The mean of each class's rows and the scatter around the means, in two walks over the rows.
///
/// Rows `[N, D]`, labels `[N]` in `0..<K`. With `unitRows` every row counts as if brought to unit
/// length first, without a copy of the rows.
public struct ClassStatistics {
  /// The mean of each class `[K, D]`; zero for a class without rows.
  public let means: Matrix<Float>
  /// The number of rows of each class.
  public let counts: [Int]
  private let rows: MatrixView<Float>
  private let labels: [Int32]
  private let factors: [Float]

  /// Averages the rows of each class, in f64.
  ///
  /// The rows have to stay valid for as long as `scatter` is wanted.
  public init(
    rows: MatrixView<Float>, labels: [Int32], classCount: Int, unitRows: Bool
  ) {
    precondition(labels.count == rows.rows, "one label for each row")
    precondition(labels.allSatisfy { (0..<Int32(classCount)).contains($0) }, "label out of range")
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[Int(label)] += 1 }
    var factors = [Float](repeating: 1, count: rows.rows)
    var sums = Matrix<Double>(rows: classCount, columns: rows.columns)
    sums.withMutableView { sums in
      for index in 0..<rows.rows {
        let sum = sums.row(Int(labels[index]))
        rows.withRow(index) { row in
          if unitRows { factors[index] = row.inverseNorm }
          add(row, times: factors[index], to: sum)
        }
      }
    }
    let sumView = sums.view
    means = Matrix(rows: classCount, columns: rows.columns) { means in
      for label in 0..<classCount {
        let mean = means.row(label)
        let count = Double(max(counts[label], 1))
        sumView.withRow(label) { sum in
          for column in mean.indices { mean[column] = Float(sum[column] / count) }
        }
      }
    }
    self.counts = counts
    self.rows = rows
    self.labels = labels
    self.factors = factors
  }

  /// The classes that have no row.
  public var absentClasses: [Int] { counts.indices.filter { counts[$0] == 0 } }

  /// The pooled scatter `Σ (x − μ_y)(x − μ_y)ᵀ` `[D, D]`, upper triangle only.
  ///
  /// Rows are centred block by block in a buffer that stays in cache, so no centred copy of all
  /// rows exists; dividing by `N − 1` gives the pooled covariance.
  public func scatter() -> Matrix<Float> {
    let width = rows.columns
    let meanView = means.view
    var scatter = Matrix<Float>(rows: width, columns: width)
    let height = max(1, min(rows.rows, blockElements / max(width, 1)))
    var block = Matrix<Float>(rows: height, columns: width)
    scatter.withMutableView { scatter in
      block.withMutableView { block in
        for start in stride(from: 0, to: rows.rows, by: height) {
          let range = start..<min(start + height, rows.rows)
          for index in range {
            rows.withRow(index) { row in
              meanView.withRow(Int(labels[index])) { mean in
                centre(row, times: factors[index], around: mean, into: block.row(index - start))
              }
            }
          }
          syrk(block.rows(0..<range.count).view, into: scatter, keeping: 1)
        }
      }
    }
    return scatter
  }
}

/// Numbers in one block of centred rows: 4 MiB, a long enough sum for syrk and short for the cache.
private let blockElements = 1 << 20

private func add(
  _ row: UnsafeBufferPointer<Float>, times factor: Float,
  to sum: UnsafeMutableBufferPointer<Double>
) {
  for column in 0..<row.count { sum[column] += Double(row[column] * factor) }
}

private func centre(
  _ row: UnsafeBufferPointer<Float>, times factor: Float, around mean: UnsafeBufferPointer<Float>,
  into result: UnsafeMutableBufferPointer<Float>
) {
  for column in 0..<row.count { result[column] = row[column] * factor - mean[column] }
}
