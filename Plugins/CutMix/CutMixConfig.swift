public import AssayKit
internal import MixingLearning

extension CutMix {
  /// What is done to the pictures of a batch.
  enum Mode: String, CaseIterable, Sendable {
    case cutmix
    case featureCutmix = "feature-cutmix"
    case cutout, mixup, none

    var mixing: MixingMode {
      switch self {
      case .cutmix, .featureCutmix: .cutmix
      case .cutout: .cutout
      case .mixup: .mixup
      case .none: .none
      }
    }
  }

  /// What is trained on pictures.
  enum Architecture: String, CaseIterable, Sendable {
    case small = "cnn-s"
    case residual = "resnet8"
  }

  /// How long is trained where no number of epochs is named.
  enum Budget: String, CaseIterable, Sendable {
    case smoke, ci, full

    var epochs: Int {
      switch self {
      case .smoke: 3
      case .ci: 30
      case .full: 200
      }
    }
  }

  /// The parameters of the method.
  public struct Config: MethodConfig {
    var mode = Mode.cutmix
    var alpha = 1.0
    var probability = 0.5
    var side = 0.5
    var budget = Budget.ci
    var epochs = 0
    var batch = 64
    var rate = 0.1
    var momentum = 0.9
    var weightDecay = 1e-4
    var architecture = Architecture.small
    var width = 0
    var pad = 0
    var flips = false

    /// Every parameter.
    public static let parameters: [Parameter<Config>] = [
      .choice(
        "mode", \.mode,
        "cutmix cuts whatever is there, pixels or tokens; feature-cutmix wants tokens."),
      .number("alpha", \.alpha, 0.01...100, "λ is drawn from Beta(α, α); 1 is uniform."),
      .number("prob", \.probability, 0...1, "The share of the steps that mix."),
      .number("side", \.side, 0...1, "The side of cutout's square, of the picture's shorter one.")
        .only("for cutout") { config, _ in config.mode == .cutout },
      .choice("budget", \.budget, "3, 30 or 200 epochs.")
        .only("without epochs") { config, _ in config.epochs == 0 },
      .integer("epochs", \.epochs, 0...1000, "Passes over the pictures; 0: by budget."),
      .integer("batch", \.batch, 1...4096, "The pictures of a step."),
      .number("lr", \.rate, 1e-8...10, "The rate; a tenth from half of the epochs on, and again."),
      .number("momentum", \.momentum, 0...0.9999, "Nesterov's momentum."),
      .number("weight_decay", \.weightDecay, 0...1, "The L2 penalty of all parameters."),
      .choice("net", \.architecture, "The network of pictures.")
        .only("for pictures") { _, inputs in inputs.has("train.images") },
      .integer(
        "width", \.width, 0...128,
        "First channels of the network, or hidden units of tokens; 0: 32, 16 (resnet8), 128 (tokens)."
      ),
      .integer("pad", \.pad, 0...32, "Pictures are moved by up to so many pixels.")
        .only("for pictures") { _, inputs in inputs.has("train.images") },
      .flag("flip", \.flips, "Mirror half of the pictures.")
        .only("for pictures") { _, inputs in inputs.has("train.images") },
    ]
    /// The defaults.
    public init() {}

    /// Why pictures of a form cannot be mixed so; nil where they can.
    func obstacle(to form: PictureForm) -> String? {
      if mode == .featureCutmix, !form.isGrid {
        return "feature-cutmix exchanges tokens, and pictures are offered; use mode=cutmix"
      }
      if mode.mixing.cuts, !form.hasPlaces {
        return
          "\(mode.rawValue) cuts out places, but features of whole pictures have one place only; "
          + "use mode=mixup, or patch tokens"
      }
      return nil
    }

    func plan(for form: PictureForm) -> PictureTraining.Plan {
      var plan = PictureTraining.Plan()
      plan.mode = mode.mixing
      plan.probability = probability
      plan.alpha = alpha
      plan.side = Int((side * Double(min(form.height, form.width))).rounded())
      plan.epochs = epochs > 0 ? epochs : budget.epochs
      plan.batch = batch
      plan.rate = rate
      plan.momentum = momentum
      plan.weightDecay = weightDecay
      plan.pad = pad
      plan.flips = flips
      return plan
    }

    func network(
      for form: PictureForm, classCount: Int, seed: UInt64
    ) -> any PictureNetwork {
      func width(_ usual: Int) -> Int { self.width > 0 ? self.width : usual }
      if form.isGrid {
        return TokenNetwork(
          depth: form.depth, classCount: classCount, width: width(128), seed: seed)
      }
      switch architecture {
      case .small:
        return SmallConvolutionNetwork(
          planes: form.planes, classCount: classCount, width: width(32), seed: seed)
      case .residual:
        return SmallResidualNetwork(
          planes: form.planes, classCount: classCount, width: width(16), seed: seed)
      }
    }
  }
}
