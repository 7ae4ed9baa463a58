import Glibc
import LinearAlgebra
import SMOTELearning
import Testing

@Suite("Decision tree")
struct DecisionTreeTests {
  /// Origin: scikit-learn 1.9.1, `DecisionTreeClassifier(criterion="entropy", max_depth=3,
  /// min_samples_leaf=4)`: `apply` numbers turned into Laplace estimates of the leaves' counts.
  @Test("asks what scikit-learn's tree asks, down to depth 3")
  func reference() {
    let (train, query) = (Sample(600), Sample(40, seed: 9))
    let tree = DecisionTree(
      rows: train.rows.view, labels: train.labels, classCount: 3, minimumLeaf: 4, maximumDepth: 3)
    #expect(tree.leafCount == Reference.leafCount)
    let logits = tree.logits(query.rows.view).numbers
    for (found, wanted) in zip(logits, Reference.treeProbabilities) {
      #expect(abs(Double(exp(found)) - wanted) < 1e-6)
    }
  }

  @Test("gives the shares of a leaf when asked, and stays finite where a share is 0")
  func frequencies() {
    let rows = Matrix<Float>([0, 1, 2, 3, 4, 5], rows: 6, columns: 1)
    let tree = DecisionTree(
      rows: rows.view, labels: [0, 1, 0, 1, 1, 1], classCount: 2, minimumLeaf: 3,
      estimate: .frequency)
    let logits = tree.logits(rows.view)
    for (row, wanted) in [(0, 1.0 / 3), (5, 1)] {
      #expect(abs(Double(exp(logits[row, 1])) - wanted) < 1e-6)
    }
    #expect(logits[5, 0].isFinite && exp(logits[5, 0]) < 1e-37)
    let laplace = DecisionTree(
      rows: rows.view, labels: [0, 1, 0, 1, 1, 1], classCount: 2, minimumLeaf: 3
    ).logits(rows.view)
    #expect(abs(exp(laplace[0, 1]) - 0.4) < 1e-6 && abs(exp(laplace[5, 1]) - 0.8) < 1e-6)
  }

  @Test("without limits it answers every training row by its label")
  func grown() {
    let sample = Sample(300)
    let tree = DecisionTree(rows: sample.rows.view, labels: sample.labels, classCount: 3)
    #expect(tree.logits(sample.rows.view).view.argmaxRows() == sample.labels)
  }

  @Test("splits midway, and puts a row on the threshold on the lower side")
  func midway() {
    let rows = Matrix<Float>([0, 1, 3, 4], rows: 4, columns: 1)
    let tree = DecisionTree(rows: rows.view, labels: [0, 0, 1, 1], classCount: 2)
    let query = Matrix<Float>([2, 2.0001, -9], rows: 3, columns: 1)
    #expect(tree.logits(query.view).view.argmaxRows() == [0, 1, 0])
    #expect(abs(exp(tree.logits(query.view)[0, 0]) - 0.75) < 1e-6)
  }

  @Test("splits even where the first question gains nothing")
  func exclusiveOr() {
    let rows = Matrix<Float>([0, 0, 0, 1, 1, 0, 1, 1], rows: 4, columns: 2)
    let labels: [Int32] = [0, 1, 1, 0]
    let tree = DecisionTree(rows: rows.view, labels: labels, classCount: 2)
    #expect(tree.logits(rows.view).view.argmaxRows() == labels)
  }

  @Test("keeps the least number of rows in every leaf", arguments: [1, 5, 20, 50])
  func minimumLeaf(count: Int) {
    let sample = Sample(90)
    let tree = DecisionTree(
      rows: sample.rows.view, labels: sample.labels, classCount: 3, minimumLeaf: count)
    let leaves = tree.logits(sample.rows.view).numbers
    var sizes: [[Float]: Int] = [:]
    for row in 0..<90 { sizes[Array(leaves[3 * row..<3 * row + 3]), default: 0] += 1 }
    #expect(sizes.values.allSatisfy { $0 >= count })
    #expect(count < 46 || tree.leafCount == 1)
  }

  @Test("is one leaf of the class shares where rows are equal, of one class or without columns")
  func oneLeaf() {
    let equal = Matrix<Float>(repeatElement(1, count: 6), rows: 3, columns: 2)
    let tree = DecisionTree(rows: equal.view, labels: [0, 1, 1], classCount: 2)
    #expect(tree.leafCount == 1)
    #expect(abs(exp(tree.logits(equal.view)[0, 1]) - 0.6) < 1e-6)
    let single = DecisionTree(
      rows: Sample(6).rows.view, labels: .init(repeating: 1, count: 6), classCount: 2)
    #expect(single.leafCount == 1)
    let empty = Matrix<Float>(rows: 3, columns: 0)
    let blind = DecisionTree(rows: empty.view, labels: [0, 1, 1], classCount: 2)
    #expect(abs(exp(blind.logits(empty.view)[0, 1]) - 0.6) < 1e-6)
  }
}

@Suite("Gaussian naive Bayes")
struct GaussianNaiveBayesTests {
  /// Origin: scikit-learn 1.9.1, `GaussianNB().fit(x, y).predict_joint_log_proba(query)`.
  @Test("gives scikit-learn's joint logarithms")
  func reference() {
    let (train, query) = (Sample(600), Sample(10, seed: 9))
    let bayes = GaussianNaiveBayes(rows: train.rows.view, labels: train.labels, classCount: 3)
    for (found, wanted) in zip(
      bayes.logits(query.rows.view).numbers, Reference.bayesLogarithms)
    {
      #expect(abs(Double(found) - wanted) < 1e-4)
    }
  }

  @Test("stays finite where a column or everything is constant")
  func constant() {
    let rows = Matrix<Float>([1, 0, 1, 1, 1, 5, 1, 6], rows: 4, columns: 2)
    let bayes = GaussianNaiveBayes(rows: rows.view, labels: [0, 0, 1, 1], classCount: 2)
    #expect(bayes.logits(rows.view).view.argmaxRows() == [0, 0, 1, 1])
    let equal = Matrix<Float>(repeatElement(2, count: 4), rows: 2, columns: 2)
    let logits = GaussianNaiveBayes(rows: equal.view, labels: [0, 1], classCount: 2)
      .logits(equal.view)
    #expect(logits.numbers.allSatisfy { $0.isFinite })
  }
}
