internal import AssayKit
internal import LinearAlgebra

/// The validation rows of the search.
struct Validation {
  let rows: Matrix<Float>
  let labels: [Int32]

  /// Takes the first rows of each class as the config says; nil where there are none.
  init?(
    _ inputs: Inputs, classCount: Int, width: Int, _ config: CapsAdapter.Config
  ) throws {
    guard inputs.has("val.labels"),
      let all = try inputs.matrix(ifOffered: "val.features", columns: width), all.rows > 0
    else { return nil }
    let labels = try inputs.labels("val.labels", below: classCount, count: all.rows)
    var taken = [Int](repeating: 0, count: classCount)
    let kept = labels.indices.filter { row in
      taken[Int(labels[row])] += 1
      return config.validationRows == 0 || taken[Int(labels[row])] <= config.validationRows
    }
    self.labels = kept.map { labels[$0] }
    rows = Matrix(rows: kept.count, columns: width) { rows in
      for (place, row) in kept.enumerated() {
        all.withRow(row) { _ = rows.row(place).update(fromContentsOf: $0) }
      }
    }
  }
}

/// The search for α, β, δ and γ on validation rows; of equal ones the first in that order wins.
///
/// The cache depends on β and δ alone and the divergences on δ alone. At one α, β and δ the γs that
/// answer a row rightly form an interval, found in one pass over the classes.
struct Search {
  let support: Support
  let validation: Validation
  let config: CapsAdapter.Config

  struct Best {
    var constants: Constants
    var correct: Int
  }

  /// The values that are tried, each in ascending order.
  struct Grid {
    var alphas: [Float]
    var betas: [Float]
    var gammas: [Float]
    var deltas: [Float]

    /// 2.2 million constants, those of the released code.
    static let full = Grid(
      alphas: steps(from: 0.1, to: 50, count: 20), betas: steps(from: 1, to: 50, count: 200),
      gammas: steps(from: 0.1, to: 30, count: 50), deltas: (0...10).map { Float($0) / 10 })

    static let coarse = Grid(
      alphas: [0.1, 1, 3, 6, 12, 24, 48], betas: [1, 2, 5, 10, 20, 50],
      gammas: [0, 0.1, 1, 3, 10, 30], deltas: [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1])

    /// `count` values in equal steps, ending one step before `end`.
    private static func steps(from start: Double, to end: Double, count: Int) -> [Float] {
      (0..<count).map { Float(start + Double($0) * (end - start) / Double(count)) }
    }
  }

  /// The best constants, or nil when none answers any row.
  func run(_ context: Context) throws -> Best? {
    var grid = config.search == .full ? Grid.full : Grid.coarse
    replaceAxes(of: &grid)
    context.note(
      "Searched the \(config.search.rawValue) grid of \(grid.alphas.count) alphas, "
        + "\(grid.betas.count) betas, \(grid.deltas.count) deltas and \(grid.gammas.count) gammas "
        + "on \(validation.labels.count) validation rows"
        + (config.search == .coarse ? ", then the neighbours of the best." : "."))
    guard let best = try best(of: grid, context) else { return nil }
    guard config.search == .coarse else { return best }
    let refined = try self.best(of: neighbours(of: best.constants), context)
    if let refined, refined.correct > best.correct { return refined }
    return best
  }

  private func replaceAxes(of grid: inout Grid) {
    func replace(_ axis: inout [Float], by values: [Double]) {
      if !values.isEmpty { axis = values.sorted().map { Float($0) } }
    }
    replace(&grid.alphas, by: config.alphas)
    replace(&grid.betas, by: config.betas)
    replace(&grid.gammas, by: config.gammas)
    replace(&grid.deltas, by: config.deltas)
  }

  /// The constants one step of the full grid away, on the axes that the config leaves to the grid.
  private func neighbours(of best: Constants) -> Grid {
    func axis(_ value: Float, step: Float, _ range: ClosedRange<Float>, _ given: [Double])
      -> [Float]
    {
      guard given.isEmpty else { return [value] }
      return [value - step, value, value + step].filter(range.contains)
    }
    return Grid(
      alphas: axis(best.alpha, step: 2.495, 0...1000, config.alphas),
      betas: axis(best.beta, step: 0.245, 0...1000, config.betas),
      gammas: axis(best.gamma, step: 0.598, 0...1000, config.gammas),
      deltas: axis(best.delta, step: 0.1, 0...1, config.deltas))
  }

  private func best(of grid: Grid, _ context: Context) throws -> Best? {
    // Divergences are the dearer half; where they count nothing they are not computed.
    let extremes =
      grid.gammas.allSatisfy { $0 == 0 }
      ? nil : try support.extremes(of: validation.rows.view, deltas: grid.deltas, context)
    let (betas, deltas, gammas) = (grid.betas.count, grid.deltas.count, grid.gammas.count)
    var correct = [Int32](repeating: 0, count: grid.alphas.count * betas * deltas * gammas)
    let blocks = support.blocks(of: validation.labels.count)
    for (number, range) in blocks.enumerated() {
      let block = support.block(validation.rows.view.rows(range))
      var margins = Margins(
        base: gemm(support.text.view, block.unit.view.transposed, scale: support.scale),
        labels: Array(validation.labels[range]))
      for (place, delta) in grid.deltas.enumerated() {
        try context.checkCancellation()
        context.progress(
          (Double(number) + Double(place) / Double(deltas)) / Double(blocks.count), "search")
        let affinities = block.affinities(delta: delta)
        let term =
          extremes.map { support.divergenceTerm(block, $0, place: place) }
          ?? Matrix(rows: support.text.rows, columns: range.count)
        for (betaPlace, beta) in grid.betas.enumerated() {
          let cache = support.cache(affinities, beta: beta)
          for (alphaPlace, alpha) in grid.alphas.enumerated() {
            margins.find(alpha: alpha, cache: cache.view, term: term.view)
            let start = ((alphaPlace * betas + betaPlace) * deltas + place) * gammas
            for (gammaPlace, gamma) in grid.gammas.enumerated() {
              correct[start + gammaPlace] += margins.count(gamma)
            }
          }
        }
      }
    }
    var best: (place: Int, count: Int32)?
    for (place, count) in correct.enumerated() where count > best?.count ?? 0 {
      best = (place, count)
    }
    return best.map { best in
      Best(
        constants: Constants(
          alpha: grid.alphas[best.place / (betas * deltas * gammas)],
          beta: grid.betas[best.place / (deltas * gammas) % betas],
          gamma: grid.gammas[best.place % gammas],
          delta: grid.deltas[best.place / gammas % deltas]), correct: Int(best.count))
    }
  }
}

/// For each row the open interval of γs at which its own class has the largest logit.
///
/// Against class k the own class y wins where `lead + γ · slope > 0`, with the differences of
/// `base + α · cache` and of the divergence term. Of equal classes the lowest wins; at γ = 0, which
/// the grid holds, logits are equal where texts and keys are, so that it is decided apart.
struct Margins {
  private let base: Matrix<Float>
  private let labels: [Int32]
  private var low: [Float]
  private var high: [Float]
  /// 1 for rows whose own class wins at γ = 0.
  private var winsAtZero: [Int32]

  init(base: Matrix<Float>, labels: [Int32]) {
    self.base = base
    self.labels = labels
    low = labels.map { _ in 0 }
    high = low
    winsAtZero = labels.map { _ in 1 }
  }

  /// Finds the intervals at one α and the cache of one β and δ, all `[K, B]`.
  mutating func find(alpha: Float, cache: MatrixView<Float>, term: MatrixView<Float>) {
    let base = base.view
    let own = labels.indices.map { row in
      base[Int(labels[row]), row] + alpha * cache[Int(labels[row]), row]
    }
    let ownTerm = labels.indices.map { term[Int(labels[$0]), $0] }
    for row in labels.indices {
      (low[row], high[row], winsAtZero[row]) = (-.infinity, .infinity, 1)
    }
    for other in 0..<base.rows {
      base.withRow(other) { base in
        cache.withRow(other) { cache in
          term.withRow(other) { term in
            for row in 0..<base.count {
              let lead = own[row] - (base[row] + alpha * cache[row])
              let slope = ownTerm[row] - term[row]
              let crossing = -lead / slope
              let loses = lead < 0 || (lead == 0 && other < labels[row])
              low[row] = slope > 0 ? max(low[row], crossing) : low[row]
              high[row] = slope < 0 ? min(high[row], crossing) : high[row]
              high[row] = slope == 0 && loses ? -.infinity : high[row]
              winsAtZero[row] = loses ? 0 : winsAtZero[row]
            }
          }
        }
      }
    }
  }

  /// The rows whose interval holds γ.
  func count(_ gamma: Float) -> Int32 {
    if gamma == 0 { return winsAtZero.reduce(0, +) }
    var count: Int32 = 0
    for row in low.indices { count += low[row] < gamma && gamma < high[row] ? 1 : 0 }
    return count
  }
}
