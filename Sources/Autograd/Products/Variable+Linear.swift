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

  private func multiply(into sums: UnsafeMutablePointer<Float>, adds: Bool) {
    input.tape.multiply(
      Operand(address: input.address, stride: inputs),
      Operand(address: weight.address, stride: inputs, isTransposed: true),
      into: Operand(address: sums, stride: outputs), m: rows, n: outputs, inner: inputs,
      adds: adds)
  }

  func record(_ shape: Shape) -> Variable {
    let operands = [input, weight] + [bias, residual].compactMap { $0 }
    guard let activation else {
      return input.tape.record(shape, of: operands) { result in
        if let bias {
          assay_shim_add_bias(residual?.address, bias.address, result, rows, outputs)
        } else if let residual {
          result.update(from: residual.address, count: rows * outputs)
        }
        multiply(into: result, adds: bias != nil || residual != nil)
      } walk: {
        slopes($0)
        residual?.takeGradient($0)
      }
    }
    // The sums stay for the way back.
    let sums = input.tape.arena.take(rows * outputs)
    multiply(into: sums, adds: false)
    return input.tape.record(shape, of: operands) { result in
      if let bias {
        assay_shim_bias_activate(activation.kernel, sums, bias.address, result, rows, outputs)
      } else {
        assay_shim_activate(activation.kernel, sums, result, rows * outputs, 0, 0)
      }
    } walk: { gradient in
      // The slopes by the sums take the place of the gradient.
      if let bias, bias.needsGradient {
        bias.addToGradient {
          assay_shim_bias_activation_slopes(
            activation.kernel, sums, gradient, gradient, $0, rows, outputs)
        }
      } else {
        assay_shim_activation_slopes(
          activation.kernel, sums, gradient, gradient, rows * outputs, 0, 0, 0)
      }
      slopes(gradient, withBias: false)
    }
  }

  private func slopes(_ gradient: UnsafeMutablePointer<Float>, withBias: Bool = true) {
    let slopes = Operand(address: gradient, stride: outputs)
    if withBias {
      bias?.addToGradient { assay_shim_add_column_sums(gradient, $0, rows, outputs) }
    }
    weight.addGradient { to, adds in
      input.tape.multiply(
        Operand(address: gradient, stride: outputs, isTransposed: true),
        Operand(address: input.address, stride: inputs),
        into: Operand(address: to, stride: inputs), m: outputs, n: inputs, inner: rows,
        adds: adds)
    }
    input.addGradient { to, adds in
      input.tape.multiply(
        slopes, Operand(address: weight.address, stride: inputs),
        into: Operand(address: to, stride: inputs), m: rows, n: inputs, inner: outputs,
        adds: adds)
    }
  }
}
