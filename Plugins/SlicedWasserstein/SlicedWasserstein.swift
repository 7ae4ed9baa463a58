public import AssayKit
internal import Glibc
internal import LinearAlgebra

/// The sliced Wasserstein distance between two samples, with control variates.
///
/// Nguyen and Ho, "Sliced Wasserstein Estimation with Control Variates", ICLR 2024. Over L unit
/// directions θ, with `w_l` the one-dimensional W_p^p between the projections on `θ_l`:
///
///     sw:        value = mean(w)
///     lcv, ucv:  value = mean(w - α (c - B))
///
/// where `c_l` is a bound on the squared W2 between the Gaussians fitted to the projections, whose
/// mean B over the sphere is known exactly: from below (means only) or above (means and variances).
public struct SlicedWasserstein: Method {
  /// How the distances over the directions become one.
  enum Estimator: String, CaseIterable, Sendable {
    case sw, lcv, ucv
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var estimator = Estimator.ucv
    var directions = 100
    var order = 2.0
    var unbiased = false

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .choice(
        "estimator", \.estimator,
        "Plain mean, or with the lower or the upper control variate."),
      .integer(
        "directions", \.directions, 2...1_000_000,
        "The number of directions to draw where the setting offers none."),
      .number("order", \.order, 1...16, "The order p where the setting names none."),
      .flag(
        "unbiased", \.unbiased,
        "Take the control variate's coefficient from the other half of the directions."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "sliced-wasserstein", version: "1.0.0",
    summary: "Estimates the sliced Wasserstein distance with control variates.",
    references: "arXiv:2305.00402",
    claims: [
      Claim(
        task: "estimate-distance",
        inputs: ["sample.x", "sample.y", .optional("directions"), .optional("order")])
    ])

  /// Keeps the config; there is nothing to learn.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) -> Model {
    Model(config: config)
  }

  /// The estimator.
  public struct Model: FittedMethod {
    let config: Config

    /// Writes the estimate and its parts.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let x = try inputs.matrix("sample.x")
      let y = try inputs.matrix("sample.y", columns: x.columns)
      guard x.count > 0, y.count > 0 else {
        throw MethodError.contract("a distance needs at least one row of one number on both sides")
      }
      let order = inputs.has("order") ? try inputs.scalar("order") : config.order
      guard (1...16).contains(order) else {
        throw MethodError.contract("the order of the distance is \(order); wanted is 1 to 16")
      }
      let directions =
        try inputs.matrix(ifOffered: "directions", columns: x.columns).map(Directions.init(given:))
        ?? Directions(config.directions, width: x.columns, context)
      let sums = try SlicedSums(
        x, y, directions.rows, order: order, variances: config.estimator == .ucv, context)
      guard sums.distances.allSatisfy(\.isFinite) else {
        throw MethodError.numeric("the projections are not finite: the samples are too large")
      }
      let control = ControlVariate(config.estimator, x, y, directions.rows, sums)
      let estimate = Estimate(sums.distances, control, crossFitted: config.unbiased)
      // Finite distances may still overflow when they are squared for the spread.
      guard estimate.value.isFinite, estimate.standardError.isFinite, control.mean.isFinite else {
        throw MethodError.numeric(
          "the estimate or its standard error is not finite: the samples are too large")
      }
      try write(estimate, sums.distances, control, order, into: outputs)
      if estimate.value < 0 {
        context.note("the estimate \(estimate.value) is negative, so the distance is clamped to 0")
      }
    }

    private func write(
      _ estimate: Estimate, _ distances: [Double], _ control: ControlVariate, _ order: Double,
      into outputs: Outputs
    ) throws {
      let scalars: [(String, Double)] = [
        ("value", estimate.value), ("distance", pow(max(estimate.value, 0), 1 / order)),
        ("std_error", estimate.standardError), ("alpha", estimate.alpha),
        ("control_mean", control.mean),
      ]
      for (name, number) in scalars where outputs.wants(name) {
        try outputs.elements(name, of: Double.self, shape: [])[0] = number
      }
      if outputs.wants("clamped") {
        try outputs.elements("clamped", of: UInt8.self, shape: [])[0] = estimate.value < 0 ? 1 : 0
      }
      for (name, numbers) in [("w", distances), ("c", control.values)] where outputs.wants(name) {
        let output = try outputs.elements(name, of: Double.self, shape: [numbers.count])
        _ = output.update(fromContentsOf: numbers)
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(SlicedWasserstein.self, major, minor)
}
