package import Tensors

/// What an optimiser came to: the loss of every held-out sample after each of some steps.
package struct OptimisationOutcomes: OutcomeTable {
  /// The recorded steps in rising order; 0 is the start.
  package let steps: [Int32]
  /// The loss of each sample after each recorded step, `[E][n]`.
  package let losses: [[Double]]
  /// The gradients that all steps took, as the method says.
  package let gradients: Double
  /// The share of the first loss that is to be reached; nil where none is named.
  package let target: Double?
  /// How far the farthest parameter is from the least value after each recorded step, where that is
  /// known.
  package let distances: [Double]?
  /// How near it has to come.
  package let radius: Double?

  package let n: Int
  package var givenColumns: [String] {
    ["step"] + (target == nil ? [] : ["target"]) + (radius == nil ? [] : ["radius"])
  }

  package var columns: [String: Tensor] {
    let curve = Shape([n, steps.count])
    func repeated(_ values: [Double]) -> Tensor {
      Tensor(doubles: (0..<n).flatMap { _ in values }, shape: curve)
    }
    func repeated(_ value: Double) -> Tensor {
      Tensor(doubles: [Double](repeating: value, count: n))
    }
    var columns = [
      "step": repeated(steps.map(Double.init)),
      "loss": Tensor(doubles: (0..<n).flatMap { row in losses.map { $0[row] } }, shape: curve),
      "gradients": repeated(gradients),
    ]
    columns["target"] = target.map(repeated)
    columns["distance"] = distances.map(repeated)
    columns["radius"] = radius.map(repeated)
    return columns
  }

  /// Takes the losses of `n` samples after each recorded step.
  package init(
    steps: [Int32], losses: [[Double]], gradients: Double, target: Double? = nil,
    distances: [Double]? = nil, radius: Double? = nil
  ) throws(MetricsError) {
    guard !steps.isEmpty, steps.count == losses.count,
      distances?.count ?? steps.count == steps.count
    else {
      throw MetricsError(
        .invalidInput, "\(losses.count) rows of losses do not go with \(steps.count) steps.")
    }
    let order = steps.indices.sorted { (steps[$0], $0) < (steps[$1], $1) }
    let n = losses[0].count
    for curve in losses { try requireColumn("loss", curve, count: n) }
    self.init(
      checked: order.map { steps[$0] }, losses: order.map { losses[$0] }, gradients, target,
      distances.map { distances in order.map { distances[$0] } }, radius, n)
  }

  /// Takes the outcomes from stored columns.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "gradients")
    func first(_ name: String) throws(MetricsError) -> Double? {
      columns[name] == nil ? nil : try reader.finiteDoubles(name).first
    }
    let steps = try reader.finiteColumns("step").map { Int32($0.first ?? 0) }
    try self.init(
      steps: steps, losses: try reader.finiteColumns("loss"),
      gradients: try first("gradients") ?? 0, target: try first("target"),
      distances: columns["distance"] == nil
        ? nil : try reader.finiteColumns("distance").map { $0.first ?? 0 },
      radius: try first("radius"))
  }

  package func selecting(rows: [Int]) -> OptimisationOutcomes {
    OptimisationOutcomes(
      checked: steps, losses: losses.map { curve in rows.map { curve[$0] } }, gradients, target,
      distances, radius, rows.count)
  }

  private init(
    checked steps: [Int32], losses: [[Double]], _ gradients: Double, _ target: Double?,
    _ distances: [Double]?, _ radius: Double?, _ n: Int
  ) {
    self.steps = steps
    self.losses = losses
    self.gradients = gradients
    self.target = target
    self.distances = distances
    self.radius = radius
    self.n = n
  }
}
