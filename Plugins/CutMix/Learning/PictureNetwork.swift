package import Autograd
package import Layers
internal import Tensors

/// A network of pictures or tokens; a batch `[B, form] -> [B, K]`.
package protocol PictureNetwork: Layer {
  func callAsFunction(_ x: Variable, isTraining: Bool) -> Variable
}

/// Five convolutions of 3 × 3, each with batch norm and ReLU, their mean over all places, and a linear
/// layer: `cnn-s`, with about 140,000 parameters at a width of 32.
package struct SmallConvolutionNetwork: PictureNetwork {
  private let blocks: [ConvolutionBlock]
  private let head: Linear

  package init(planes: Int, classCount: Int, width: Int, seed: UInt64) {
    let layers = [(width, 1), (width, 2), (2 * width, 1), (2 * width, 2), (4 * width, 1)]
    var inputs = planes
    blocks = layers.enumerated().map { place, layer in
      defer { inputs = layer.0 }
      return ConvolutionBlock(
        "conv\(place + 1)", inputs: inputs, outputs: layer.0, stride: layer.1, seed: seed)
    }
    head = Linear("head", inputs: 4 * width, outputs: classCount, seed: seed)
  }

  package var parameters: [NetworkParameter] { blocks.flatMap(\.parameters) + head.parameters }

  package func callAsFunction(_ x: Variable, isTraining: Bool) -> Variable {
    let maps = blocks.reduce(x) { $1($0, isTraining: isTraining) }
    return head(maps.globalAveragePool())
  }
}

/// The residual network of CIFAR with one block a stage: `resnet8`, 16, 32 and 64 channels at a width
/// of 16.
package struct SmallResidualNetwork: PictureNetwork {
  private let stem: ConvolutionBlock
  private let stages: [Stage]
  private let head: Linear

  /// Two convolutions and a shortcut, which is a convolution where the extents change.
  private struct Stage: Layer {
    let first: ConvolutionBlock
    let second: Convolution
    let norm: BatchNorm
    let shortcut: Convolution?

    init(_ name: String, inputs: Int, outputs: Int, stride: Int, seed: UInt64) {
      first = ConvolutionBlock(
        "\(name).a", inputs: inputs, outputs: outputs, stride: stride, seed: seed)
      second = Convolution(
        "\(name).b.conv", inputs: outputs, outputs: outputs, size: 3,
        geometry: WindowGeometry(padding: 1), hasBias: false, seed: seed)
      norm = BatchNorm("\(name).b.bn", channels: outputs)
      shortcut =
        stride == 1 && inputs == outputs
        ? nil
        : Convolution(
          "\(name).shortcut", inputs: inputs, outputs: outputs, size: 1,
          geometry: WindowGeometry(stride: stride), hasBias: false, seed: seed)
    }

    var parameters: [NetworkParameter] {
      first.parameters + second.parameters + norm.parameters + (shortcut?.parameters ?? [])
    }

    func callAsFunction(_ x: Variable, isTraining: Bool) -> Variable {
      let inner = norm(second(first(x, isTraining: isTraining)), isTraining: isTraining)
      return (inner + (shortcut.map { $0(x) } ?? x)).relu()
    }
  }

  package init(planes: Int, classCount: Int, width: Int, seed: UInt64) {
    stem = ConvolutionBlock("stem", inputs: planes, outputs: width, seed: seed)
    var inputs = width
    stages = [(1, 1), (2, 2), (4, 2)].enumerated().map { place, form in
      defer { inputs = form.0 * width }
      return Stage(
        "stage\(place + 1)", inputs: inputs, outputs: form.0 * width, stride: form.1, seed: seed)
    }
    head = Linear("head", inputs: 4 * width, outputs: classCount, seed: seed)
  }

  package var parameters: [NetworkParameter] {
    stem.parameters + stages.flatMap(\.parameters) + head.parameters
  }

  package func callAsFunction(_ x: Variable, isTraining: Bool) -> Variable {
    let maps = stages.reduce(stem(x, isTraining: isTraining)) { $1($0, isTraining: isTraining) }
    return head(maps.globalAveragePool())
  }
}

/// A hidden layer for each token, the mean over the tokens, and a linear layer; `[B, P, D] -> [B, K]`.
package struct TokenNetwork: PictureNetwork {
  private let hidden: Linear?
  private let head: Linear

  /// Makes a network; a width of 0 leaves the hidden layer out.
  package init(depth: Int, classCount: Int, width: Int, seed: UInt64) {
    hidden = width > 0 ? Linear("token", inputs: depth, outputs: width, seed: seed) : nil
    head = Linear("head", inputs: width > 0 ? width : depth, outputs: classCount, seed: seed)
  }

  package var parameters: [NetworkParameter] { (hidden?.parameters ?? []) + head.parameters }

  package func callAsFunction(_ x: Variable, isTraining: Bool) -> Variable {
    head((hidden.map { $0(x, activation: .gelu) } ?? x).mean(axes: [1]))
  }
}
