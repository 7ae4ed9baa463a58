internal import Tensors

extension Variable {
  /// The cross-entropy of logits against shares in 0...1, number by number.
  ///
  /// `softplus(z) - t z`, which is `-t log σ(z) - (1 - t) log(1 - σ(z))` without overflow; the term
  /// with t is taken `positiveWeight` times.
  public func binaryCrossEntropy(
    _ targets: Variable, positiveWeight: Float = 1, reduction: Reduction = .mean
  ) -> Variable {
    precondition(
      targets.shape == shape, "targets \(targets.shape) do not go with logits \(shape)")
    guard positiveWeight != 1 else {
      return (softplus() - targets * self).reduced(reduction)
    }
    let missed = targets * (-self).softplus() * positiveWeight
    return (missed + (1 - targets) * softplus()).reduced(reduction)
  }

  /// The focal loss of logits against truth values: `-α_t (1 - p_t)^γ log p_t`, number by number.
  ///
  /// Lin et al. 2017, equation 5, with α_t = `alpha` for what is true and 1 - `alpha` else; nil for
  /// no weights.
  public func focalLoss(
    _ truths: [Bool], gamma: Float = 2, alpha: Float? = 0.25, reduction: Reduction = .mean
  ) -> Variable {
    precondition(truths.count == count, "\(truths.count) truth values for logits \(shape)")
    // With s = ±1: log p_t = -softplus(-s z) and log(1 - p_t) = -softplus(s z).
    let signed = self * tape.constant(truths.map { $0 ? 1 : -1 }, shape: shape)
    var losses = (signed.softplus() * -gamma).exp() * (-signed).softplus()
    if let alpha {
      losses = losses * tape.constant(truths.map { $0 ? alpha : 1 - alpha }, shape: shape)
    }
    return losses.reduced(reduction)
  }

  /// One minus the overlap of shares `[N, ...]` with targets of the same shape, for each of the N.
  ///
  /// `1 - (2 Σ p t + smoothing) / (Σ p + Σ t + smoothing)`; Milletari et al. 2016, without the
  /// squares.
  public func diceLoss(
    _ targets: Variable, smoothing: Float = 1, reduction: Reduction = .mean
  ) -> Variable {
    precondition(
      targets.shape == shape && shape.rank >= 1,
      "targets \(targets.shape) do not go with shares \(shape)")
    let axes = Array(1..<shape.rank)
    let overlap = (self * targets).sum(axes: axes) * 2 + smoothing
    let total = sum(axes: axes) + targets.sum(axes: axes) + smoothing
    return (1 - overlap / total).reduced(reduction)
  }
}
