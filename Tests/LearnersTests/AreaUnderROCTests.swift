import Learners
import LinearAlgebra
import Testing

@Suite("The area under the ROC curve")
struct AreaUnderROCTests {
  @Test("counts pairs in the right order, and ties half")
  func closedForm() {
    #expect(
      areaUnderROC(scores: [1, 2, 3, 4], isPositive: [false, false, true, true]) == 1)
    #expect(areaUnderROC(scores: [1, 1, 1], isPositive: [true, false, false]) == 0.5)
    // roc_auc_score([0, 1, 1, 0, 1], [0.1, 0.4, 0.35, 0.8, 0.4]), scikit-learn 1.9.1.
    let area = areaUnderROC(
      scores: [0.1, 0.4, 0.35, 0.8, 0.4], isPositive: [false, true, true, false, true])
    #expect(area == 0.5)
  }

  @Test("is undefined without rows of both kinds, or with a score that is no number")
  func undefined() {
    #expect(areaUnderROC(scores: [1, 2], isPositive: [true, true]).isNaN)
    #expect(areaUnderROC(scores: [], isPositive: []).isNaN)
    #expect(areaUnderROC(scores: [1, .nan], isPositive: [true, false]).isNaN)
  }

  @Test("of logits is the mean over the classes against the rest")
  func classes() {
    // roc_auc_score(y, softmax(z), multi_class="ovr"), scikit-learn 1.9.1.
    let logits = Matrix<Float>(
      [2, 1, 0, 0.5, 1.5, 0, 0, 0.2, 0.1, 1, 0, 3, 0.3, 0.2, 0.1, 0, 2, 1], rows: 6, columns: 3)
    let area = areaUnderROC(logits: logits.view, labels: [0, 1, 2, 2, 0, 0])
    #expect(abs(area - 0.8222222222222223) < 1e-12)
  }

  @Test("of logits leaves out a class without rows")
  func absent() {
    let logits = Matrix<Float>([2, 0, 0, 0, 2, 0, 1, 0.5, 0], rows: 3, columns: 3)
    #expect(areaUnderROC(logits: logits.view, labels: [0, 1, 0]) == 1)
    #expect(areaUnderROC(logits: logits.view, labels: [0, 0, 0]).isNaN)
  }
}
