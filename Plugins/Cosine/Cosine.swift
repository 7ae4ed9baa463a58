public import AssayKit
internal import LinearAlgebra

/// Cosine between images and texts, as in zero-shot retrieval.
///
/// Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021.
/// Images `[N, D]` and texts `[M, D]` are brought to unit length; similarity = x tᵀ, and with
/// `centred` the mean image and the mean text are taken off first, which closes the modality gap
/// (Liang et al., NeurIPS 2022).
public struct Cosine: Method {
  /// The parameters of the method.
  public struct Config: MethodConfig {
    var centred = false

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .flag("centred", \.centred, "Take off the mean image and the mean text of the query first.")
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "cosine", version: "1.0.0",
    summary: "Scores an image and a text by the cosine of their features.",
    references: "arXiv:2103.00020", traits: [.deterministic],
    claims: [Claim(task: "retrieve", inputs: ["query.image", "query.text"])])

  /// Keeps the config; there is nothing to learn.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) -> Model {
    Model(config: config)
  }

  /// The similarity.
  public struct Model: FittedMethod {
    let config: Config

    /// Writes the cosines.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      var images = try inputs.matrix("query.image").unitRows()
      var texts = try inputs.matrix("query.text", columns: images.columns).unitRows()
      if config.centred {
        images = images.view.centred().view.unitRows()
        texts = texts.view.centred().view.unitRows()
      }
      let similarity = try outputs.matrix("similarity", rows: images.rows, columns: texts.rows)
      gemm(images.view, texts.view.transposed, into: similarity)
    }
  }
}

extension MatrixView<Float> {
  /// The rows less their mean.
  fileprivate func centred() -> Matrix<Float> {
    let labels = [Int32](repeating: 0, count: rows)
    let mean = ClassStatistics(rows: self, labels: labels, classCount: 1, unitRows: false).means
    var result = Matrix(copying: self)
    result.withMutableView { view in
      for row in 0..<view.rows {
        for column in 0..<view.columns { view[row, column] -= mean[0, column] }
      }
    }
    return result
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(Cosine.self, major, minor)
}
