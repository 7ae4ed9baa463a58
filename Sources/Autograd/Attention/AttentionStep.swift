internal import CKernels
internal import Tensors

/// One use of attention: its products, head by head, within the operands as they lie.
struct AttentionStep {
  /// Where the rows of a head start, and how far they are apart.
  private struct Source {
    let variable: Variable
    let start, stride: Int
  }

  private let queries, keys, values: Source
  private let batch, heads, rows, columns, width: Int
  private let scale: Float
  private let isCausal: Bool
  private let allowed: [UInt8]?
  private let added: [Float]?
  /// The weights `[B, heads, L, S]`, or of one head where there is no way back; on the way back,
  /// the slopes by the scores.
  private let weights: UnsafeMutablePointer<Float>
  private let areKept: Bool

  init(
    _ queries: (Variable, start: Int, stride: Int), _ keys: (Variable, start: Int, stride: Int),
    _ values: (Variable, start: Int, stride: Int), width columns: Int, heads: Int,
    mask: AttentionMask
  ) {
    self.queries = Source(variable: queries.0, start: queries.start, stride: queries.stride)
    self.keys = Source(variable: keys.0, start: keys.start, stride: keys.stride)
    self.values = Source(variable: values.0, start: values.start, stride: values.stride)
    precondition(
      heads > 0 && columns.isMultiple(of: heads), "\(columns) columns are no \(heads) equal heads")
    self.heads = heads
    batch = queries.0.shape[0]
    rows = queries.0.shape[1]
    self.columns = keys.0.shape[1]
    width = columns / heads
    scale = 1 / Float(width).squareRoot()
    isCausal = mask.isCausal
    allowed = mask.allowedKeys?.map { $0 ? 1 : 0 }
    added = mask.added
    precondition(
      allowed == nil || allowed?.count == batch * self.columns,
      "the mask of keys needs \(batch) times \(self.columns) truth values")
    precondition(
      added == nil || added?.count == rows * self.columns,
      "what is added to the scores needs \(rows) times \(self.columns) numbers")
    areKept = queries.0.tape.records([queries.0, keys.0, values.0])
    weights = queries.0.tape.arena.take((areKept ? batch * heads : 1) * rows * self.columns)
  }

  private var tape: Tape { queries.variable.tape }

  func eachHead(_ body: (Int) -> Void) {
    for head in 0..<batch * heads { body(head) }
  }

  /// The rows of a head, within an array that lies like the source.
  private func rows(
    of source: Source, _ head: Int, in base: UnsafeMutablePointer<Float>? = nil, count: Int,
    transposed: Bool = false
  ) -> Operand {
    let place = (head / heads) * count * source.stride + source.start + (head % heads) * width
    return Operand(
      address: (base ?? source.variable.address) + place, stride: source.stride,
      isTransposed: transposed)
  }

  private func result(_ head: Int, _ base: UnsafeMutablePointer<Float>) -> Operand {
    let stride = heads * width
    return Operand(
      address: base + (head / heads) * rows * stride + (head % heads) * width, stride: stride)
  }

  private func weights(_ head: Int, transposed: Bool = false) -> Operand {
    Operand(
      address: weights + (areKept ? head * rows * columns : 0), stride: columns,
      isTransposed: transposed)
  }

  func compute(_ output: UnsafeMutablePointer<Float>) {
    withBytes(of: allowed) { allowed in
      for head in 0..<batch * heads {
        let weights = weights(head)
        multiply(
          rows(of: queries, head, count: rows), rows(of: keys, head, count: columns),
          into: weights, scale: scale)
        softmax(weights.address, allowed.map { $0 + head / heads * columns })
        tape.multiply(
          weights, rows(of: values, head, count: columns), into: result(head, output), m: rows,
          n: width, inner: columns, adds: false)
      }
    }
  }

  /// `scale a bᵀ` `[L, S]` for rows of one head.
  ///
  /// The second is transposed before: OpenBLAS has kernels for small products, which save it the
  /// packing, but not for this form of few columns.
  private func multiply(_ a: Operand, _ b: Operand, into c: Operand, scale: Float = 1) {
    tape.withScratch(width * columns) { transposed in
      assay_shim_transpose(b.address, b.stride, columns, width, transposed)
      tape.multiply(
        a, Operand(address: transposed, stride: columns), into: c, m: rows, n: columns,
        inner: width, scale: scale, adds: false)
    }
  }

  private func softmax(_ scores: UnsafeMutablePointer<Float>, _ keys: UnsafePointer<UInt8>?) {
    func run(_ added: UnsafePointer<Float>?) {
      assay_shim_softmax(
        scores, scores, rows, columns,
        assay_shim_mask(causal: isCausal ? 1 : 0, keys: keys, added: added))
    }
    guard let added else { return run(nil) }
    added.withUnsafeBufferPointer { run($0.baseAddress) }
  }

  // MARK: The way back, of which the weights see the slopes of the scores last

  /// `dV = Aᵀ g`.
  func valueSlopes(
    _ head: Int, _ gradient: UnsafeMutablePointer<Float>, _ to: UnsafeMutablePointer<Float>,
    adds: Bool
  ) {
    tape.multiply(
      weights(head, transposed: true), result(head, gradient),
      into: rows(of: values, head, in: to, count: columns), m: columns, n: width, inner: rows,
      adds: adds)
  }

  /// `dS = A ∘ (dA - rowsum(dA ∘ A))` with `dA = g Vᵀ`, in the place of A.
  func scoreSlopes(_ head: Int, _ gradient: UnsafeMutablePointer<Float>) {
    let weights = weights(head)
    tape.withScratch(rows * columns) { slopes in
      let slopes = Operand(address: slopes, stride: columns)
      multiply(result(head, gradient), rows(of: values, head, count: columns), into: slopes)
      assay_shim_softmax_slopes(weights.address, slopes.address, weights.address, rows, columns, 0)
    }
  }

  /// `dQ = dS K / √d`.
  func querySlopes(_ head: Int, _ to: UnsafeMutablePointer<Float>, adds: Bool) {
    tape.multiply(
      weights(head), rows(of: keys, head, count: columns),
      into: rows(of: queries, head, in: to, count: rows), m: rows, n: width, inner: columns,
      scale: scale, adds: adds)
  }

  /// `dK = dSᵀ Q / √d`.
  func keySlopes(_ head: Int, _ to: UnsafeMutablePointer<Float>, adds: Bool) {
    tape.multiply(
      weights(head, transposed: true), rows(of: queries, head, count: rows),
      into: rows(of: keys, head, in: to, count: columns), m: columns, n: width, inner: rows,
      scale: scale, adds: adds)
  }
}
