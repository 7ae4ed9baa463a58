internal import CKernels
internal import Tensors

extension Variable {
  /// The soft-max of each row of `[..., K]`.
  ///
  /// `allowed` has one truth value for each of the K columns; the others get 0. A row without any
  /// is all zeros, and its gradient too.
  public func softmax(allowed: [Bool]? = nil) -> Variable {
    let (rows, width) = rowExtents
    precondition(
      allowed == nil || allowed?.count == width,
      "a mask for rows of \(shape) has \(width) truth values, not \(allowed?.count ?? 0)")
    let keys = allowed?.map { UInt8($0 ? 1 : 0) }
    let result = tape.arena.take(count)
    withBytes(of: keys) { keys in
      assay_shim_softmax(
        address, result, rows, width, assay_shim_mask(causal: 0, keys: keys, added: nil))
    }
    return tape.record(shape, at: result, of: [self]) { gradient in
      addGradient { to, adds in
        assay_shim_softmax_slopes(result, gradient, to, rows, width, adds ? 1 : 0)
      }
    }
  }

  /// The logarithm of the soft-max of each row of `[..., K]`, which does not overflow.
  ///
  /// What is not `allowed`, or minus infinity, gets minus infinity, and no gradient comes back from
  /// it. Other masks are added before: `(x + mask).logSoftmax()`.
  public func logSoftmax(allowed: [Bool]? = nil) -> Variable {
    if let allowed {
      let mask = tape.constant(allowed.map { $0 ? 0 : -.infinity }, shape: [allowed.count])
      return (self + mask).logSoftmax()
    }
    let (rows, width) = rowExtents
    let result = tape.arena.take(count)
    tape.withScratch(rows) { sums in
      assay_shim_log_softmax(address, result, sums, rows, width, 0)
    }
    return tape.record(shape, at: result, of: [self]) { gradient in
      addGradient { to, adds in
        assay_shim_log_softmax_slopes(result, gradient, to, rows, width, adds ? 1 : 0)
      }
    }
  }

  /// How many rows `[..., K]` has, and K.
  var rowExtents: (rows: Int, width: Int) {
    let width = shape[resolved(-1)]
    return (width == 0 ? 0 : count / width, width)
  }
}

/// Lends bytes that may not be there.
func withBytes<R>(of bytes: [UInt8]?, _ body: (UnsafePointer<UInt8>?) -> R) -> R {
  guard let bytes else { return body(nil) }
  return bytes.withUnsafeBufferPointer { body($0.baseAddress) }
}
