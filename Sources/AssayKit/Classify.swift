public import LinearAlgebra

extension [[String]] {
  /// The ways of being given class text: class features, or else prompts; see `Claim.either`.
  public static var classText: [[String]] { [["text.class"], ["text.prompts"]] }
}

extension Inputs {
  /// Whether the setting offers labelled validation rows of tasks `classify` and `detect-ood`.
  public var offersValidation: Bool {
    has("val.labels") && tensor(ifOffered: "val.features")?.shape.first ?? 0 > 0
  }

  /// The unit text feature of each class `[K, D]` of task `classify`.
  ///
  /// That is `text.class`, or else the unit mean of the unit rows of `text.prompts`; the other way
  /// round on demand.
  public func classText(preferringPrompts: Bool = false) throws(MethodError) -> Matrix<Float> {
    let classCount = try integer("class.count")
    let usesPrompts = has("text.prompts") && (preferringPrompts || !has("text.class"))
    if usesPrompts {
      var ensemble = try promptMeans()
      ensemble.withMutableView { $0.normaliseRows() }
      return ensemble
    }
    if let text = try matrix(ifOffered: "text.class", rows: classCount) { return text.unitRows() }
    throw .contract(
      "text features are needed, but the setting offers neither 'text.class' nor 'text.prompts'")
  }

  /// The mean of each class's unit prompt features `[K, D]`, not of unit length itself.
  ///
  /// Scoring with it averages the logits of the prompts.
  public func promptMeans() throws(MethodError) -> Matrix<Float> {
    let prompts = try matrices("text.prompts", count: try integer("class.count"))
    let labels = (0..<prompts.count).flatMap { [Int32](repeating: Int32($0), count: prompts.rows) }
    return ClassStatistics(
      rows: prompts.flattened, labels: labels, classCount: prompts.count, unitRows: true
    ).means
  }
}
