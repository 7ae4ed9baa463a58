public import AssayKit
public import LinearAlgebra

/// Zero-shot logits plus a cache of labelled keys, the classifier of Tip-Adapter.
///
/// Zhang et al., "Tip-Adapter: Training-free Adaption of CLIP for Few-shot Classification", 2022.
/// For unit rows x, class texts t `[K, D]` and keys F `[M, D]` with one class each:
///
///     logits = scale · x tᵀ + α · exp(-β (1 - x Fᵀ)) onehot(labels)
public struct KeyValueCache: FittedMethod {
  /// The unit text feature of each class `[K, D]`.
  public let text: Matrix<Float>
  /// The keys F `[M, D]`.
  public var keys: Matrix<Float>
  /// The class of each key.
  public let labels: [Int32]
  /// The logit scale of the zero-shot term.
  public let scale: Float
  /// The weight of the cache, α.
  public var alpha: Float
  /// The sharpness of the affinities, β.
  public var beta: Float

  /// Makes keys of the training rows of a `classify` setting: each row, or the mean of its views.
  public init(
    _ inputs: Inputs, scale: Double, alpha: Double, beta: Double
  ) throws(MethodError) {
    text = try inputs.classText()
    let shots = try inputs.matrix("train.features", columns: text.columns)
    labels = try inputs.labels("train.labels", below: text.rows, count: shots.rows)
    // The mean is of the views as they are; only then is it brought to unit length.
    keys =
      try inputs.matrices(ifOffered: "train.views", rows: shots.rows, columns: text.columns)?
      .mean() ?? Matrix(copying: shots)
    keys.withMutableView { $0.normaliseRows() }
    self.scale = Float(scale)
    self.alpha = Float(alpha)
    self.beta = Float(beta)
  }

  /// Writes the logits, a block of rows at a time so that the affinities stay small.
  public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
    let queries = try inputs.matrix("query.features", columns: text.columns)
    let logits = try outputs.matrix("logits", rows: queries.rows, columns: text.rows)
    let factors = queries.inverseRowNorms()
    gemm(queries, text.view.transposed, into: logits, scale: scale)
    logits.scaleRows(by: factors)
    let height = max(1, (1 << 20) / max(keys.rows, 1))
    for start in stride(from: 0, to: queries.rows, by: height) {
      try context.checkCancellation()
      let range = start..<min(start + height, queries.rows)
      var affinities = gemm(queries.rows(range), keys.view.transposed)
      affinities.withMutableView { affinities in
        for row in range {
          let affinity = affinities.row(row - start)
          exponentiate(affinity, scale: beta * factors[row], shift: -beta)
          let scores = logits.row(row)
          for (key, label) in labels.enumerated() { scores[Int(label)] += alpha * affinity[key] }
        }
      }
    }
  }
}
