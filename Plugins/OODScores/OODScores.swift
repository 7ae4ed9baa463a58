public import AssayKit
internal import LinearAlgebra

/// Out-of-distribution scores of cosine logits.
///
/// Queries `[Q, D]` and class vectors `[K, D]` are brought to unit length; logits = scale · x wᵀ, and
/// the OOD score is the negative of the score of the config.
public struct Detector<Config: ScoreConfig>: Method {
  /// What the method is called and what it wants.
  public static var descriptor: MethodDescriptor {
    MethodDescriptor(
      id: Config.identity.id, version: "1.1.0", summary: Config.identity.summary,
      references: Config.identity.references, traits: [.deterministic, .rowIndependent],
      claims: Claim.either(
        [[String]].classText + [["train.features", "train.labels"]], task: "detect-ood",
        inputs: ["class.count", "query.features"]))
  }

  /// Takes the class text, or averages the training rows of each class.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let (scale, score) = (Float(config.scale), config.score)
    var classes = config.classes
    let hasText = inputs.has("text.class") || inputs.has("text.prompts")
    if classes == .text, !hasText, inputs.has("train.features") {
      context.note("the setting has no class text: the means of the training rows take its place")
      classes = .means
    }
    switch classes {
    case .text:
      return Model(vectors: try inputs.classText(), absent: [], scale: scale, score: score)
    case .means:
      guard inputs.has("train.features"), inputs.has("train.labels") else {
        throw MethodError.unsupported(
          "class means are needed, but the setting offers no 'train.features' with 'train.labels'")
      }
      let rows = try inputs.matrix("train.features")
      let classCount = try inputs.integer("class.count")
      let labels = try inputs.labels("train.labels", below: classCount, count: rows.rows)
      let statistics = ClassStatistics(
        rows: rows, labels: labels, classCount: classCount, unitRows: true)
      var means = statistics.means
      means.withMutableView { $0.normaliseRows() }
      let absent = statistics.absentClasses
      if !absent.isEmpty {
        context.note("\(absent.count) of \(classCount) classes have no training row: logit -scale")
      }
      return Model(vectors: means, absent: absent, scale: scale, score: score)
    }
  }

  /// The class vectors, ready to score.
  public struct Model: FittedMethod {
    let vectors: Matrix<Float>
    /// Classes without a vector.
    let absent: [Int]
    let scale: Float
    let score: Score

    /// Writes the OOD scores and, where wanted, the logits.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: vectors.columns)
      let scores = try outputs.elements("ood_score", of: Float.self, shape: [queries.rows])
      guard outputs.wants("logits") else {
        var logits = Matrix<Float>(rows: queries.rows, columns: vectors.rows)
        logits.withMutableView { write(queries, logits: $0, scores: scores) }
        return
      }
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: vectors.rows)
      write(queries, logits: logits, scores: scores)
    }

    private func write(
      _ queries: MatrixView<Float>, logits: MutableMatrixView<Float>,
      scores: UnsafeMutableBufferPointer<Float>
    ) {
      gemm(queries, vectors.view.transposed, into: logits, scale: scale)
      logits.scaleRows(by: queries.inverseRowNorms())
      for row in 0..<logits.rows {
        for label in absent { logits[row, label] = -scale }
        scores[row] = Float(-score(UnsafeBufferPointer(logits.row(row))))
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(
    [
      Detector<MaximumProbability>.self, Detector<MaximumLogit>.self, Detector<Energy>.self,
      Detector<ConceptMatching>.self, Detector<Entropy>.self, Detector<Variance>.self,
    ], major, minor)
}
