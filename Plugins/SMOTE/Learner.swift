internal import AssayKit
internal import Learners
internal import LinearAlgebra
internal import SMOTELearning

/// A classifier that is fitted to the resampled rows.
enum Learner {
  case logistic(parameters: [Double], classCount: Int)
  case tree(DecisionTree)
  case bayes(GaussianNaiveBayes)

  /// Fits to rows `[N, D]` and labels in `0..<classCount`, each with rows.
  init(
    rows: MatrixView<Float>, labels: [Int32], classCount: Int, config: SMOTEConfig,
    context: Context
  ) throws(MethodError) {
    try context.checkCancellation()
    context.progress(0.5, "fit")
    switch config.classifier {
    case .logistic:
      let regression = LogisticRegression(rows: rows, labels: labels, classCount: classCount)
      let result = regression.fit(
        c: config.c, tolerance: config.tolerance, maximumIterations: config.maximumIterations)
      if result.stop == .notFinite {
        throw .numeric("the loss of the resampled rows is not finite")
      }
      if !result.hasConverged {
        context.warn(
          "the objective was still about \((1e4 * result.gap).rounded() / 100) % above its minimum "
            + "after \(result.iterations) steps")
      }
      context.metric("iterations", Double(result.iterations))
      context.metric("objective", result.objective)
      context.metric("objective_gap", result.gap)
      self = .logistic(
        parameters: regression.parameters(of: result), classCount: classCount)
    case .tree:
      let tree = DecisionTree(
        rows: rows, labels: labels, classCount: classCount, minimumLeaf: config.minimumLeaf,
        maximumDepth: config.maximumDepth, estimate: config.leaves)
      context.metric("leaves", Double(tree.leafCount))
      self = .tree(tree)
    case .bayes:
      self = .bayes(GaussianNaiveBayes(rows: rows, labels: labels, classCount: classCount))
    }
  }

  /// The logits `[Q, classCount]` of other rows.
  func logits(_ rows: MatrixView<Float>) -> Matrix<Float> {
    switch self {
    case .logistic(let parameters, let classCount):
      LogisticRegression.logits(rows, parameters, classCount: classCount)
    case .tree(let tree): tree.logits(rows)
    case .bayes(let bayes): bayes.logits(rows)
    }
  }
}
