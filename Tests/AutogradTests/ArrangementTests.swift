import Autograd
import Tensors
import Testing

@Suite("Arrangements of arrays")
struct ArrangementTests {
  typealias Input = GradientCheck.Input

  private func counting(_ tape: Tape, _ shape: Shape) -> Variable {
    tape.constant((0..<shape.count).map { Float($0) }, shape: shape)
  }

  @Test("put numbers where they belong")
  func values() {
    let tape = Tape()
    let x = counting(tape, [2, 3])
    #expect(x.transposed().numbers == [0, 3, 1, 4, 2, 5])
    #expect(x.reshaped(3, -1).shape == [3, 2])
    #expect(x.slice(1..<3, axis: -1).numbers == [1, 2, 4, 5])
    #expect(
      tape.concatenate([x, x.slice(0..<1, axis: 1)], axis: 1).numbers == [
        0, 1, 2, 0, 3, 4, 5, 3,
      ])
    #expect(tape.stack([x, x]).shape == [2, 2, 3])
    #expect(x.gathered([1, -1, 0, 1]).numbers == [3, 4, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5])
    #expect(x.scattered([1, 1], count: 3).numbers == [0, 0, 0, 3, 5, 7, 0, 0, 0])
    #expect(x.picked([2, -1]).numbers == [2, 0])
    #expect(
      counting(tape, [2, 3, 2]).permuted(2, 0, 1).numbers == [
        0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11,
      ])
    #expect(
      x.slice(0..<1).repeated(to: [2, 2, 3]).numbers == [
        0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2,
      ])
    #expect(x.sum(axes: [0]).numbers == [3, 5, 7])
    #expect(x.mean(axes: [-1], keepingAxes: true).shape == [2, 1])
    #expect(x.max().numbers == [2, 5])
    #expect(x.slice(2..<2, axis: 1).sum().number == 0)
  }

  @Test("hand gradients back to where numbers came from")
  func gradients() {
    let x = Input(3, 4, 5)
    let checks: [([Variable]) -> Variable] = [
      { $0[0].permuted(2, 0, 1) }, { $0[0].transposed() },
      { $0[0].reshaped(5, 12) * $0[0].reshaped(5, 12) },
      { $0[0].slice(1..<3, axis: 1) + $0[0].slice(2..<4, axis: 1) },
      { $0[0].tape.concatenate([$0[0], $0[0] * $0[0], $0[0]], axis: -1) },
      { $0[0].tape.stack([$0[0], $0[0]]) },
      { $0[0].gathered([2, 0, 2, -1]) * 2 + $0[0].gathered([1, 1, 1, 1]) },
      { $0[0].scattered([1, 1, -1], count: 2) },
      { $0[0].scattered([0, 1, 2], count: 3) * $0[0] },
      { $0[0].reshaped(12, 5).picked([0, 1, 2, 3, 4, -1, 0, 1, 2, 3, 4, 4]) },
      { $0[0].reshaped(3, 1, 20).repeated(to: [2, 3, 4, 20]) },
      { $0[0].sum() }, { $0[0].mean() }, { $0[0].sum(axes: [1]) }, { $0[0].sum(axes: [0, 2]) },
      { $0[0].mean(axes: [1, 2], keepingAxes: true) * $0[0] }, { $0[0].max() },
    ]
    for (place, check) in checks.enumerated() {
      #expect(GradientCheck.error([x], check) < tolerance, "arrangement \(place)")
    }
    let table = Input(6, 3)
    let ids: [Int32] = [5, 0, -1, 5]
    #expect(
      GradientCheck.error([table]) { $0[0].embedding(ids, shape: [2, 2]) } < tolerance)
  }

  @Test("sum a million numbers as f64 would")
  func largeSum() {
    let tape = Tape()
    let x = tape.constant(repeatElement(0.1, count: 1_000_001), shape: [1_000_001])
    #expect(abs(x.sum().number - 100_000.1) < 0.02)
  }
}
