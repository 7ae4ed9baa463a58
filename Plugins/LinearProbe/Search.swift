internal import AssayKit
internal import Glibc
internal import Learners
internal import LinearAlgebra

/// The validation rows that C is chosen on.
struct Validation {
  let rows: Matrix<Float>
  let labels: [Int32]

  /// Takes the first min(shots, limit) rows of each class; nil when the setting offers none.
  init?(_ inputs: Inputs, _ classCount: Int, _ shots: Int, _ config: LinearProbe.Config) throws {
    guard inputs.has("val.labels"), let all = try inputs.matrix(ifOffered: "val.features"),
      all.rows > 0
    else { return nil }
    let labels = try inputs.labels("val.labels", below: classCount, count: all.rows)
    let limit = config.validationRows == 0 ? all.rows : min(shots, config.validationRows)
    var taken = [Int](repeating: 0, count: classCount)
    let chosen = labels.indices.filter { row in
      taken[Int(labels[row])] += 1
      return taken[Int(labels[row])] <= limit
    }
    var rows = Matrix<Float>(rows: chosen.count, columns: all.columns)
    rows.withMutableView { view in
      for (place, row) in chosen.enumerated() {
        all.withRow(row) { _ = view.row(place).update(fromContentsOf: $0) }
      }
      if config.takesUnitRows { view.normaliseRows() }
    }
    self.rows = rows
    self.labels = chosen.map { labels[$0] }
  }
}

/// CoOp's search for C: powers of ten, then halving in log C.
struct Search {
  let probe: LogisticRegression
  let config: LinearProbe.Config
  let context: Context
  let present: [Int32]
  /// The fits that ended too far from the least objective.
  private var unfinished: [LogisticRegression.Fit] = []

  init(
    probe: LogisticRegression, config: LinearProbe.Config, context: Context, present: [Int32]
  ) {
    self.probe = probe
    self.config = config
    self.context = context
    self.present = present
  }

  struct Fit {
    var c: Double
    var result: LogisticRegression.Fit
    var accuracy = 0.0
  }

  /// Fits with one C, from the parameters of a neighbour on.
  mutating func fit(_ c: Double, from neighbour: Fit?) throws -> Fit {
    try context.checkCancellation()
    let result = probe.fit(
      c: c, from: neighbour?.result, tolerance: config.tolerance,
      maximumIterations: config.maximumIterations)
    guard result.stop != .notFinite else {
      throw MethodError.numeric("the loss of the training rows is not finite")
    }
    if !result.hasConverged { unfinished.append(result) }
    return Fit(c: c, result: result)
  }

  /// Warns of fits that are not what their C asks for.
  func reportUnfinished() {
    guard let worst = unfinished.max(by: { $0.gap < $1.gap }) else { return }
    context.warn(
      "\(unfinished.count) fits ended early; at C = \(worst.c) the objective was still about "
        + "\((1e4 * worst.gap).rounded() / 100) % above its minimum after \(worst.iterations) steps"
    )
  }

  /// Finds the C with the best accuracy on the validation rows.
  mutating func run(_ validation: Validation) throws -> Fit {
    var best: Fit?
    var last: Fit?
    // Ascending, so that each fit starts near its end; of equal ones the largest C wins.
    for exponent in stride(from: -6.0, through: 6, by: 2) {
      let next = try fit(pow(10, exponent), from: last, on: validation)
      if next.accuracy >= best?.accuracy ?? 0 { best = next }
      last = next
      context.progress((exponent + 6) / 24, "search")
    }
    guard let best else { throw MethodError.internal("the search for C tried nothing") }
    var low = try fit(best.c / 10, from: best, on: validation)
    var high = try fit(best.c * 10, from: best, on: validation)
    for round in 1...7 {
      let middle = pow(10, (log10(low.c) + log10(high.c)) / 2)
      if low.accuracy < high.accuracy {
        low = try fit(middle, from: low, on: validation)
      } else {
        high = try fit(middle, from: low, on: validation)
      }
      context.progress(0.5 + Double(round) / 14, "search")
    }
    let winner = low.accuracy < high.accuracy ? high : low
    context.metric("val_accuracy", winner.accuracy)
    context.metric("val_budget", Double(validation.labels.count))
    return winner
  }

  private mutating func fit(
    _ c: Double, from neighbour: Fit?, on validation: Validation
  ) throws -> Fit {
    var fit = try fit(c, from: neighbour)
    let logits = LogisticRegression.logits(
      validation.rows.view, probe.parameters(of: fit.result), classCount: present.count)
    let answers = logits.view.argmaxRows()
    let right = zip(answers, validation.labels).count { present[Int($0)] == $1 }
    fit.accuracy = Double(right) / Double(validation.labels.count)
    return fit
  }
}
