internal import CKernels
internal import Tensors

extension Variable {
  /// The cross-entropy of logits `[..., K]` against one class for each row, -1 for none.
  ///
  /// `-Σ_k T_k log softmax(z)_k` with `T = (1 - smoothing) · [k = label] + smoothing / K`, as in
  /// Szegedy et al. 2016, section 7. Rows without a label give 0 and are not counted.
  ///
  ///     let loss = logits.crossEntropy(labels, smoothing: 0.1)
  public func crossEntropy(
    _ labels: [Int32], smoothing: Float = 0, reduction: Reduction = .mean
  ) -> Variable {
    let (rows, width) = rowExtents
    precondition(0...1 ~= smoothing, "the smoothing \(smoothing) is not in 0...1")
    precondition(
      labels.count == rows, "\(labels.count) labels for the \(rows) rows of \(shape)")
    for label in labels where label < -1 || label >= width {
      preconditionFailure("the label \(label) is not among \(width) classes, nor -1 for none")
    }
    let shares = tape.arena.take(count)
    let losses = tape.arena.take(rows)
    assay_shim_log_softmax(address, shares, losses, rows, width, 1)
    let even = smoothing / Float(width)
    for (row, label) in labels.enumerated() {
      let logits = UnsafeBufferPointer(start: address + row * width, count: width)
      if label < 0 { losses[row] = 0 } else { losses[row] -= (1 - smoothing) * logits[Int(label)] }
      if label >= 0 && smoothing > 0 { losses[row] -= even * logits.reduce(0, +) }
    }
    let result = tape.record(rowShape, at: losses, of: [self]) { gradient in
      addGradient { to, adds in
        for (row, label) in labels.enumerated() {
          let (start, slope) = (row * width, label < 0 ? 0 : gradient[row])
          combine(width, shares + start, slope, -slope * even, into: to + start, adds: adds)
          if label >= 0 { to[start + Int(label)] -= slope * (1 - smoothing) }
        }
      }
    }
    return result.reduced(reduction, counted: labels.count { $0 >= 0 })
  }

  /// The cross-entropy of logits `[..., K]` against shares of the same shape, as of mixed labels.
  ///
  /// `-Σ_k T_k log softmax(z)_k`. No gradient goes to the shares.
  public func crossEntropy(_ targets: Variable, reduction: Reduction = .mean) -> Variable {
    precondition(
      targets.shape == shape, "targets \(targets.shape) do not go with logits \(shape)")
    let (rows, width) = rowExtents
    let shares = tape.arena.take(count)
    let losses = tape.arena.take(rows)
    let totals = tape.arena.take(rows)
    assay_shim_log_softmax(address, shares, losses, rows, width, 1)
    for row in 0..<rows {
      let logits = UnsafeBufferPointer(start: address + row * width, count: width)
      let target = UnsafeBufferPointer(start: targets.address + row * width, count: width)
      var (total, product) = (0.0, 0.0)
      for column in 0..<width {
        total += Double(target[column])
        product += Double(target[column]) * Double(logits[column])
      }
      totals[row] = Float(total)
      losses[row] = Float(total * Double(losses[row]) - product)
    }
    let result = tape.record(rowShape, at: losses, of: [self]) { gradient in
      addGradient { to, adds in
        for row in 0..<rows {
          let start = row * width
          combine(
            width, shares + start, gradient[row] * totals[row], 0, into: to + start,
            adds: adds)
          transferScaled(width, targets.address + start, -gradient[row], to + start)
        }
      }
    }
    return result.reduced(reduction)
  }

  /// The shape without its last axis.
  private var rowShape: Shape { Shape(Array(shape.extents.dropLast())) }

  /// `to = scale · x + shift`, or adds it.
  private func combine(
    _ count: Int, _ x: UnsafeMutablePointer<Float>, _ scale: Float, _ shift: Float,
    into to: UnsafeMutablePointer<Float>, adds: Bool
  ) {
    for index in 0..<count {
      let value = scale * x[index] + shift
      to[index] = adds ? to[index] + value : value
    }
  }

  private func transferScaled(
    _ count: Int, _ x: UnsafeMutablePointer<Float>, _ scale: Float,
    _ to: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count { to[index] += scale * x[index] }
  }
}
