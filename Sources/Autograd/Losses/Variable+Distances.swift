internal import Tensors

extension Variable {
  /// The squared differences.
  public func squaredError(_ targets: Variable, reduction: Reduction = .mean) -> Variable {
    (self - targets).squared().reduced(reduction)
  }

  /// `d² / (2 β)` for a difference d within β, `|d| - β / 2` beyond; Girshick 2015, equation 3.
  public func smoothL1(
    _ targets: Variable, beta: Float = 1, reduction: Reduction = .mean
  ) -> Variable {
    (self - targets).huber(beta: beta).reduced(reduction)
  }

  /// One minus the cosine of each pair of rows `[..., D]`, which is `½ ‖û - v̂‖²`.
  public func cosineLoss(_ partners: Variable, reduction: Reduction = .mean) -> Variable {
    let cosines = (unitRows() * partners.unitRows()).sum(axes: [-1])
    return (1 - cosines).reduced(reduction)
  }

  /// `Σ_k p_k (log p_k - log q_k)` of each row, p the soft-max of `teacher / temperature` and q
  /// that of this, both logits `[..., K]`, times the temperature squared.
  ///
  /// Hinton, Vinyals and Dean 2015, section 2; the square keeps the size of the gradient.
  public func divergence(
    from teacher: Variable, temperature: Float = 1, reduction: Reduction = .mean
  ) -> Variable {
    precondition(temperature > 0, "a temperature is above 0")
    let target = (teacher * (1 / temperature)).logSoftmax()
    let own = (self * (1 / temperature)).logSoftmax()
    let losses = (target.exp() * (target - own)).sum(axes: [-1])
    return (losses * (temperature * temperature)).reduced(reduction)
  }
}
