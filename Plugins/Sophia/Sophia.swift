public import AssayKit
internal import LinearAlgebra
internal import Problems
internal import Random
internal import SophiaLearning

/// Sophia and the optimisers that it is measured beside, on any problem of the task `optimise`.
///
/// Liu, Li, Hall, Liang, Ma, "Sophia: A Scalable Stochastic Second-order Optimizer for Language Model
/// Pre-training", 2023. All of them start from the same parameters and meet the same batches.
public struct Sophia: Method {
  /// What the method is called and what it wants.
  public static let descriptor = MethodDescriptor(
    id: "sophia", version: "1.0.0",
    summary: "Optimises by clipped steps over curvatures; AdamW, Lion and SGD beside it.",
    references: "arXiv:2305.14342, arXiv:1711.05101, arXiv:2302.06675",
    claims: [
      claim(["curvature"]), claim(["valley"]),
      claim(["train.rows", "train.labels", "class.count", .optional("hidden")]),
      claim(["text", "layers", "width", "heads", "context"]),
    ])

  private static func claim(_ inputs: [Wanted]) -> Claim {
    Claim(task: "optimise", inputs: ["seed", "batches", "records"] + inputs)
  }

  /// Keeps the config: a problem is solved when it is asked for.
  public static func fit(_ inputs: Inputs, config: Config, context: Context) -> Model {
    Model(config: config)
  }

  /// The optimiser.
  public struct Model: FittedMethod {
    let config: Config

    /// Takes all steps and writes the parameters on the way.
    public func predict(_ inputs: Inputs, into outputs: Outputs, context: Context) throws {
      let request = try Request(inputs)
      let problem = request.problem
      if config.optimizer == .sophiaG, !(problem is any LikelihoodProblem) {
        throw MethodError(
          .unsupported,
          "sophia-g draws labels from class probabilities, which this problem has not; use sophia-h"
        )
      }
      var descent = config.descent(
        on: problem, steps: request.steps, random: Philox(key: context.seed, stream: context.stream)
      )
      var kept: [Int: [Float]] = [0: problem.flatParameters]
      var last = problem.flatParameters
      var losses: [Double] = []
      let wanted = Set(request.records)
      for step in 0..<request.steps {
        if step.isMultiple(of: 16) {
          try context.checkCancellation()
          context.progress(Double(step) / Double(request.steps), "step \(step)")
        }
        let loss = descent.step(step, batches: request.batches)
        let isRecord = wanted.contains(step + 1)
        let parameters = isRecord ? problem.flatParameters : []
        guard loss.isFinite, parameters.allSatisfy(\.isFinite) else {
          context.warn("the loss is not finite from step \(step) on, and no further step was taken")
          break
        }
        losses.append(loss)
        if isRecord {
          last = parameters
          kept[step + 1] = parameters
        }
      }
      try write(request, kept, last, losses, descent, into: outputs)
    }

    private func write(
      _ request: Request, _ kept: [Int: [Float]], _ last: [Float], _ losses: [Double],
      _ descent: Descent, into outputs: Outputs
    ) throws {
      let rows = try outputs.matrix(
        "parameters", rows: request.records.count, columns: last.count)
      for (place, step) in request.records.enumerated() {
        _ = rows.row(place).update(fromContentsOf: kept[step] ?? last)
      }
      try outputs.elements("gradients", of: Double.self, shape: [])[0] =
        Double(descent.gradientCount)
      func write(_ name: String, _ numbers: [Double]) throws {
        guard outputs.wants(name), !numbers.isEmpty else { return }
        _ = try outputs.elements(name, of: Double.self, shape: [numbers.count])
          .update(fromContentsOf: numbers)
      }
      try write(
        "train_loss",
        losses
          + [Double](
            repeating: losses.last ?? 0, count: request.steps - losses.count))
      try write("win_rate", descent.unclippedShares)
      let curvature = descent.curvature
      if outputs.wants("hessian_diag"), !curvature.isEmpty {
        _ = try outputs.elements("hessian_diag", of: Float.self, shape: [curvature.count])
          .update(fromContentsOf: curvature)
      }
    }
  }
}

/// The entry of the library.
@c(assay_plugin_entry)
public func entry(_ major: UInt32, _ minor: UInt32) -> UnsafeRawPointer? {
  export(Sophia.self, major, minor)
}
