public import AssayKit
internal import Glibc
internal import Numerics

/// Gaussian discriminant analysis with one shared covariance, added to the zero-shot classifier.
///
/// Wang et al., "A Hard-to-Beat Baseline for Training-free CLIP-based Adaptation", ICLR 2024.
/// With class means μ `[K, D]` and the pooled covariance Σ (divisor N - 1) of N unit rows:
///
///     P = D · ((N - 1) Σ + tr(Σ) I)⁻¹          Kubokawa and Srivastava's ridge
///     W = P μᵀ,  b = log π - ½ diag(μ P μᵀ)
///     logits = scale · x tᵀ + α (x W + b)
///
/// α is the first of the ascending grid with the best accuracy on the validation rows.
public struct GDA: Method {
  /// The class priors π.
  enum Prior: String, CaseIterable, Sendable {
    case uniform, empirical
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var alpha = 1.0
    var search = true
    var alphas = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]
    var prior = Prior.uniform
    var scale = 100.0

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .number("alpha", \.alpha, 0...1e4, "Weight of the Gaussian term without a search."),
      .flag("search", \.search, "Choose alpha on the validation rows where there are any."),
      .numbers("alphas", \.alphas, 0...1e4, "The grid of the search; taken in ascending order."),
      .choice("prior", \.prior, "Class priors: equal, or the shares of the training rows."),
      .number("scale", \.scale, 0...1e4, "The logit scale of the zero-shot term, 100 in CLIP."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "gda", version: "1.0.0",
    summary: "Adds a shared-covariance Gaussian classifier to the zero-shot classifier.",
    references: "arXiv:2402.04087", traits: [.deterministic, .rowIndependent],
    claims: [
      Claim(
        task: "classify",
        inputs: [
          "train.features", "train.labels", .optional("train.views"), .optional("val.features"),
          .optional("val.labels"), .optional("text.class"), .optional("text.prompts"),
          "class.count", "query.features",
        ])
    ])

  /// Estimates the Gaussians, then α.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> Model {
    let text = try inputs.classText()
    let zeroShot = Model(
      weights: text, bias: [Float](repeating: 0, count: text.rows), scale: Float(config.scale))
    guard let gaussian = try gaussianTerm(inputs, text, config, context) else { return zeroShot }
    let alpha = try chooseAlpha(inputs, zeroShot, gaussian, config, context)
    context.metric("alpha", alpha)
    // One product answers a query: x (scale tᵀ + α W) + α b.
    var weights = gaussian.weights
    weights.withMutableView { sum in
      text.view.withNumbers { text in
        for index in text.indices {
          sum.numbers[index] = zeroShot.scale * text[index] + Float(alpha) * sum.numbers[index]
        }
      }
    }
    return Model(weights: weights, bias: gaussian.bias.map { Float(alpha) * $0 }, scale: 1)
  }

  /// W and b, or nil when the rows do not vary around their class means.
  private static func gaussianTerm(
    _ inputs: Inputs, _ text: Matrix<Float>, _ config: Config, _ context: Context
  ) throws -> Model? {
    let (classCount, width) = (text.rows, text.columns)
    let shots = try inputs.matrix("train.features", columns: width)
    let shotLabels = try inputs.labels("train.labels", below: classCount, count: shots.rows)
    let views = try inputs.matrices(ifOffered: "train.views", rows: shots.rows, columns: width)
    let rows = views?.flattened ?? shots
    let labels = (0..<rows.rows).map { shotLabels[$0 % max(shots.rows, 1)] }
    let statistics = ClassStatistics(
      rows: rows, labels: labels, classCount: classCount, unitRows: true)
    var precision = statistics.scatter()
    let ridge = precision.trace / Float(max(rows.rows - 1, 1))
    guard ridge > 0 else {
      context.note(
        "the pooled covariance of \(rows.rows) training rows is zero, so its pseudo-inverse makes "
          + "the Gaussian term vanish: the result is the zero-shot classifier")
      return nil
    }
    for index in 0..<width { precision[index, index] += ridge }
    let means = means(of: statistics, context)
    var weights = means
    guard solveSymmetric(precision, rows: &weights) else {
      throw MethodError.numeric("the covariance of the training rows is not finite")
    }
    weights.scale(by: Float(width))
    let bias = (0..<classCount).map { label in
      let count = Double(config.prior == .uniform ? 1 : max(statistics.counts[label], 1))
      let total = Double(config.prior == .uniform ? classCount : rows.rows)
      let quadratic = means.view.withRow(label) { mean in
        weights.view.withRow(label) { weight in
          mean.indices.reduce(0.0) { $0 + Double(mean[$1]) * Double(weight[$1]) }
        }
      }
      return Float(log(count / total) - quadratic / 2)
    }
    return Model(weights: weights, bias: bias, scale: 1)
  }

  /// The class means; a class without rows takes the mean of the others, which favours no side.
  private static func means(of statistics: ClassStatistics, _ context: Context) -> Matrix<Float> {
    var means = statistics.means
    let absent = statistics.absentClasses
    guard !absent.isEmpty else { return means }
    let present = Float(means.rows - absent.count)
    let share = statistics.counts.map { $0 == 0 ? 0 : 1 / present }
    let centre = gemv(means.view.transposed, share)
    means.withMutableView { view in
      for label in absent { _ = view.row(label).update(fromContentsOf: centre) }
    }
    context.note(
      "\(absent.count) of \(means.rows) classes have no training row: they take the mean of the "
        + "class means")
    return means
  }

  /// The α of the grid that answers most validation rows; the smallest of equal ones.
  private static func chooseAlpha(
    _ inputs: Inputs, _ zeroShot: Model, _ gaussian: Model, _ config: Config, _ context: Context
  ) throws -> Double {
    guard config.search, inputs.has("val.labels"),
      let rows = try inputs.matrix(ifOffered: "val.features", columns: zeroShot.weights.columns),
      rows.rows > 0
    else { return config.alpha }
    let labels = try inputs.labels("val.labels", below: zeroShot.weights.rows, count: rows.rows)
    let (base, extra) = (zeroShot.logits(rows), gaussian.logits(rows))
    let grid = config.alphas.sorted()
    var correct = [Int](repeating: 0, count: grid.count)
    for (row, label) in labels.enumerated() {
      base.view.withRow(row) { base in
        extra.view.withRow(row) { extra in
          for (place, alpha) in grid.enumerated()
          where argmax(base, extra, Float(alpha)) == Int(label) { correct[place] += 1 }
        }
      }
    }
    // The paper's code starts from accuracy 0 at α = 0.1 and takes only strict improvements.
    var best = (alpha: 0.1, correct: 0)
    for (alpha, count) in zip(grid, correct) where count > best.correct { best = (alpha, count) }
    context.metric("val_accuracy", Double(best.correct) / Double(rows.rows))
    return best.alpha
  }

  private static func argmax(
    _ base: UnsafeBufferPointer<Float>, _ extra: UnsafeBufferPointer<Float>, _ alpha: Float
  ) -> Int {
    var best = (index: 0, value: -Float.infinity)
    for index in 0..<base.count {
      let value = base[index] + alpha * extra[index]
      if value > best.value { best = (index, value) }
    }
    return best.index
  }

  /// A linear classifier `scale · x wᵀ + b` of unit rows.
  public struct Model: FittedMethod {
    let weights: Matrix<Float>
    let bias: [Float]
    let scale: Float

    func logits(_ rows: MatrixView<Float>) -> Matrix<Float> {
      Matrix(rows: rows.rows, columns: weights.rows) { write(rows, into: $0) }
    }

    private func write(_ rows: MatrixView<Float>, into logits: MutableMatrixView<Float>) {
      gemm(rows, weights.view.transposed, into: logits, scale: scale)
      logits.scaleRows(by: rows.inverseRowNorms(), adding: bias)
    }

    /// Writes the logits of the query rows.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let queries = try inputs.matrix("query.features", columns: weights.columns)
      write(queries, into: try outputs.matrix("logits", rows: queries.rows, columns: weights.rows))
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(GDA.self, major, minor)
}
