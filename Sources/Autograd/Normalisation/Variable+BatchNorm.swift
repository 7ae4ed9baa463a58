internal import CKernels
internal import Tensors

/// The mean and the variance of each channel of a batch, `[C]` each, the variance divided by n.
public struct ChannelMoments: Sendable {
  /// The means.
  public var means: [Float]
  /// The variances.
  public var variances: [Float]

  /// Puts moments together, such as running ones.
  public init(means: [Float], variances: [Float]) {
    precondition(means.count == variances.count, "one variance for each mean")
    self.means = means
    self.variances = variances
  }
}

extension Variable {
  /// Each channel of `[N, C, ...]` brought to mean 0 and variance 1 over the batch, times `scale`
  /// plus `shift`, `[C]`; and the moments, from which running ones are made.
  ///
  /// Ioffe and Szegedy 2015, algorithm 1.
  public func batchNorm(
    scale: Variable, shift: Variable, epsilon: Float = 1e-5
  ) -> (result: Variable, moments: ChannelMoments) {
    let (rows, channels, size) = channelExtents(scale, shift)
    precondition(rows * size > 0, "batch norm of \(shape) has nothing to take a mean of")
    var moments = ChannelMoments(
      means: [Float](repeating: 0, count: channels),
      variances: [Float](repeating: 0, count: channels))
    assay_shim_channel_moments(address, rows, channels, size, &moments.means, &moments.variances)
    let inverse = moments.variances.map { 1 / ($0 + epsilon).squareRoot() }
    let means = moments.means
    let result = tape.record(shape, of: [self, scale, shift]) {
      affine(means, inverse, scale, shift, into: $0)
    } walk: { gradient in
      let (sums, products) = channelSums(gradient, means, inverse)
      scale.addChannels(products)
      shift.addChannels(sums)
      // dx = γ / σ (g - mean(g) - x̂ mean(g x̂)), written as g u + x v + w.
      let number = Double(rows * size)
      let u = zip(scale.numbers, inverse).map { $0 * $1 }
      let v = (0..<channels).map { -u[$0] * inverse[$0] * Float(products[$0] / number) }
      let w = (0..<channels).map { -u[$0] * Float(sums[$0] / number) - v[$0] * means[$0] }
      addGradient { to, adds in
        assay_shim_channel_combine(
          gradient, address, u, v, w, to, rows, channels, size, adds ? 1 : 0)
      }
    }
    return (result, moments)
  }

  /// Batch norm with moments that are given, as when predicting; `[N, C, ...]`.
  public func batchNorm(
    scale: Variable, shift: Variable, moments: ChannelMoments, epsilon: Float = 1e-5
  ) -> Variable {
    let (rows, channels, size) = channelExtents(scale, shift)
    precondition(
      moments.means.count == channels, "moments of \(moments.means.count) channels for \(shape)")
    let inverse = moments.variances.map { 1 / ($0 + epsilon).squareRoot() }
    let means = moments.means
    return tape.record(shape, of: [self, scale, shift]) {
      affine(means, inverse, scale, shift, into: $0)
    } walk: { gradient in
      let (sums, products) = channelSums(gradient, means, inverse)
      scale.addChannels(products)
      shift.addChannels(sums)
      let u = zip(scale.numbers, inverse).map { $0 * $1 }
      let zeros = [Float](repeating: 0, count: channels)
      addGradient { to, adds in
        assay_shim_channel_combine(
          gradient, address, u, zeros, zeros, to, rows, channels, size, adds ? 1 : 0)
      }
    }
  }

  private func channelExtents(
    _ scale: Variable, _ shift: Variable
  ) -> (rows: Int, channels: Int, size: Int) {
    precondition(shape.rank >= 2, "batch norm takes [N, C, ...], not \(shape)")
    precondition(
      scale.shape == [shape[1]] && shift.shape == [shape[1]],
      "batch norm of \(shape) takes \(shape[1]) scales and shifts, not \(scale.shape) and "
        + "\(shift.shape)")
    return (shape[0], shape[1], shape.extents.dropFirst(2).reduce(1, *))
  }

  private func affine(
    _ means: [Float], _ inverse: [Float], _ scale: Variable, _ shift: Variable,
    into result: UnsafeMutablePointer<Float>
  ) {
    let (rows, channels, size) = channelExtents(scale, shift)
    let factors = zip(scale.numbers, inverse).map { $0 * $1 }
    let shifts = zip(shift.numbers, zip(means, factors)).map { $0 - $1.0 * $1.1 }
    assay_shim_channel_affine(address, factors, shifts, result, rows, channels, size)
  }

  /// The sums of g and of g x̂ for each channel.
  private func channelSums(
    _ gradient: UnsafeMutablePointer<Float>, _ means: [Float], _ inverse: [Float]
  ) -> (sums: [Double], products: [Double]) {
    let channels = means.count
    var sums = [Double](repeating: 0, count: channels)
    var products = sums
    let size = shape.extents.dropFirst(2).reduce(1, *)
    assay_shim_channel_sums(gradient, address, shape[0], channels, size, &sums, &products)
    for channel in 0..<channels {
      let centred = products[channel] - sums[channel] * Double(means[channel])
      products[channel] = centred * Double(inverse[channel])
    }
    return (sums, products)
  }

  private func addChannels(_ numbers: [Double]) {
    addGradient { to, adds in
      for (channel, number) in numbers.enumerated() {
        to[channel] = adds ? to[channel] + Float(number) : Float(number)
      }
    }
  }
}
