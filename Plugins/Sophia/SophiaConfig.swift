public import AssayKit
internal import Layers
internal import Learners
internal import Problems
internal import Random
internal import SophiaLearning

extension Sophia {
  /// What steps are taken by.
  enum Rule: String, CaseIterable, Sendable {
    case sophiaH = "sophia-h"
    case sophiaG = "sophia-g"
    case adamw, lion, sgd

    var isSophia: Bool { self == .sophiaH || self == .sophiaG }
  }

  /// How the rate goes on after the warm-up.
  enum Fall: String, CaseIterable, Sendable {
    case cosine, constant
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var optimizer = Rule.sophiaH
    var rate = 1e-3
    var schedule = Fall.cosine
    var warmup = 0.05
    var floor = 0.05
    var weightDecay = 0.1
    var clip = 1.0
    var betas: [Double] = []
    var momentum = 0.9
    var epsilon = 0.0
    var gamma = 0.0
    var interval = 10
    var loop = Descent.Loop.paper
    var correctsMean = false
    var correctsCurvature = false

    private static let ofSophia = "for sophia-g and sophia-h"

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .choice(
        "optimizer", \.optimizer,
        "The rule; sophia-g draws labels (likelihoods only), sophia-h takes two more gradients."),
      .number("lr", \.rate, 1e-9...1e3, "The greatest rate."),
      .choice("schedule", \.schedule, "What the rate does after the warm-up."),
      .number("warmup", \.warmup, 0...1, "The share of the steps in which the rate rises."),
      .number("floor", \.floor, 0...1, "The share of the rate that the cosine ends at.")
        .only("with the cosine") { config, _ in config.schedule == .cosine },
      .number("weight_decay", \.weightDecay, 0...10, "The decay of matrices, apart from the step."),
      .number("clip", \.clip, 0...1e6, "The norm that a gradient is cut to; 0 for none."),
      .numbers(
        "betas", \.betas, 0...0.999999, count: 0...2,
        "β₁ and β₂; empty for 0.965, 0.99 (Sophia), 0.9, 0.95 (AdamW), 0.95, 0.98 (Lion)."
      )
      .only("for rules other than sgd") { config, _ in config.optimizer != .sgd },
      .number("momentum", \.momentum, 0...0.9999, "The momentum of sgd.")
        .only("for sgd") { config, _ in config.optimizer == .sgd },
      .number("eps", \.epsilon, 0...1, "The least divisor; 0 for 1e-12 (Sophia), 1e-8 (AdamW).")
        .only("for rules that divide") { config, _ in
          config.optimizer.isSophia || config.optimizer == .adamw
        },
      .number("gamma", \.gamma, 0...1e3, "γ, or ρ; 0 for 0.05 (sophia-g), 0.01 (sophia-h).")
        .only(ofSophia) { config, _ in config.optimizer.isSophia },
      .integer("k", \.interval, 1...100_000, "The steps from one curvature to the next.")
        .only(ofSophia) { config, _ in config.optimizer.isSophia },
      .choice(
        "loop", \.loop,
        "paper: curvatures before a step on its batch; released: after it, on the next, cut."
      )
      .only(ofSophia) { config, _ in config.optimizer.isSophia },
      .flag("correct_mean", \.correctsMean, "Divide the mean of gradients by its share so far.")
        .only(ofSophia) { config, _ in config.optimizer.isSophia },
      .flag("correct_curvature", \.correctsCurvature, "The same for curvatures; for short runs.")
        .only(ofSophia) { config, _ in config.optimizer.isSophia },
    ]
    /// The defaults.
    public init() {}

    /// A run on a problem in so many steps.
    func descent(on problem: any Problem, steps: Int, random: Philox) -> Descent {
      let warmup = min(Int((self.warmup * Double(steps)).rounded()), steps)
      let fall: Schedule =
        schedule == .constant
        ? .constant(rate: rate, warmup: warmup)
        : .cosine(CosineSchedule(rate: rate, steps: steps, warmup: warmup, floor: floor * rate))
      var descent = Descent(
        problem,
        optimiser: Optimiser(problem.parameters, rule: rule, weightDecay: weightDecay),
        schedule: fall, random: random)
      descent.normLimit = clip > 0 ? clip : nil
      descent.interval = interval
      descent.loop = loop
      switch optimizer {
      case .sophiaG: descent.estimator = .gaussNewton
      case .sophiaH: descent.estimator = .hutchinson
      case .adamw, .lion, .sgd: break
      }
      return descent
    }

    private var rule: UpdateRule {
      func betas(_ first: Double, _ second: Double) -> (Double, Double) {
        (self.betas.first ?? first, self.betas.count > 1 ? self.betas[1] : second)
      }
      switch optimizer {
      case .sgd: return .sgd(momentum: momentum)
      case .lion: return .lion(betas: betas(0.95, 0.98))
      case .adamw: return .adamW(betas: betas(0.9, 0.95), epsilon: epsilon > 0 ? epsilon : 1e-8)
      case .sophiaG, .sophiaH:
        var constants = SophiaUpdate.Constants()
        constants.betas = betas(0.965, 0.99)
        constants.gamma = gamma > 0 ? gamma : optimizer == .sophiaG ? 0.05 : 0.01
        if epsilon > 0 { constants.epsilon = epsilon }
        constants.correctsMean = correctsMean
        constants.correctsCurvature = correctsCurvature
        let chosen = constants
        return UpdateRule { count, decay in
          SophiaUpdate(count: count, weightDecay: decay, constants: chosen)
        }
      }
    }
  }
}
