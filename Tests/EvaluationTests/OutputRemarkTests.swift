import Glibc
import Tensors
import Testing

@testable import Evaluation

private func remarks(
  _ values: [Float], shape: Shape, task: String = "classify", name: String = "logits"
) -> OutputRemarks {
  OutputRemarks([[name: Tensor(values, shape: shape)]], task: task)
}

@Suite("Remarks on outputs")
struct OutputRemarkTests {
  private let rows: [Float] = [0.2, 0.3, 0.5, 0.9, 0.05, 0.05]

  @Test("logits that are probabilities are noticed once, their logarithms are not")
  func probabilities() {
    let both = [rows, [0, 1, 0, 0.25, 0.25, 0.5]].map { ["logits": Tensor($0, shape: [2, 3])] }
    let found = OutputRemarks(both, task: "classify")
    #expect(found.warnings.map(\.code) == [OutputRemarks.probabilities] && found.notes.isEmpty)
    #expect(remarks(rows.map { logf($0) }, shape: [2, 3]).warnings.isEmpty)
    // Cosines lie in 0...1 too; a single row that does not sum to 1 tells them from probabilities.
    #expect(remarks([0.2, 0.3, 0.5, 0.2, 0.3, 0.4], shape: [2, 3]).warnings.isEmpty)
    #expect(remarks([1.2, -0.7, 0.5, 0.2, 0.3, 0.5], shape: [2, 3]).warnings.isEmpty)
    // Of one class there is nothing else to give.
    #expect(remarks([1, 1], shape: [2, 1]).warnings.isEmpty)
    // Another query that holds logits speaks against it.
    let mixed = [rows, [4, 1, 0, -1, 2, 0]].map { ["logits": Tensor($0, shape: [2, 3])] }
    #expect(OutputRemarks(mixed, task: "classify").warnings.isEmpty)
  }

  @Test("probabilities of more classes may be rounded to a thousandth")
  func rounded() {
    #expect(remarks([0.333, 0.333, 0.333], shape: [1, 3]).warnings.count == 1)
    #expect(remarks([0.33, 0.33, 0.33], shape: [1, 3]).warnings.isEmpty)
  }

  @Test(
    "an output that tells nothing apart is noted",
    arguments: [
      ("classify", "logits", Shape([4, 2])), ("detect-ood", "ood_score", Shape([8])),
      ("recommend", "scores", Shape([8])), ("retrieve", "similarity", Shape([2, 4])),
    ])
  func constant(task: String, name: String, shape: Shape) {
    let same = remarks([Float](repeating: 3, count: 8), shape: shape, task: task, name: name)
    #expect(same.notes.count == 1)
    let other = remarks((0..<8).map { Float($0 * $0) }, shape: shape, task: task, name: name)
    #expect(other.notes.isEmpty)
  }

  @Test("the same logits for every row are noted; a single row says nothing of that")
  func oneRow() {
    #expect(remarks([3, 1, 3, 1, 3, 1], shape: [3, 2]).notes.count == 1)
    #expect(remarks([3, 1, 3, 1, 1, 3], shape: [3, 2]).notes.isEmpty)
    #expect(remarks([3, 3], shape: [1, 2]).notes.isEmpty)
    #expect(remarks([], shape: [0, 2]).notes.isEmpty)
  }
}
