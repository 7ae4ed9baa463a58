internal import Tensors

extension Variable {
  /// The symmetric contrastive loss of CLIP for pairs of rows of length 1, `[N, D]` each.
  ///
  /// Radford et al. 2021, figure 3: `½ (CE(Z) + CE(Zᵀ))` with each row's partner as its class and
  /// `Z = min(exp(logScale), largest) U Vᵀ`. The scale is learnt where `logScale`, of one number,
  /// is a parameter; beyond `largest` it gets no gradient.
  ///
  ///     let loss = images.unitRows().contrastiveLoss(
  ///       texts.unitRows(), logScale: tape.use(logScale))
  public func contrastiveLoss(
    _ partners: Variable, logScale: Variable, largest: Float = 100
  ) -> Variable {
    precondition(
      shape.rank == 2 && shape == partners.shape,
      "pairs need two matrices of one shape, not \(shape) and \(partners.shape)")
    precondition(logScale.count == 1, "the scale is one number, not \(logScale.shape)")
    let places = (0..<shape[0]).map { Int32($0) }
    let scale = logScale.reshaped([]).exp().clamped(to: 0...largest)
    let scores = matmul(partners, otherTransposed: true) * scale
    let across = scores.crossEntropy(places)
    return (across + scores.transposed().crossEntropy(places)) * 0.5
  }

  /// The loss of SigLIP for pairs of rows of length 1: `softplus(-s (scale U Vᵀ + shift))` with
  /// s = 1 for partners and -1 for others, summed over columns and meant over rows.
  ///
  /// Zhai et al. 2023, equation 1.
  public func sigmoidContrastiveLoss(
    _ partners: Variable, logScale: Variable, shift: Variable
  ) -> Variable {
    precondition(
      shape.rank == 2 && shape == partners.shape,
      "pairs need two matrices of one shape, not \(shape) and \(partners.shape)")
    let number = shape[0]
    let signs = tape.leaf([number, number]) { signs in
      for index in signs.indices { signs[index] = index / number == index % number ? -1 : 1 }
    }
    let scores = matmul(partners, otherTransposed: true) * logScale.reshaped([]).exp()
    let losses = ((scores + shift.reshaped([])) * signs).softplus()
    return losses.sum() * (1 / Float(Swift.max(number, 1)))
  }
}
