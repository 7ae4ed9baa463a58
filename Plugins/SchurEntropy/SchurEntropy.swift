public import AssayKit
internal import LinearAlgebra

/// The diversity of images beyond what their prompts explain, and that of the explained part.
///
/// Ospanov, Jalali and Farnia, "Dissecting CLIP: Decomposition with a Schur Complement-based
/// Approach", 2024. The uncentred covariance of mapped image rows splits into
///
///     C_II = Λ_T + Λ_I,   Λ_T = C_TIᵀ C_TT⁺ C_TI
///
/// and each part is scored by the exponential of its entropy. Everything is f64.
public struct SchurEntropy: Method {
  /// How features are compared.
  enum Kernel: String, CaseIterable, Sendable {
    case gaussian, linear
  }

  /// Where the spectrum comes from.
  enum Route: String, CaseIterable, Sendable {
    /// Covariances of mapped features, with random Fourier features for the Gaussian kernel.
    case covariance
    /// Gram matrices `[N, N]` of the exact kernel, with a ridge.
    case gram
  }

  /// How the regression of image on text is made for correction.
  enum CorrectionKernel: String, CaseIterable, Sendable {
    case linear
    case cosineColumns = "cosine-columns"
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var kernel = Kernel.gaussian
    var route = Route.covariance
    var sigma = 0.0
    var frequencies = 128
    var unitRows = true
    var ridge = 1e-12
    var cutOff = 0.0
    var rho = 1e-4
    var modes = 5
    var exemplars = 50
    var correction = CorrectionKernel.linear
    var correctionUnitRows = true

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .choice("kernel", \.kernel, "The kernel that compares two features."),
      .choice(
        "route", \.route,
        "Covariances (random Fourier features if Gaussian), or exact Gram matrices [N, N]."),
      .number(
        "sigma", \.sigma, 0...1e6,
        "The width of the Gaussian kernel; 0: half the median distance of the images."
      ).only("with kernel 'gaussian'") { config, _ in config.kernel == .gaussian },
      .integer("rff_dim", \.frequencies, 1...8192, "The number r of random frequencies; 2 r maps.")
        .only("with kernel 'gaussian' and route 'covariance'") { config, _ in
          config.kernel == .gaussian && config.route == .covariance
        },
      .flag(
        "unit_rows", \.unitRows,
        "Bring rows to unit length before the Gaussian kernel; the linear one always does."
      ).only("with kernel 'gaussian'") { config, _ in config.kernel == .gaussian },
      .number("eps", \.ridge, 0...1, "What is added to the eigenvalues of the text covariance."),
      .number(
        "rcond", \.cutOff, 0...1,
        "Eigenvalues of the text covariance up to this share of the largest count as zero; 0 stands "
          + "for q times 2^-23, with q the width of the mapped text, as in the authors' code."),
      .number("rho", \.rho, 1e-12...1, "The ridge of the Gram route.")
        .only("with route 'gram'") { config, _ in config.route == .gram },
      .integer("modes", \.modes, 1...1000, "The number of leading modes to describe."),
      .integer("exemplars", \.exemplars, 1...10_000, "The number of pairs named for each mode."),
      .choice(
        "correction_kernel", \.correction,
        "Least squares, or cosines between feature columns as in the authors' code."),
      .flag(
        "correction_unit_rows", \.correctionUnitRows,
        "Bring rows to unit length before the correction; the authors' code takes them as they are."
      ),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "schur-entropy", version: "2.0.0",
    summary: "Scores image diversity with the part that prompts explain taken off.",
    references: "arXiv:2412.18645",
    claims: [
      Claim(
        task: "diversity",
        inputs: ["text", "image", .optional("new.text"), .optional("new.image")])
    ])

  /// Keeps the config; there is nothing to learn.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) -> Model {
    Model(config: config)
  }

  /// The scorer.
  public struct Model: FittedMethod {
    let config: Config

    /// Writes the scores, the leading modes and the corrected features.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let text = try inputs.matrix("text")
      let image = try inputs.matrix("image", rows: text.rows)
      guard text.count > 0, image.count > 0 else {
        throw MethodError.contract("diversity needs at least one pair of one number on each side")
      }
      let split = try split(text, image, context)
      if split.whole.trace == 0 {
        context.warn("all images are rows of zeros: they have no direction, and every score is 1")
      }
      context.metric("vendi_image", split.whole.vendi(order: 1))
      try write(split, pairs: text.rows, into: outputs)
      try correct(inputs, text, image, outputs, context)
    }

    private func split(
      _ text: MatrixView<Float>, _ image: MatrixView<Float>, _ context: Context
    ) throws -> any Decomposition {
      guard config.kernel == .gaussian else {
        return config.route == .gram
          ? try GramSplit(
            RowBlocks(text, unit: true).all, RowBlocks(image, unit: true).all, sigma: nil, config)
          : try CovarianceSplit(text, image, map: .linear, unit: true, config, context)
      }
      let sigma =
        config.sigma > 0 ? config.sigma : chosenWidth(image, unit: config.unitRows, context)
      context.metric("sigma", sigma)
      if config.route == .gram {
        return try GramSplit(
          RowBlocks(text, unit: config.unitRows).all, RowBlocks(image, unit: config.unitRows).all,
          sigma: sigma, config)
      }
      let map = FeatureMap(
        frequencies: config.frequencies, width: max(text.columns, image.columns), sigma: sigma,
        context)
      if text.rows < map.width(of: text.columns) {
        return try GramSplit(
          mapped: map(RowBlocks(text, unit: config.unitRows).all),
          map(RowBlocks(image, unit: config.unitRows).all), config, context)
      }
      return try CovarianceSplit(text, image, map: map, unit: config.unitRows, config, context)
    }

    private func write(_ split: any Decomposition, pairs: Int, into outputs: Outputs) throws {
      let (image, text, whole) = (split.unexplained, split.explained, split.whole)
      let orders = [1, 1.5, 2, 2.5, Double.infinity].map { whole.vendi(order: $0) }
      let scalars: [(String, Double)] = [
        ("sce", image.score), ("text_diversity", text.score), ("trace_image", image.trace),
        ("trace_text", text.trace), ("vendi_norm_image", image.normalisedVendi),
        ("vendi_norm_text", text.normalisedVendi), ("vendi_image", orders[0]),
        ("rke_image", orders[2]),
      ]
      for (name, number) in scalars where outputs.wants(name) {
        try outputs.elements(name, of: Double.self, shape: [])[0] = number
      }
      if outputs.wants("vendi_orders") {
        let output = try outputs.elements("vendi_orders", of: Double.self, shape: [5])
        _ = output.update(fromContentsOf: orders)
      }
      let count = min(config.modes, image.values.count)
      if outputs.wants("eig_image") {
        let output = try outputs.elements("eig_image", of: Double.self, shape: [count])
        _ = output.update(fromContentsOf: image.values.reversed().prefix(count))
      }
      guard outputs.wants("modes") else { return }
      let size = min(config.exemplars, pairs)
      let modes = try outputs.elements("modes", of: Int32.self, shape: [count, size])
      for (mode, scores) in split.modeScores(count).enumerated() {
        // The sign of an eigenvector is arbitrary: most pairs shall stand on the positive side.
        let sign = scores.reduce(0, +) < 0 ? -1.0 : 1.0
        let order = scores.indices.sorted {
          (-sign * scores[$0], $0) < (-sign * scores[$1], $1)
        }
        for place in 0..<size { modes[mode * size + place] = Int32(order[place]) }
      }
    }

    private func correct(
      _ inputs: Inputs, _ text: MatrixView<Float>, _ image: MatrixView<Float>, _ outputs: Outputs,
      _ context: Context
    ) throws {
      let isNewOffered = inputs.has("new.text") && inputs.has("new.image")
      guard outputs.wants("correction") || (isNewOffered && outputs.wants("corrected")) else {
        return
      }
      let correction = try Correction(text, image, config)
      if let norm = correction.norm { context.metric("correction_norm", norm) }
      if outputs.wants("correction") {
        let output = try outputs.elements(
          "correction", of: Double.self, shape: [text.columns, image.columns])
        _ = output.update(fromContentsOf: correction.matrix.numbers)
      }
      guard isNewOffered, outputs.wants("corrected") else { return }
      let newText = try inputs.matrix("new.text", columns: text.columns)
      let newImage = try inputs.matrix(
        "new.image", rows: newText.rows, columns: image.columns)
      let corrected = try outputs.matrix(
        "corrected", rows: newText.rows, columns: image.columns)
      correction.write(newText, newImage, into: corrected)
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(SchurEntropy.self, major, minor)
}
