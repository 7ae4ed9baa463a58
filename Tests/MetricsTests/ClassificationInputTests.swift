import Tensors
import Testing

@testable import Metrics

@Suite("Classification outcomes refuse bad input")
struct ClassificationInputTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("scores of the wrong form are named with the form wanted")
  func wrongForm() {
    let flat = Tensor([Float](repeating: 0, count: 6), shape: [6])
    #expect(
      message { _ = try ClassificationOutcomes(logits: flat, labels: [0, 1]) }
        == "The logits are f32 [6]; wanted is f32 [2, K].")
    let whole = Tensor([Int32](repeating: 0, count: 6), shape: [2, 3])
    #expect(
      message { _ = try ClassificationOutcomes(logits: whole, labels: [0, 1]) }
        == "The logits are i32 [2, 3]; wanted is f32 [2, K].")
  }

  @Test("labels outside of the classes are named with their row", arguments: [Int32(-1), 2])
  func labelRange(label: Int32) {
    #expect(
      message { _ = try outcomes([[0, 1], [0, 1]], [1, label]) }
        == "The label of row 1 is \(label), but the logits have 2 classes.")
  }

  @Test("NaN and infinite scores are counted, never ranked")
  func notFinite() {
    #expect(
      message { _ = try outcomes([[.nan, 1], [0, 1], [.infinity, -.infinity]], [1, 0, 0]) }
        == "The logits hold 3 values that are NaN or infinite.")
  }

  @Test("columns that are missing, of another dtype, too short or impossible are named")
  func columns() throws {
    let good = try ReferenceSample().outcomes().columns
    func broken(_ name: String, _ tensor: Tensor?) -> String {
      var columns = good
      columns[name] = tensor
      return message { _ = try outcomeTable(task: "classify", columns: columns) }
    }
    #expect(broken("label", nil) == "The column 'label' is missing.")
    #expect(broken("rank", nil) == "The column 'rank' is missing.")
    #expect(
      broken("nll", Tensor([Int32](repeating: 0, count: 40), shape: [40]))
        == "The column 'nll' is i32 [40]; wanted is f32 [40].")
    #expect(
      broken("brier", Tensor([Float](repeating: 0, count: 39), shape: [39]))
        == "The column 'brier' is f32 [39]; wanted is f32 [40].")
    #expect(
      broken("confidence", Tensor([Float](repeating: .nan, count: 40), shape: [40]))
        == "The column 'confidence' holds NaN or infinite values.")
    #expect(
      broken("predicted", Tensor([Int32](repeating: -1, count: 40), shape: [40]))
        == "The column 'predicted' holds negative numbers.")
  }

  @Test("a task without a table is named")
  func unknownTask() {
    #expect(
      message { _ = try outcomeTable(task: "levitate", columns: [:]) }
        == "No outcome table exists for task 'levitate'; known are 'classify', "
        + "'classify-images', 'curate', 'detect-ood', 'diversity', 'estimate-distance', "
        + "'optimise', 'recommend' and 'retrieve'.")
  }
}
