internal import AssayKit
internal import Numerics

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
        c: config.c, from: [Double](repeating: 0, count: regression.parameterCount),
        tolerance: config.tolerance, maximumIterations: config.maximumIterations)
      if result.stop == .notFinite {
        throw .numeric("the loss of the resampled rows is not finite")
      }
      if result.stop == .iterations {
        context.warn("L-BFGS used all \(config.maximumIterations) steps without converging")
      }
      context.metric("iterations", Double(result.iterations))
      self = .logistic(parameters: result.parameters, classCount: classCount)
    case .tree:
      let tree = DecisionTree(
        rows: rows, labels: labels, classCount: classCount, minimumLeaf: config.minimumLeaf,
        maximumDepth: config.maximumDepth)
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
