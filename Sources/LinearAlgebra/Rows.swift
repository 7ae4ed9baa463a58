internal import Glibc

extension Double {
  /// The natural logarithm.
  var logarithm: Double { log(self) }
}

// MARK: Row by row

extension MatrixView<Float> {
  /// For each row the index of its largest number; of equal ones the lowest.
  public func argmaxRows() -> [Int32] {
    (0..<rows).map { row in withRow(row) { Int32($0.indexOfMaximum) } }
  }

  /// For each row the factor that brings it to unit length; 0 for a row of zeros.
  public func inverseRowNorms() -> [Float] {
    (0..<rows).map { row in withRow(row) { $0.inverseNorm } }
  }

  /// A copy with rows of unit length; a row of zeros stays.
  public func unitRows() -> Matrix<Float> {
    var copy = Matrix(copying: self)
    copy.withMutableView { $0.normaliseRows() }
    return copy
  }

  /// For each row `log Σ exp`, with the sum in f64.
  public func logSumExpRows() -> [Double] {
    (0..<rows).map { row in
      withRow(row) { numbers in
        guard let largest = numbers.max(), largest.isFinite else {
          return Double(numbers.max() ?? -.infinity)
        }
        return Double(largest) + log(numbers.reduce(0) { $0 + Double(expf($1 - largest)) })
      }
    }
  }
}

extension MutableMatrixView<Float> {
  /// Brings each row to unit length; a row of zeros stays.
  public func normaliseRows() {
    for index in 0..<rows {
      let row = row(index)
      let factor = UnsafeBufferPointer(row).inverseNorm
      for column in row.indices { row[column] *= factor }
    }
  }

  /// Multiplies each row by its factor and adds `bias` to it, or nothing.
  public func scaleRows(by factors: [Float], adding bias: [Float]? = nil) {
    precondition(factors.count == rows, "one factor for each row")
    precondition(bias == nil || bias?.count == columns, "one bias for each column")
    for index in 0..<rows {
      let row = row(index)
      let factor = factors[index]
      if let bias {
        bias.withUnsafeBufferPointer { bias in
          for column in 0..<row.count { row[column] = row[column] * factor + bias[column] }
        }
      } else {
        for column in 0..<row.count { row[column] *= factor }
      }
    }
  }

  /// Replaces each row by its soft-max; returns `log Σ exp` of each, with the sums in f64.
  @discardableResult public func softmaxRows() -> [Double] {
    (0..<rows).map { index in
      let row = row(index)
      guard !row.isEmpty else { return -.infinity }
      let largest = UnsafeBufferPointer(row).maximum
      let sum = exponentiate(row, shift: -largest)
      let factor = Float(1 / sum)
      for column in row.indices { row[column] *= factor }
      return Double(largest) + log(sum)
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// The index of the largest number, of equal ones the lowest; 0 when there are none.
  @inlinable public var indexOfMaximum: Int {
    var best = 0
    for index in indices.dropFirst() where self[index] > self[best] { best = index }
    return best
  }

  /// The factor that brings the vector to unit length; 0 for zeros.
  public var inverseNorm: Float {
    let square = dot(self, self)
    return square > 0 ? 1 / square.squareRoot() : 0
  }
}
