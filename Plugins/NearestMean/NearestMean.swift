public import AssayKit
internal import LinearAlgebra

/// Cosine to the unit mean of each class's unit training rows, times a scale.
///
/// The prototype classifier (Mensink et al., "Metric Learning for Large Scale Image
/// Classification", 2012, without the metric). A class without rows gets the lowest logit, -scale.
public struct NearestMean: Method {
  /// The parameters of the method.
  public struct Config: MethodConfig {
    var scale = 100.0

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("scale", \.scale, 1e-3...1e4, "What the cosine is multiplied by.")
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "nearest-mean", version: "1.0.0",
    summary: "Scores each class by the cosine to the mean of its training rows.",
    references: "doi:10.1007/978-3-642-33709-3_35", traits: [.deterministic, .rowIndependent],
    claims: [
      Claim(
        task: "classify",
        inputs: ["train.features", "train.labels", "class.count", "query.features"])
    ])

  /// Averages the rows of each class.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
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
    return Model(means: means, absent: absent, scale: Float(config.scale))
  }

  /// The unit class means, ready to score.
  public struct Model: FittedMethod {
    let means: Matrix<Float>
    let absent: [Int]
    let scale: Float

    /// Writes scale times cosine.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: means.columns)
      let logits = try outputs.matrix("logits", rows: queries.rows, columns: means.rows)
      gemm(queries, means.view.transposed, into: logits, scale: scale)
      logits.scaleRows(by: queries.inverseRowNorms())
      for row in 0..<logits.rows {
        for label in absent { logits[row, label] = -scale }
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(NearestMean.self, major, minor)
}
