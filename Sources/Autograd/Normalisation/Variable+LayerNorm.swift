internal import CKernels
internal import Tensors

extension Variable {
  /// Each row of `[..., D]` brought to mean 0 and variance 1, times `scale` plus `shift`, `[D]`.
  ///
  /// Ba, Kiros and Hinton 2016, equation 3, with the variance divided by D.
  public func layerNorm(
    scale: Variable? = nil, shift: Variable? = nil, epsilon: Float = 1e-5
  ) -> Variable {
    let width = shape[resolved(-1)]
    for affine in [scale, shift] {
      precondition(
        affine == nil || affine?.shape == [width],
        "layer norm of \(shape) takes \(width) numbers, not \(affine?.shape ?? [])")
    }
    let rows = width == 0 ? 0 : count / width
    // The mean and the factor of each row stay for the way back.
    let stats = tape.arena.take(2 * rows)
    return tape.record(shape, of: [self] + [scale, shift].compactMap { $0 }) {
      assay_shim_layer_norm(
        address, scale?.address, shift?.address, $0, stats, rows, width, epsilon)
    } walk: { gradient in
      scale?.addToGradient {
        assay_shim_layer_norm_slopes(
          address, nil, stats, gradient, nil, $0, nil, rows, width, 0)
      }
      shift?.addToGradient { assay_shim_add_column_sums(gradient, $0, rows, width) }
      addGradient { to, adds in
        assay_shim_layer_norm_slopes(
          address, scale?.address, stats, gradient, to, nil, nil, rows, width, adds ? 1 : 0)
      }
    }
  }

  /// The channels of `[N, C, ...]` in groups, each of which is brought to mean 0 and variance 1 for
  /// each of the N, then each channel times `scale` plus `shift`, `[C]`.
  ///
  /// Wu and He 2018. One group is layer norm over all; C groups are instance norm.
  public func groupNorm(
    groups: Int, scale: Variable? = nil, shift: Variable? = nil, epsilon: Float = 1e-5
  ) -> Variable {
    precondition(shape.rank >= 2, "group norm takes [N, C, ...], not \(shape)")
    let channels = shape[1]
    precondition(
      groups > 0 && channels.isMultiple(of: groups),
      "\(channels) channels cannot be put into \(groups) equal groups")
    let part = shape.extents.dropFirst(2).reduce(channels / groups, *)
    var result = reshaped(shape[0] * groups, part).layerNorm(epsilon: epsilon).reshaped(shape)
    let aligned = Shape([channels] + [Int](repeating: 1, count: shape.rank - 2))
    if let scale { result = result * scale.reshaped(aligned) }
    if let shift { result = result + shift.reshaped(aligned) }
    return result
  }

  /// Each row of `[..., D]` brought to length 1; one shorter than `epsilon` is divided by that.
  public func unitRows(epsilon: Float = 1e-12) -> Variable {
    let width = shape[resolved(-1)]
    let rows = width == 0 ? 0 : count / width
    let factors = tape.arena.take(rows)
    // The way back reads the result, which it has no variable of yet.
    let result = tape.arena.take(count)
    assay_shim_unit_rows(address, result, factors, rows, width, epsilon)
    return tape.record(shape, at: result, of: [self]) { gradient in
      addGradient { to, adds in
        assay_shim_unit_rows_slopes(
          result, factors, gradient, to, rows, width, epsilon, adds ? 1 : 0)
      }
    }
  }
}
