import Glibc
import Learners
import LinearAlgebra
import Testing

/// A data set of `logistic_reference.py`.
private struct Case: CustomTestStringConvertible {
  let name: String
  let rows: Matrix<Float>
  let labels: [Int32]
  var testDescription: String { name }
  var classCount: Int { Int(labels.max() ?? 0) + 1 }

  init(_ name: String, _ labels: [Int32], width: Int, shift: Double, seed: UInt64) {
    self.name = name
    self.labels = labels
    var state = seed
    func uniform() -> Double {
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      return Double(state) / Double(1 << 31)
    }
    let numbers = labels.flatMap { label in
      (0..<width).map { column in Float(uniform() + (column == Int(label) ? shift : 0)) }
    }
    rows = Matrix(numbers, rows: labels.count, columns: width)
  }

  init(_ name: String, rows: Matrix<Float>, labels: [Int32]) {
    (self.name, self.rows, self.labels) = (name, rows, labels)
  }

  static func cyclic(_ count: Int, _ classCount: Int32) -> [Int32] {
    (0..<Int32(count)).map { $0 % classCount }
  }

  static let two = Case("two", cyclic(90, 2), width: 4, shift: 0.4, seed: 1)

  static let collinear: Case = {
    let base = Case("", cyclic(90, 3), width: 4, shift: 0.4, seed: 5)
    let numbers = (0..<90).flatMap { index in
      base.rows.view.withRow(index) { Array($0) + [$0[0] * 2, $0[1] - $0[2]] }
    }
    return Case("collinear", rows: Matrix(numbers, rows: 90, columns: 6), labels: base.labels)
  }()

  static let all: [Case] = [
    two, Case("three", cyclic(90, 3), width: 4, shift: 0.4, seed: 1),
    Case("ten", cyclic(200, 10), width: 12, shift: 0.6, seed: 2),
    Case(
      "unbalanced", (0..<90).map { $0 < 80 ? 0 : $0 < 88 ? 1 : 2 }, width: 4, shift: 0.4, seed: 3),
    Case("separable", cyclic(90, 3), width: 4, shift: 3, seed: 4),
    Case("twoSeparable", cyclic(90, 2), width: 4, shift: 3, seed: 4), collinear,
    Case("fewRows", cyclic(12, 3), width: 160, shift: 0.4, seed: 6),
    Case("twoOfFewRows", cyclic(12, 2), width: 160, shift: 0.4, seed: 7),
  ]

  var model: LogisticRegression {
    LogisticRegression(rows: rows.view, labels: labels, classCount: classCount)
  }

  /// ½‖w‖² + C Σ CE, of w / 2 and -w / 2 as that of w, in f64 from the parameters alone.
  func objective(_ parameters: [Double], _ c: Double) -> Double {
    let (k, d) = (classCount, rows.columns)
    var loss = 0.0
    for (index, label) in labels.enumerated() {
      let logits = (0..<k).map { other in
        (0..<d).reduce(parameters[k * d + other]) {
          $0 + parameters[other * d + $1] * Double(rows[index, $1])
        }
      }
      let behind = logits.indices.filter { $0 != Int(label) }.map {
        logits[$0] - logits[Int(label)]
      }
      let top = max(behind.max() ?? 0, 0)
      let sum = behind.reduce(0) { $0 + exp($1 - top) }
      loss += top == 0 ? log1p(sum) : top + log(sum + exp(-top))
    }
    let square = parameters[..<(k * d)].reduce(0) { $0 + $1 * $1 }
    return (k == 2 ? 2 : 1) * square / 2 + c * loss
  }
}

@Suite("Logistic regression")
struct LogisticRegressionTests {
  @Test("reaches scikit-learn's least objective for every C, cold and warm", arguments: Case.all)
  private func objectives(sample: Case) throws {
    let wanted = try #require(LogisticReference.objectives[sample.name])
    let model = sample.model
    var last: LogisticRegression.Fit?
    for (c, wanted) in zip(LogisticReference.grid, wanted) {
      let cold = model.fit(c: c)
      let warm = model.fit(c: c, from: last)
      last = warm
      for fit in [cold, warm] {
        let found = sample.objective(model.parameters(of: fit), c)
        // f32 products and the estimate of the gap leave about a tenth of the promise of 1e-4.
        #expect(abs(found / wanted - 1) < 2e-5, "C \(c): \(found) \(wanted)")
        #expect(abs(fit.objective / wanted - 1) < 2e-5, "C \(c): \(fit.objective) \(wanted)")
        #expect(fit.stop == .converged && fit.hasConverged && fit.iterations < 60)
      }
    }
  }

  @Test("falling C, from the far end, ends where rising C does")
  private func descent() throws {
    for sample in Case.all {
      let model = sample.model
      var last: LogisticRegression.Fit?
      for (c, wanted) in zip(
        LogisticReference.grid, try #require(LogisticReference.objectives[sample.name])
      ).reversed() {
        let fit = model.fit(c: c, from: last)
        last = fit
        #expect(abs(fit.objective / wanted - 1) < 2e-5, "\(sample.name) C \(c)")
      }
    }
  }

  @Test("two classes have scikit-learn's log-odds at the same C")
  func twoClasses() {
    let sample = Case.two
    let model = sample.model
    let logits = LogisticRegression.logits(
      sample.rows.view.rows(0..<8), model.parameters(of: model.fit(c: 1)), classCount: 2)
    for (row, wanted) in LogisticReference.logOdds.enumerated() {
      #expect(abs(Double(logits[row, 1] - logits[row, 0]) - wanted) < 2e-3)
    }
  }

  @Test("columns of a millionth and of a million times the size change C of that column alone")
  func scale() {
    let sample = Case.all[1]
    for factor: Float in [1e-6, 1e6] {
      let numbers = sample.rows.numbers.map { $0 * factor }
      let scaled = Case(
        "scaled", rows: Matrix(numbers, rows: 90, columns: 4), labels: sample.labels)
      let c = 1 / Double(factor) / Double(factor)
      let (one, other) = (sample.model.fit(c: 1), scaled.model.fit(c: c))
      #expect(abs(other.objective / c / one.objective - 1) < 1e-5)
    }
  }

  @Test("rows of no columns, of one class or all alike have the class shares as their minimum")
  func degenerate() {
    let labels: [Int32] = [0, 0, 0, 1]
    let entropy = -3 * log(0.75) - log(0.25)
    for rows in [
      Matrix<Float>(rows: 4, columns: 0),
      Matrix<Float>(repeatElement(5, count: 8), rows: 4, columns: 2),
    ] {
      let fit = LogisticRegression(rows: rows.view, labels: labels, classCount: 2).fit(c: 1)
      #expect(fit.hasConverged && abs(fit.objective - entropy) < 1e-5)
    }
    let single = LogisticRegression(
      rows: Matrix<Float>([1, 2, 3], rows: 3, columns: 1).view, labels: [0, 0, 0], classCount: 1)
    let fit = single.fit(c: 1)
    #expect(fit.stop == .converged && fit.objective == 0)
    #expect(single.parameters(of: fit) == [0, 0])
  }

  @Test("rows beyond what f32 squares still fit, and numbers that are not finite are said")
  func extremes() {
    let huge = Matrix<Float>([1e30, 2e30, -1e30, -2e30], rows: 4, columns: 1)
    let model = LogisticRegression(rows: huge.view, labels: [0, 0, 1, 1], classCount: 2)
    let fit = model.fit(c: 1)
    // The minimum lies where probabilities leave f32, which the fit says.
    #expect(fit.stop != .notFinite && !fit.hasConverged)
    let isFinite = model.parameters(of: fit).allSatisfy { $0.isFinite }
    #expect(isFinite)
    let broken = Matrix<Float>([1, .infinity, 0, 1], rows: 4, columns: 1)
    let other = LogisticRegression(rows: broken.view, labels: [0, 0, 1, 1], classCount: 2).fit(c: 1)
    #expect(other.stop == .notFinite && !other.hasConverged)
  }

  @Test("says that too few steps leave it far from the minimum")
  func short() {
    let fit = Case.all[4].model.fit(c: 1e6, maximumIterations: 2)
    #expect(fit.stop == .iterations && !fit.hasConverged && fit.gap > 1e-2)
  }
}
