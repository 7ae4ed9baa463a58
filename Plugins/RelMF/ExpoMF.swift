public import AssayKit
internal import Glibc
internal import LinearAlgebra
internal import Random

/// Matrix factorisation with exposure as a latent variable, the baseline of rel-mf.
///
/// Liang, Charlin, McInerney and Blei, "Modeling User Exposure in Recommendation", WWW 2016, with one
/// exposure probability μ for each item. Seen pairs have `y ~ N(p·q, 1/λ)`, others 0. Each iteration
/// solves for the users, the items, then μ, each time with the posterior of exposure at hand:
///
///     P(seen) = 1 if clicked, else μ N(0 | p·q, 1/λ) / (μ N(0 | p·q, 1/λ) + 1 - μ)
///     μ = (a + Σ_u P(seen) - 1) / (a + b + U - 2)
///
/// The trainer published with Saito et al. (WSDM 2020) has √(λ / 2 · π) in N(0 | p·q, 1/λ), π times the
/// √(λ / (2 π)) of the density, and adds 1e-8 to it; `density` offers that too.
///
/// Scores are the logits of p·q, clipped to 0.001...0.999, plus what the clip cut off: the order
/// stays that of p·q.
public struct ExpoMF: Method {
  /// What stands for N(0 | p·q, 1/λ).
  enum Density: String, CaseIterable, Sendable {
    case normal, published

    /// The factor of `exp(-λ (p·q)² / 2)`, and what is added.
    func constants(precision: Double) -> (peak: Double, floor: Double) {
      switch self {
      case .normal: ((precision / (2 * .pi)).squareRoot(), 0)
      case .published: ((precision / 2 * .pi).squareRoot(), 1e-8)
      }
    }
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var dimension = 10
    var iterations = 10
    var precision = 1.0
    var penalty = 1e-5
    var initialExposure = 0.01
    var priorSeen = 1.0
    var priorUnseen = 1.0
    var density = Density.normal

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .integer("dim", \.dimension, 1...1024, "The number of factors."),
      .integer("iterations", \.iterations, 0...1000, "Rounds over users, items and exposure."),
      .number("precision", \.precision, 1e-3...1e3, "The precision λ of a click that is seen."),
      .number("l2", \.penalty, 1e-8...1e3, "The precision of the factors."),
      .number("initial_exposure", \.initialExposure, 1e-6...0.999, "Every item's μ at the start."),
      .number("prior_seen", \.priorSeen, 1...1e6, "a of the beta prior of μ."),
      .number("prior_unseen", \.priorUnseen, 1...1e6, "b of the beta prior of μ."),
      .choice(
        "density", \.density,
        "Of a pair without a click, if seen: the normal one, or the published trainer's."),
    ]
    /// The defaults.
    public init() {}
  }

  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "expo-mf", version: "1.1.0",
    summary: "Factorises clicks with the exposure of each pair as a latent variable.",
    references: "arXiv:1510.07025", traits: [.rowIndependent],
    claims: [
      Claim(
        task: "recommend", inputs: ["interactions", "user.count", "item.count", "query.pairs"])
    ])

  /// Alternates the posterior of exposure and ridge regressions.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) throws -> FactorModel {
    let (userCount, itemCount) = try worldSize(inputs)
    let pairs = try Pairs(inputs, "interactions", userCount: userCount, itemCount: itemCount)
    let ones = [Float](repeating: 1, count: pairs.count)
    let byUser = Clicks(pairs, weights: ones, userCount: userCount)
    let byItem = Clicks(
      Pairs(users: pairs.items, items: pairs.users), weights: ones, userCount: itemCount)
    var random = Philox(key: context.seed, stream: context.stream)
    func draw(_ count: Int) -> Matrix<Double> {
      let numbers = (0..<count * config.dimension).map { _ in 0.01 * random.normal() }
      return Matrix(numbers, rows: count, columns: config.dimension)
    }
    var users = draw(userCount)
    var items = draw(itemCount)
    var exposure = [Double](repeating: config.initialExposure, count: itemCount)
    for iteration in 0..<config.iterations {
      try context.checkCancellation()
      context.progress(Double(iteration) / Double(config.iterations), "rounds")
      try solve(&users, byUser, against: items, config) { exposure[$1] }
      try solve(&items, byItem, against: users, config) { row, _ in exposure[row] }
      var seen = [Double](repeating: 0, count: itemCount)
      for user in 0..<userCount {
        let posterior = posterior(user, users, byUser, items, config) { exposure[$1] }
        for (item, probability) in posterior.enumerated() { seen[item] += probability }
      }
      let (a, b) = (config.priorSeen, config.priorUnseen)
      exposure = seen.map { sum in
        // A flat prior would leave 0 / 0 for one user who has seen nothing.
        let mean = (a + sum - 1) / max(a + b + Double(userCount) - 2, 1)
        return min(max(mean, 1e-6), 1 - 1e-6)
      }
    }
    let rows = Matrix(
      (users.numbers + items.numbers).map { Float($0) }
        + [Float](repeating: 0, count: users.columns),
      rows: userCount + itemCount + 1, columns: users.columns)
    return FactorModel(
      factors: Factors(userCount: userCount, itemCount: itemCount, rows: rows),
      itemPropensity: exposure.map { Float($0) },
      logit: { score in
        let mean = min(max(score, 0.001), 0.999)
        return logf(mean / (1 - mean)) + score - mean
      })
  }

  // MARK: Steps

  /// Replaces each row by its ridge regression on the columns, weighted by the posterior P of
  /// exposure: `(λ Σ P q qᵀ + l2)⁻¹ λ Σ_clicked q`.
  private static func solve(
    _ rows: inout Matrix<Double>, _ clicks: Clicks, against columns: Matrix<Double>,
    _ config: Config, exposure: (_ row: Int, _ column: Int) -> Double
  ) throws(MethodError) {
    for row in 0..<rows.rows {
      let weights = posterior(row, rows, clicks, columns, config, exposure: exposure)
      var weighted = columns
      weighted.withMutableView { weighted in
        for (column, weight) in weights.enumerated() {
          for index in 0..<weighted.columns {
            weighted[column, index] *= config.precision * weight
          }
        }
      }
      var system = gemm(columns.view.transposed, weighted.view)
      for index in 0..<system.rows { system[index, index] += config.penalty }
      var solution = Matrix<Double>(rows: 1, columns: rows.columns)
      solution.withMutableView { solution in
        for click in clicks.starts[row]..<clicks.starts[row + 1] {
          columns.view.withRow(Int(clicks.pairs.items[click])) { column in
            for index in 0..<column.count {
              solution.numbers[index] += config.precision * column[index]
            }
          }
        }
      }
      guard let factor = Cholesky(system) else {
        throw .numeric("the equations of row \(row) are singular; raise 'l2'")
      }
      factor.solve(rows: &solution)
      rows.withMutableView { _ = $0.row(row).update(fromContentsOf: solution.numbers) }
    }
  }

  /// The probability that each column was seen by a row, given what was clicked.
  private static func posterior(
    _ row: Int, _ rows: Matrix<Double>, _ clicks: Clicks, _ columns: Matrix<Double>,
    _ config: Config, exposure: (_ row: Int, _ column: Int) -> Double
  ) -> [Double] {
    let (peak, floor) = config.density.constants(precision: config.precision)
    let means = gemv(columns.view, rows.view.withRow(row) { Array($0) })
    var posterior = means.enumerated().map { column, mean in
      let prior = exposure(row, column)
      let seen = prior * (peak * exp(-config.precision * mean * mean / 2) + floor)
      return seen / (seen + 1 - prior)
    }
    for click in clicks.starts[row]..<clicks.starts[row + 1] {
      posterior[Int(clicks.pairs.items[click])] = 1
    }
    return posterior
  }
}
