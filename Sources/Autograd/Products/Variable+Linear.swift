internal import CKernels
internal import Tensors

extension Variable {
  /// `x Wᵀ + b` for each row of `[..., D]`, weight `[K, D]`, bias `[K]`; `[..., K]`.
  ///
  /// With `residual` `[..., K]` it is added too, and with an activation `f` the result is
  /// `f(x Wᵀ + b)`; each saves a walk over the memory.
  ///
  ///     let hidden = x.linear(tape.use(w1), tape.use(b1), activation: .gelu)
  ///     let output = hidden.linear(tape.use(w2), tape.use(b2), residual: x)
  public func linear(
    _ weight: Variable, _ bias: Variable? = nil, residual: Variable? = nil,
    activation: Activation? = nil
  ) -> Variable {
    let extents = shape.extents
    precondition(
      weight.shape.rank == 2 && extents.last == weight.shape[1],
      "linear takes \(weight.shape) as [outputs, inputs], which does not fit rows of \(shape)")
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let result = Shape(extents.dropLast() + [outputs])
    precondition(
      bias == nil || bias?.shape == [outputs],
      "a bias for \(result) has \(outputs) numbers, not \(bias?.shape ?? [])")
    precondition(
      residual == nil || residual?.shape == result,
      "what is added to \(result) has the shape \(residual?.shape ?? [])")
    precondition(
      residual == nil || activation == nil, "an activation does not go with a residual")
    let layer = LinearStep(
      input: self, weight: weight, bias: bias, residual: residual, activation: activation,
      rows: inputs == 0 ? result.count / Swift.max(outputs, 1) : count / inputs)
    return layer.record(result)
  }
}

/// One use of a linear layer.
private struct LinearStep {
  let input, weight: Variable
  let bias, residual: Variable?
  let activation: Activation?
  let rows: Int

  private var outputs: Int { weight.shape[0] }
  private var inputs: Int { weight.shape[1] }

  /// Rows are taken in parts whose numbers stay in the cache from the product to what follows it.
  private func eachPart(_ body: (Range<Int>) -> Void) {
    // A large weight is packed for each part, so its parts are longer.
    let least = weight.count > 1 << 16 ? 512 : 1
    let size = Swift.max(least, (1 << 18) / Swift.max(inputs, outputs, 1))
    for start in stride(from: 0, to: rows, by: size) {
      body(start..<Swift.min(start + size, rows))
    }
  }

  private func inputs(_ part: Range<Int>, in base: UnsafeMutablePointer<Float>) -> Operand {
    Operand(address: base + part.lowerBound * inputs, stride: inputs)
  }

  private func multiply(
    _ part: Range<Int>, into sums: UnsafeMutablePointer<Float>, adds: Bool
  ) {
    input.tape.multiply(
      inputs(part, in: input.address),
      Operand(address: weight.address, stride: inputs, isTransposed: true),
      into: Operand(address: sums, stride: outputs), m: part.count, n: outputs, inner: inputs,
      adds: adds)
  }

  func record(_ shape: Shape) -> Variable {
    let operands = [input, weight] + [bias, residual].compactMap { $0 }
    guard let activation else {
      return input.tape.record(shape, of: operands) {
        compute(into: $0)
      } walk: { gradient in
        slopes(gradient) { _, _ in }
        residual?.takeGradient(gradient)
      }
    }
    // The sums stay for the way back, if there is one.
    let result = input.tape.arena.take(rows * outputs)
    let sums = input.tape.records(operands) ? input.tape.arena.take(rows * outputs) : result
    compute(activation, sums, into: result)
    return input.tape.record(shape, at: result, of: operands) { gradient in
      // The slopes by the sums take the place of the gradient.
      slopes(gradient) { start, count in
        assay_shim_activation_slopes(
          activation.kernel, sums + start, gradient + start, gradient + start, count, 0, 0, 0)
      }
    }
  }

  private func compute(into result: UnsafeMutablePointer<Float>) {
    eachPart { part in
      let start = part.lowerBound * outputs
      let residual = residual.map { $0.address + start }
      if let bias {
        assay_shim_add_bias(residual, bias.address, result + start, part.count, outputs)
      } else if let residual {
        (result + start).update(from: residual, count: part.count * outputs)
      }
      multiply(part, into: result + start, adds: bias != nil || residual != nil)
    }
  }

  private func compute(
    _ activation: Activation, _ sums: UnsafeMutablePointer<Float>,
    into result: UnsafeMutablePointer<Float>
  ) {
    eachPart { part in
      let start = part.lowerBound * outputs
      if let bias {
        assay_shim_add_bias(nil, bias.address, sums + start, part.count, outputs)
      }
      multiply(part, into: sums + start, adds: bias != nil)
      assay_shim_activate(
        activation.kernel, sums + start, result + start, part.count * outputs, 0, 0)
    }
  }

  /// Adds the slopes of all operands but the residual, once `prepare` has turned a part of the
  /// gradient, given by its first number and its count, into the slopes by the sums.
  private func slopes(
    _ gradient: UnsafeMutablePointer<Float>, preparing prepare: (Int, Int) -> Void
  ) {
    // Lent once for all parts: an operand that comes twice adds to what it has by then.
    let (toBias, toWeight) = (bias?.gradientTarget(), weight.gradientTarget())
    let toInput = input.gradientTarget()
    if rows == 0 { toWeight?.clear(weight.count) }
    toBias?.clear(outputs)
    eachPart { part in
      let start = part.lowerBound * outputs
      prepare(start, part.count * outputs)
      if let toBias {
        assay_shim_add_column_sums(gradient + start, toBias.address, part.count, outputs)
      }
      if let toWeight {
        input.tape.multiply(
          Operand(address: gradient + start, stride: outputs, isTransposed: true),
          inputs(part, in: input.address),
          into: Operand(address: toWeight.address, stride: inputs), m: outputs, n: inputs,
          inner: part.count, adds: toWeight.adds || part.lowerBound > 0)
      }
      if let toInput {
        input.tape.multiply(
          Operand(address: gradient + start, stride: outputs),
          Operand(address: weight.address, stride: inputs),
          into: inputs(part, in: toInput.address), m: part.count, n: inputs, inner: outputs,
          adds: toInput.adds)
      }
    }
  }
}
