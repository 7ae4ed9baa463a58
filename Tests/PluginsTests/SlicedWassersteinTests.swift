import Documents
import MethodHarness
import Statistics
import Tensors
import Testing

@Suite("sliced-wasserstein")
struct SlicedWassersteinTests {
  private typealias Golden = SlicedWassersteinReference
  private let x = Planted(classCount: 2, width: 6, spread: 1, seed: 31)
    .rows(60, seed: 32, unit: false)
  private let y = Planted(classCount: 3, width: 6, spread: 1.7, seed: 33)
    .rows(60, seed: 34, unit: false)
  private let directions = Planted(classCount: 20, width: 6, spread: 0.5, seed: 35)
    .rows(20, seed: 36, unit: true)

  @Test("agrees with POT for p = 1, 2, 3, with as many rows on both sides or not")
  func pot() throws {
    for (place, order) in [1.0, 2, 3].enumerated() {
      let config: [String: JSON] = ["estimator": "sw", "order": .number(order)]
      let equal = try distance(x, y, config, directions: directions)
      #expect(abs(equal.value / Golden.equal[place] - 1) < 1e-6)
      let unequal = try distance(x, Array(y[..<45]), config, directions: directions)
      #expect(abs(unequal.value / Golden.unequal[place] - 1) < 1e-6)
      let mirrored = try distance(Array(y[..<45]), x, config, directions: directions)
      #expect(abs(mirrored.value / Golden.unequal[place] - 1) < 1e-6)
    }
    let plain = try distance(x, y, ["estimator": "sw"], directions: directions)
    for (found, wanted) in zip(plain.w, Golden.first) { #expect(abs(found / wanted - 1) < 1e-6) }
    #expect(plain.alpha == 0 && plain.mean == 0 && plain.c.allSatisfy { $0 == 0 })
    #expect(abs(plain.distance - plain.value.squareRoot()) < 1e-12)
  }

  @Test("the control variates follow the paper's formulas")
  func controlVariates() throws {
    for (config, wanted): ([String: JSON], [Double]) in [
      (["estimator": "lcv"], Golden.lower), (["estimator": "ucv"], Golden.upper),
      (["estimator": "ucv", "unbiased": true], Golden.crossed),
    ] {
      let found = try distance(x, y, config, directions: directions)
      for (one, other) in zip([found.value, found.alpha, found.mean, found.error], wanted) {
        #expect(abs(one / other - 1) < 1e-5)
      }
    }
  }

  @Test("the order of the setting goes before that of the config")
  func order() throws {
    let found = try distance(
      x, y, ["estimator": "sw", "order": 1], directions: directions, order: 3)
    #expect(abs(found.value / Golden.equal[2] - 1) < 1e-6)
  }

  @Test(
    "a shifted copy has w = c, so that the estimate is |shift|² / D but for the paper's asymmetry")
  func shiftedCopy() throws {
    let shift: [Float] = [1, -2, 0.5, 0, 3, 0.25]
    let moved = x.map { zip($0, shift).map { $0 + $1 } }
    let exact = shift.reduce(0.0) { $0 + Double($1) * Double($1) } / 6
    let found = try distance(x, moved, ["estimator": "lcv", "directions": 400])
    for (w, c) in zip(found.w, found.c) { #expect(abs(w - c) < 1e-5) }
    #expect(abs(found.mean / exact - 1) < 1e-6)
    // α = s² / (s² + ē²), where s² is the variance of c and ē the error of its mean.
    let error = try #require(mean(found.c)) - exact
    let spread = try #require(standardDeviation(found.c))
    let variance = spread * spread * 399 / 400
    #expect(abs(found.alpha - variance / (variance + error * error)) < 1e-4)
    #expect(abs(found.value - exact - error * error * error / (variance + error * error)) < 1e-4)
    #expect(abs(found.value / exact - 1) < 1e-3)
  }

  @Test("equal samples are exactly 0 apart", arguments: ["sw", "lcv", "ucv"])
  func zero(estimator: String) throws {
    let found = try distance(x, x, ["estimator": .string(estimator)])
    #expect(found.value == 0 && found.distance == 0 && found.error == 0 && found.clamped == 0)
  }

  @Test("rows that stand there twice change nothing", arguments: ["sw", "lcv", "ucv"])
  func repetition(estimator: String) throws {
    let config: [String: JSON] = ["estimator": .string(estimator)]
    let once = try distance(x, y, config, directions: directions)
    let twice = try distance(x, y + y, config, directions: directions)
    #expect(abs(once.value / twice.value - 1) < 1e-5)
  }

  @Test("turning or moving both samples changes nothing", arguments: ["sw", "lcv", "ucv"])
  func invariance(estimator: String) throws {
    let config: [String: JSON] = ["estimator": .string(estimator)]
    let plain = try distance(x, y, config, directions: directions)
    // A rotation in each pair of neighbouring axes.
    func turned(_ rows: [[Float]]) -> [[Float]] {
      rows.map { row in
        var row = row
        for axis in 0..<5 {
          let (a, b) = (row[axis], row[axis + 1])
          row[axis] = 0.6 * a - 0.8 * b
          row[axis + 1] = 0.8 * a + 0.6 * b
        }
        return row
      }
    }
    let rotated = try distance(turned(x), turned(y), config, directions: turned(directions))
    #expect(abs(rotated.value / plain.value - 1) < 1e-4)
    let moved = try distance(
      x.map { $0.map { $0 + 5 } }, y.map { $0.map { $0 + 5 } }, config, directions: directions)
    #expect(abs(moved.value / plain.value - 1) < 1e-4)
  }

  @Test(
    "rows near 1e18 are no trouble: the value grows by the square", arguments: ["sw", "lcv", "ucv"])
  func large(estimator: String) throws {
    let config: [String: JSON] = ["estimator": .string(estimator)]
    // A power of two, so that rows keep their bits: 2^60 is 1.15e18.
    let factor: Float = 0x1p60
    func times(_ rows: [[Float]]) -> [[Float]] { rows.map { $0.map { $0 * factor } } }
    let plain = try distance(x, y, config, directions: directions)
    let large = try distance(times(x), times(y), config, directions: directions)
    let square = Double(factor) * Double(factor)
    #expect(abs(large.value / (plain.value * square) - 1) < 1e-6)
    #expect(abs(large.error / (plain.error * square) - 1) < 1e-6)
    #expect(abs(large.distance / (plain.distance * Double(factor)) - 1) < 1e-6)
    #expect(abs(large.alpha - plain.alpha) < 1e-6)
    // Distances of unlike sizes too: the other sample stays near 1.
    #expect(try distance(times(x), y, config, directions: directions).value.isFinite)
  }

  @Test("one row, one column and rows that do not vary are no trouble")
  func degenerate() throws {
    let oneRow = try distance([[1, 2]], [[1, 4]], ["estimator": "lcv"])
    #expect(abs(oneRow.value - 2) < 1e-3)
    for estimator: JSON in ["sw", "lcv", "ucv"] {
      let column = try distance([[0], [1], [4]], [[1], [1], [2]], ["estimator": estimator])
      #expect(abs(column.value - 5.0 / 3) < 1e-6)
      #expect(column.alpha == 0 && column.error < 1e-6)
      let flat = try distance([[2, 2], [2, 2]], [[2, 2], [2, 2]], ["estimator": estimator])
      #expect(flat.value == 0 && flat.alpha.isFinite)
    }
  }

  @Test("a negative estimate is kept, its distance is clamped to 0 and a note says so")
  func clamped() throws {
    // One direction along the shift has all the distance and pulls α up; 19 lie somewhat nearer to
    // the shift than the average direction does.
    let along: [[Float]] = [[1, 0]]
    let aside = [[Float]](
      repeating: [Float(0.62).squareRoot(), Float(0.38).squareRoot()], count: 19)
    let found = try distance(
      [[0, 0]], [[1, 0]], ["estimator": "lcv", "order": 16], directions: along + aside)
    #expect(found.value < 0)
    #expect(found.distance == 0 && found.clamped == 1 && found.notes.count == 1)
  }

  @Test("the same seed gives the same bits, another one another estimate")
  func determinism() throws {
    let first = try distance(x, y, [:], seed: 1)
    let again = try distance(x, y, [:], seed: 1)
    #expect(first.value.bitPattern == again.value.bitPattern && first.w == again.w)
    #expect(try distance(x, y, [:], seed: 2).value != first.value)
  }

  @Test("refuses what does not fit, and says what was wanted")
  func refusals() throws {
    let narrow = y.map { Array($0[..<5]) }
    #expect(try refusal(x, narrow, nil).contains("'sample.y' is f32 [60, 5]"))
    #expect(try refusal(x, y, [[1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]]).contains("length 1.41"))
    #expect(try refusal(x, y, [[1, 0, 0, 0, 0, 0]]).contains("at least 2"))
    let huge = x.map { $0.map { $0 * 3e38 } }
    #expect(try refusal(huge, y, nil).contains("not finite"))
    let plugin = try Plugin(named: "sliced-wasserstein")
    #expect(try plugin.instance(["order": 0.5]).created == 3)
    #expect(try plugin.instance(["estimator": "best"]).created == 3)
  }

  private func refusal(_ x: [[Float]], _ y: [[Float]], _ rows: [[Float]]?) throws -> String {
    let error = #expect(throws: HarnessError.self) {
      try distance(x, y, [:], directions: rows)
    }
    return try #require(error).description
  }
}

// MARK: Driving the plugin

struct DistanceAnswer {
  var value, distance, error, alpha, mean: Double
  var clamped: UInt8
  var w, c: [Double]
  var notes: [String]
}

/// Asks the plugin for the distance between two samples.
func distance(
  _ x: [[Float]], _ y: [[Float]], _ config: [String: JSON], directions: [[Float]]? = nil,
  order: Double? = nil, seed: UInt64 = 7
) throws -> DistanceAnswer {
  let instance = try Plugin(named: "sliced-wasserstein").instance(config)
  instance.seed = seed
  guard instance.fit([:]) == 0 else { throw HarnessError("fit: \(instance.host.sentence)") }
  var inputs = ["sample.x": Tensor(rows: x), "sample.y": Tensor(rows: y)]
  inputs["directions"] = directions.map(Tensor.init(rows:))
  inputs["order"] = order.map { order in
    Tensor(dtype: .f64, shape: []) { $0.storeBytes(of: order, as: Double.self) }
  }
  var outputs: [String: Tensor] = [:]
  for name in ["value", "distance", "std_error", "alpha", "control_mean"] {
    outputs[name] = Tensor(dtype: .f64, shape: []) { $0.storeBytes(of: .nan, as: Double.self) }
  }
  outputs["clamped"] = Tensor(dtype: .u8, shape: []) { $0.storeBytes(of: 9, as: UInt8.self) }
  let status = instance.predict(inputs, outputs: outputs, dynamic: ["w", "c"])
  guard status == 0 else { throw HarnessError(instance.host.sentence) }
  func scalar(_ name: String) throws -> Double { try #require(outputs[name]).doubles[0] }
  return DistanceAnswer(
    value: try scalar("value"), distance: try scalar("distance"),
    error: try scalar("std_error"), alpha: try scalar("alpha"),
    mean: try scalar("control_mean"),
    clamped: try #require(outputs["clamped"]).withElements(of: UInt8.self) { $0[0] },
    w: try #require(instance.host.allocated["w"]).doubles,
    c: try #require(instance.host.allocated["c"]).doubles, notes: instance.host.notes)
}

extension Tensor {
  /// The elements of an f64 tensor.
  var doubles: [Double] { withElements(of: Double.self) { Array($0) } }
}
