public import Autograd
internal import Tensors

/// A convolution of images; `[N, C, H, W] -> [N, K, H', W']`.
public struct Convolution: Layer {
  /// The kernel `[K, C / groups, size, size]`, named `<name>.weight`.
  public let weight: NetworkParameter
  /// The bias `[K]`, named `<name>.bias`.
  public let bias: NetworkParameter?
  /// How the windows slide.
  public let geometry: WindowGeometry
  /// The groups of channels that do not see each other.
  public let groups: Int

  /// Makes a layer from normal draws of variance 2 / (C size²) and a bias of 0.
  ///
  /// The draws of He and others, 2015, equation 10.
  public init(
    _ name: String, inputs: Int, outputs: Int, size: Int,
    geometry: WindowGeometry = WindowGeometry(), groups: Int = 1, hasBias: Bool = true,
    seed: UInt64? = 0
  ) {
    precondition(groups > 0 && inputs.isMultiple(of: groups), "groups divide the channels")
    let area = inputs / groups * size * size
    weight = NetworkParameter(
      "\(name).weight", shape: [outputs, inputs / groups, size, size],
      .normal(deviation: (2 / Float(max(area, 1))).squareRoot()), seed: seed)
    bias = hasBias ? NetworkParameter("\(name).bias", shape: [outputs], filledWith: 0) : nil
    self.geometry = geometry
    self.groups = groups
  }

  /// The kernel and the bias.
  public var parameters: [NetworkParameter] { [weight] + (bias.map { [$0] } ?? []) }

  /// Applies the layer.
  public func callAsFunction(_ x: Variable) -> Variable {
    x.conv2d(weight.on(x), bias?.on(x), geometry: geometry, groups: groups)
  }
}

/// Convolution, batch norm and activation; with a shortcut where `isResidual`.
public struct ConvolutionBlock: Layer {
  /// The convolution without bias, named `<name>.conv`.
  public let convolution: Convolution
  /// The norm, named `<name>.bn`.
  public let norm: BatchNorm
  /// What follows the norm.
  public let activation: Activation
  /// Whether the input is added before the activation.
  public let isResidual: Bool

  /// Makes a block whose padding keeps the size of an image at a stride of 1.
  public init(
    _ name: String, inputs: Int, outputs: Int, size: Int = 3, stride: Int = 1,
    activation: Activation = .relu, isResidual: Bool = false, seed: UInt64? = 0
  ) {
    precondition(
      !isResidual || (inputs == outputs && stride == 1 && !size.isMultiple(of: 2)),
      "a shortcut needs as many channels and pixels behind the block as before it")
    convolution = Convolution(
      "\(name).conv", inputs: inputs, outputs: outputs, size: size,
      geometry: WindowGeometry(stride: stride, padding: size / 2), hasBias: false, seed: seed)
    norm = BatchNorm("\(name).bn", channels: outputs)
    self.activation = activation
    self.isResidual = isResidual
  }

  /// Those of the convolution and of the norm.
  public var parameters: [NetworkParameter] { convolution.parameters + norm.parameters }

  /// Applies the block.
  public func callAsFunction(_ x: Variable, isTraining: Bool) -> Variable {
    let normed = norm(convolution(x), isTraining: isTraining)
    return (isResidual ? normed + x : normed).activated(activation)
  }
}
