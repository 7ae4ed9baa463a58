import LinearAlgebra
import Testing

@Suite("Inverses of a ridge and few rows")
struct WoodburyTests {
  private let rows = Matrix<Double>([1, 2, 0, -1, 0.5, 3, 1, 1], rows: 2, columns: 4)

  @Test("solve as the inverse of the whole matrix does")
  func direct() throws {
    var whole = Matrix<Double>(rows: 4, columns: 4)
    whole.withMutableView { syrk(rows.view, into: $0) }
    for index in 0..<4 { whole[index, index] += 0.7 }
    let inverse = try #require(Cholesky(whole)).inverse()
    var identity = Matrix<Double>(rows: 4, columns: 4)
    for index in 0..<4 { identity[index, index] = 1 }
    try #require(Woodbury(rows: rows, ridge: 0.7)).solve(rows: &identity)
    for (one, other) in zip(identity.numbers, inverse.numbers) { #expect(abs(one - other) < 1e-14) }
  }

  @Test("divide by the ridge where there are no rows")
  func noRows() throws {
    var vector = Matrix<Double>([1, 2, 3, 4], rows: 1, columns: 4)
    let woodbury = try #require(Woodbury(rows: Matrix(rows: 0, columns: 4), ridge: 2))
    woodbury.solve(rows: &vector)
    #expect(vector.numbers == [0.5, 1, 1.5, 2])
  }

  @Test("do not exist without a ridge, nor for numbers that are not finite")
  func none() {
    #expect(Woodbury(rows: rows, ridge: 0) == nil)
    #expect(Woodbury(rows: rows, ridge: .infinity) == nil)
    #expect(Woodbury(rows: Matrix([.nan, 0.0], rows: 1, columns: 2), ridge: 1) == nil)
  }
}
