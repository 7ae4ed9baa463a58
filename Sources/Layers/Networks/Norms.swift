public import Autograd
internal import Tensors

/// Layer norm with learnt scale and shift; `[..., D]`.
public struct LayerNorm: Layer {
  /// The scale `[D]`, named `<name>.weight`, from 1.
  public let weight: NetworkParameter
  /// The shift `[D]`, named `<name>.bias`, from 0.
  public let bias: NetworkParameter
  /// What is added to the variance.
  public let epsilon: Float

  /// Makes a layer for rows of some width.
  public init(_ name: String, width: Int, epsilon: Float = 1e-5) {
    weight = NetworkParameter("\(name).weight", shape: [width], filledWith: 1)
    bias = NetworkParameter("\(name).bias", shape: [width], filledWith: 0)
    self.epsilon = epsilon
  }

  /// The scale and the shift.
  public var parameters: [NetworkParameter] { [weight, bias] }

  /// Applies the layer.
  public func callAsFunction(_ x: Variable) -> Variable {
    x.layerNorm(scale: weight.on(x), shift: bias.on(x), epsilon: epsilon)
  }
}

/// Group norm with learnt scale and shift; `[N, C, ...]`.
public struct GroupNorm: Layer {
  /// The scale `[C]`, named `<name>.weight`, from 1.
  public let weight: NetworkParameter
  /// The shift `[C]`, named `<name>.bias`, from 0.
  public let bias: NetworkParameter
  /// How many groups the channels are in.
  public let groups: Int
  /// What is added to the variance.
  public let epsilon: Float

  /// Makes a layer for channels in equal groups.
  public init(_ name: String, channels: Int, groups: Int, epsilon: Float = 1e-5) {
    weight = NetworkParameter("\(name).weight", shape: [channels], filledWith: 1)
    bias = NetworkParameter("\(name).bias", shape: [channels], filledWith: 0)
    self.groups = groups
    self.epsilon = epsilon
  }

  /// The scale and the shift.
  public var parameters: [NetworkParameter] { [weight, bias] }

  /// Applies the layer.
  public func callAsFunction(_ x: Variable) -> Variable {
    x.groupNorm(groups: groups, scale: weight.on(x), shift: bias.on(x), epsilon: epsilon)
  }
}

/// Batch norm with learnt scale and shift, and running moments for prediction; `[N, C, ...]`.
public struct BatchNorm: Layer {
  /// The scale `[C]`, named `<name>.weight`, from 1.
  public let weight: NetworkParameter
  /// The shift `[C]`, named `<name>.bias`, from 0.
  public let bias: NetworkParameter
  /// The running means `[C]`, named `<name>.running_mean`; not trained.
  public let runningMean: NetworkParameter
  /// The running variances `[C]`, divided by n - 1, named `<name>.running_var`; not trained.
  public let runningVariance: NetworkParameter
  /// The share that a batch has in the running moments.
  public let momentum: Float
  /// What is added to the variance.
  public let epsilon: Float

  /// Makes a layer for channels.
  public init(_ name: String, channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
    weight = NetworkParameter("\(name).weight", shape: [channels], filledWith: 1)
    bias = NetworkParameter("\(name).bias", shape: [channels], filledWith: 0)
    runningMean = NetworkParameter(
      "\(name).running_mean", shape: [channels], filledWith: 0, isTrained: false)
    runningVariance = NetworkParameter(
      "\(name).running_var", shape: [channels], filledWith: 1, isTrained: false)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// The scale, the shift and the running moments.
  public var parameters: [NetworkParameter] { [weight, bias, runningMean, runningVariance] }

  /// Applies the layer: in training by the moments of the batch, which enter the running ones, else
  /// by the running ones.
  public func callAsFunction(_ x: Variable, isTraining: Bool) -> Variable {
    let (scale, shift) = (weight.on(x), bias.on(x))
    guard isTraining else {
      let moments = ChannelMoments(
        means: runningMean.numbers, variances: runningVariance.numbers)
      return x.batchNorm(scale: scale, shift: shift, moments: moments, epsilon: epsilon)
    }
    let (result, moments) = x.batchNorm(scale: scale, shift: shift, epsilon: epsilon)
    let number = Float(x.count / x.shape[1])
    let correction = number > 1 ? number / (number - 1) : 1
    blend(moments.means, into: runningMean)
    blend(moments.variances.map { $0 * correction }, into: runningVariance)
    return result
  }

  private func blend(_ numbers: [Float], into running: NetworkParameter) {
    running.withNumbers { all in
      for index in all.indices { all[index] += momentum * (numbers[index] - all[index]) }
    }
  }
}
