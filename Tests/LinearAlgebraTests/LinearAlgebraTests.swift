import Glibc
import LinearAlgebra
import Testing

@Suite("Linear algebra")
struct LinearAlgebraTests {
  private let a = Matrix<Float>([1, 2, 3, 4, 5, 6], rows: 2, columns: 3)
  private let b = Matrix<Float>([1, 0, 2, -1, 3, 1], rows: 2, columns: 3)

  @Test("products agree with the definition for every transposition")
  func products() {
    #expect(gemm(a.view, b.view.transposed).numbers == [7, 8, 16, 17])
    #expect(
      gemm(a.view.transposed, b.view, scale: 2).numbers == [-6, 24, 12, -6, 30, 18, -6, 36, 24])
    let square = Matrix<Float>([1, 2, 3, 4], rows: 2, columns: 2)
    #expect(gemm(square.view, a.view).numbers == [9, 12, 15, 19, 26, 33])
    var sum = Matrix<Float>([1, 1, 1, 1], rows: 2, columns: 2)
    sum.withMutableView { gemm(a.view, b.view.transposed, into: $0, keeping: 10) }
    #expect(sum.numbers == [17, 18, 26, 27])
    #expect(gemv(a.view, [1, 0, -1]) == [-2, -2])
    #expect(gemv(a.view.transposed, [1, -1], scale: 2) == [-6, -6, -6])
  }

  @Test("products over nothing are zero")
  func emptyProducts() {
    let empty = Matrix<Float>(rows: 2, columns: 0)
    #expect(gemm(empty.view, empty.view.transposed).numbers == [0, 0, 0, 0])
    let none = Matrix<Float>(rows: 0, columns: 3)
    #expect(gemm(none.view, a.view.transposed).numbers == [])
    #expect(gemm(none.view.transposed, none.view).numbers == [Float](repeating: 0, count: 9))
    #expect(gemv(none.view, [1, 2, 3]) == [])
  }

  @Test("syrk fills the upper triangle, mirrorUpper the rest")
  func symmetricProduct() {
    var gram = Matrix<Float>(rows: 3, columns: 3)
    gram.withMutableView { syrk(a.view, into: $0) }
    #expect(gram.numbers == [17, 22, 27, 0, 29, 36, 0, 0, 45])
    gram.mirrorUpper()
    #expect(gram.numbers == [17, 22, 27, 22, 29, 36, 27, 36, 45])
    #expect(gram.trace == 91)
  }

  @Test("a copy is not changed when the original is written")
  func values() {
    var original = a
    let copy = original
    let view = original.view
    original[0, 0] = 9
    #expect(copy[0, 0] == 1 && view[0, 0] == 1 && original[0, 0] == 9)
    #expect(a.view.rows(1..<2).withNumbers { Array($0) } == [4, 5, 6])
    #expect(a.view.reshaped(rows: 3, columns: 2)[2, 1] == 6)
  }

  @Test("Cholesky solves, inverts and gives the determinant in both precisions")
  func cholesky() throws {
    // numpy 2.4.6: A = [[4, 2, .6], [2, 5, 1], [.6, 1, 3]]; np.linalg.inv(A), slogdet(A)
    let upper = [4, 2, 0.6, 0, 5, 1, 0, 0, 3]
    let inverse = [
      0.3139013453, -0.1210762332, -0.0224215247, -0.1210762332, 0.2609865471,
      -0.0627802691, -0.0224215247, -0.0627802691, 0.3587443946,
    ]
    try check(Double.self, upper, inverse, tolerance: 1e-9)
    try check(Float.self, upper, inverse, tolerance: 1e-6)
  }

  private func check<S: BLASScalar>(
    _ type: S.Type, _ upper: [Double], _ wanted: [Double], tolerance: Double
  ) throws {
    let matrix = Matrix(upper.map { S($0) }, rows: 3, columns: 3)
    let factor = try #require(Cholesky(matrix))
    let inverse = factor.inverse()
    for (found, value) in zip(inverse.numbers, wanted) {
      #expect(abs(Double(found) - value) < tolerance)
    }
    var rows = Matrix<S>([1, 0, 0, 0, 0, 1], rows: 2, columns: 3)
    factor.solve(rows: &rows)
    for column in 0..<3 {
      #expect(abs(Double(rows[0, column] - inverse[0, column])) < tolerance)
      #expect(abs(Double(rows[1, column] - inverse[2, column])) < tolerance)
    }
    #expect(abs(factor.logDeterminant - 3.7977338590) < 1e-5)
    #expect(matrix.numbers == upper.map { S($0) }, "the matrix handed over is not written")
  }

  @Test("a singular matrix has no Cholesky factor, and is solved by its pseudo-inverse")
  func singular() throws {
    // numpy 2.4.6: np.linalg.pinv([[2, 2], [2, 2]]) @ [1, 3] = [.5, .5]
    let matrix = Matrix<Double>([2, 2, 0, 2], rows: 2, columns: 2)
    #expect(Cholesky(Matrix<Double>([1, 2, 2, 1], rows: 2, columns: 2)) == nil)
    let eigen = try #require(SymmetricEigen(matrix))
    #expect(abs(eigen.values[0]) < 1e-12 && abs(eigen.values[1] - 4) < 1e-12)
    var rows = Matrix<Double>([1, 3], rows: 1, columns: 2)
    eigen.pseudoSolve(rows: &rows)
    #expect(abs(rows[0, 0] - 0.5) < 1e-12 && abs(rows[0, 1] - 0.5) < 1e-12)
    var zero = Matrix<Float>([1, 3], rows: 1, columns: 2)
    #expect(solveSymmetric(Matrix<Float>(rows: 2, columns: 2), rows: &zero))
    #expect(zero.numbers == [0, 0])
    var none = Matrix<Float>([1], rows: 1, columns: 1)
    #expect(!solveSymmetric(Matrix([.nan], rows: 1, columns: 1), rows: &none))
  }

  @Test("eigenvectors come as rows, with ascending values, in both precisions")
  func eigen() throws {
    let eigen = try #require(
      SymmetricEigen(Matrix<Float>([2, 1, 0, 0, 2, 0, 0, 0, 5], rows: 3, columns: 3)))
    for (found, wanted) in zip(eigen.values, [1, 3, 5] as [Float]) {
      #expect(abs(found - wanted) < 1e-5)
    }
    #expect(abs(eigen.vectors[0, 0] + eigen.vectors[0, 1]) < 1e-5)
    #expect(abs(abs(eigen.vectors[2, 2]) - 1) < 1e-5)
  }

  @Test("soft-max rows sum to 1 and survive large numbers")
  func softmax() {
    var matrix = Matrix<Float>([0, 1, 2, 1000, 1000, -1000], rows: 2, columns: 3)
    #expect(abs(matrix.view.logSumExpRows()[0] - 2.4076059644) < 1e-6)
    let normalisers = matrix.withMutableView { $0.softmaxRows() }
    #expect(abs(normalisers[0] - 2.4076059644) < 1e-6 && abs(normalisers[1] - 1000.6931472) < 1e-4)
    #expect(abs(matrix[0, 2] - 0.6652409558) < 1e-6)
    #expect(matrix[1, 0] == 0.5 && matrix[1, 2] == 0)
  }

  @Test("the exponential is right to 3e-7 relative, and keeps to the edges")
  func exponential() {
    var numbers = (0..<1013).map { Float($0) * 0.17 - 86 }
    let arguments = numbers
    let sum = numbers.withUnsafeMutableBufferPointer { exponentiate($0) }
    for (value, argument) in zip(numbers, arguments) {
      #expect(abs(Double(value) / exp(Double(argument)) - 1) < 3e-7)
    }
    let wanted = arguments.reduce(0) { $0 + exp(Double($1)) }
    #expect(abs(sum / wanted - 1) < 1e-6)
    var edges: [Float] = [-.infinity, -1000, -88, 0, 89, .infinity, .nan]
    _ = edges.withUnsafeMutableBufferPointer { exponentiate($0) }
    #expect(edges.prefix(6) == [0, 0, 0, 1, .infinity, .infinity] && edges[6].isNaN)
    var affine: [Float] = [1, 2, 3]
    let total = affine.withUnsafeMutableBufferPointer { exponentiate($0, scale: 2, shift: -4) }
    #expect(abs(total - (exp(-2) + 1 + exp(2))) < 1e-5)
  }

  @Test("argmax takes the lowest of equal indices")
  func argmax() {
    let matrix = Matrix<Float>([1, 3, 3, 2, 2, 2, -1, -2, -1], rows: 3, columns: 3)
    #expect(matrix.view.argmaxRows() == [1, 0, 0])
  }

  @Test("rows are brought to unit length, and zeros stay")
  func normalisation() {
    let matrix = Matrix<Float>([3, 4, 0, 0], rows: 2, columns: 2)
    #expect(matrix.view.inverseRowNorms() == [0.2, 0])
    let unit = matrix.view.unitRows()
    #expect(abs(unit[0, 0] - 0.6) < 1e-7 && unit[1, 0] == 0)
    var scaled = matrix
    scaled.withMutableView { $0.scaleRows(by: [2, 1], adding: [1, -1]) }
    #expect(scaled.numbers == [7, 7, 1, -1])
  }

  @Test("class means and scatter agree with the definition, also over several blocks")
  func classes() {
    let width = 700
    let rows = Matrix<Float>(
      (0..<3001 * width).map { Float(($0 * 7919) % 1009) / 1009 }, rows: 3001, columns: width)
    let labels = (0..<3001).map { Int32($0 % 3 == 1 ? 3 : $0 % 3) }
    let statistics = ClassStatistics(
      rows: rows.view, labels: labels, classCount: 4, unitRows: false)
    #expect(statistics.counts == [1001, 0, 1000, 1000])
    #expect(statistics.absentClasses == [1])
    let scatter = statistics.scatter()
    for (i, j) in [(0, 0), (3, 699), (350, 351)] {
      var means = [[Double]](repeating: [0, 0], count: 4)
      for (row, label) in labels.enumerated() {
        means[Int(label)][0] += Double(rows[row, i]) / Double(statistics.counts[Int(label)])
        means[Int(label)][1] += Double(rows[row, j]) / Double(statistics.counts[Int(label)])
      }
      var sum = 0.0
      for (row, label) in labels.enumerated() {
        let mean = means[Int(label)]
        sum += (Double(rows[row, i]) - mean[0]) * (Double(rows[row, j]) - mean[1])
      }
      #expect(abs(Double(scatter[i, j]) - sum) < 1e-2)
      #expect(abs(Double(statistics.means[2, i]) - means[2][0]) < 1e-6)
    }
    #expect(statistics.means[1, 5] == 0)
  }

  @Test("statistics of unit rows are those of rows made unit before")
  func unitStatistics() {
    let rows = Matrix<Float>([3, 4, 1, 0, 0, 2, 5, 12], rows: 4, columns: 2)
    let unit = rows.view.unitRows()
    let one = ClassStatistics(rows: rows.view, labels: [0, 1, 1, 0], classCount: 2, unitRows: true)
    let other = ClassStatistics(
      rows: unit.view, labels: [0, 1, 1, 0], classCount: 2, unitRows: false)
    for (left, right) in zip(one.means.numbers, other.means.numbers) {
      #expect(abs(left - right) < 1e-6)
    }
    #expect(abs(one.scatter()[0, 1] - other.scatter()[0, 1]) < 1e-6)
  }
}
