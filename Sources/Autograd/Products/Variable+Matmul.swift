internal import Tensors

extension Variable {
  /// `scale · op(a) op(b)` of matrices `[..., M, K] [..., K, N]`; `[..., M, N]`.
  ///
  /// The leading axes agree, or one operand is a single matrix, which then multiplies each of the
  /// other. `transposed` and `otherTransposed` take the last two axes as swapped; nothing is moved.
  ///
  ///     let scores = queries.matmul(keys, otherTransposed: true, scale: 0.125)
  public func matmul(
    _ other: Variable, transposed: Bool = false, otherTransposed: Bool = false, scale: Float = 1
  ) -> Variable {
    let product = MatrixProduct(
      a: self, b: other, transposes: (transposed, otherTransposed), scale: scale)
    return tape.record(product.shape, of: [self, other]) {
      product.compute($0)
    } walk: { gradient in
      addGradient { product.slopesOfA(gradient, $0, adds: $1) }
      other.addGradient { product.slopesOfB(gradient, $0, adds: $1) }
    }
  }
}

/// The extents of a batch of products, and its three of them: the result and both ways back.
private struct MatrixProduct {
  let a, b: Variable
  let transposes: (a: Bool, b: Bool)
  let scale: Float
  let shape: Shape
  private let m, n, inner, batch: Int
  /// How far apart the matrices of a batch lie; 0 for a single one.
  private let stepA, stepB: Int

  init(a: Variable, b: Variable, transposes: (a: Bool, b: Bool), scale: Float) {
    let (left, right) = (a.shape.extents, b.shape.extents)
    precondition(left.count >= 2 && right.count >= 2, "matmul multiplies matrices")
    let (rowsA, columnsA) = (left[left.count - 2], left[left.count - 1])
    let (rowsB, columnsB) = (right[right.count - 2], right[right.count - 1])
    let (leading, leadingB) = (left.dropLast(2), right.dropLast(2))
    (m, inner) = transposes.a ? (columnsA, rowsA) : (rowsA, columnsA)
    n = transposes.b ? rowsB : columnsB
    precondition(
      inner == (transposes.b ? columnsB : rowsB)
        && (leading == leadingB || leading.isEmpty || leadingB.isEmpty),
      "cannot multiply \(a.shape)\(transposes.a ? "ᵀ" : "") by "
        + "\(b.shape)\(transposes.b ? "ᵀ" : "")")
    let common = leading.isEmpty ? leadingB : leading
    shape = Shape(Array(common) + [m, n])
    (self.a, self.b, self.transposes, self.scale) = (a, b, transposes, scale)
    stepA = leading.isEmpty ? 0 : rowsA * columnsA
    stepB = leadingB.isEmpty ? 0 : rowsB * columnsB
    batch = common.reduce(1, *)
  }

  /// Rows that follow each other and meet one matrix are one product.
  private var folds: Bool { stepB == 0 && !transposes.a }
  private var rounds: Int { folds ? 1 : batch }
  private var rows: Int { folds ? m * batch : m }

  private func a(_ round: Int, flipped: Bool = false) -> Operand {
    Operand(
      address: a.address + round * stepA, stride: transposes.a ? m : inner,
      isTransposed: transposes.a != flipped)
  }

  private func b(_ round: Int, flipped: Bool = false) -> Operand {
    Operand(
      address: b.address + round * stepB, stride: transposes.b ? inner : n,
      isTransposed: transposes.b != flipped)
  }

  private func c(
    _ address: UnsafeMutablePointer<Float>, _ round: Int, transposed: Bool = false
  ) -> Operand {
    Operand(address: address + round * m * n, stride: n, isTransposed: transposed)
  }

  func compute(_ result: UnsafeMutablePointer<Float>) {
    for round in 0..<rounds {
      a.tape.multiply(
        a(round), b(round), into: c(result, round), m: rows, n: n, inner: inner, scale: scale,
        adds: false)
    }
  }

  func slopesOfA(
    _ gradient: UnsafeMutablePointer<Float>, _ to: UnsafeMutablePointer<Float>, adds: Bool
  ) {
    clear(to, a.count, unless: adds)
    for round in 0..<rounds {
      // A single matrix collects from all of the batch.
      let adds = adds || (stepA == 0 && round > 0)
      let target = Operand(address: to + round * stepA, stride: transposes.a ? m : inner)
      if transposes.a {
        a.tape.multiply(
          b(round), c(gradient, round, transposed: true), into: target, m: inner, n: m, inner: n,
          scale: scale, adds: adds)
      } else {
        a.tape.multiply(
          c(gradient, round), b(round, flipped: true), into: target, m: rows, n: inner, inner: n,
          scale: scale, adds: adds)
      }
    }
  }

  func slopesOfB(
    _ gradient: UnsafeMutablePointer<Float>, _ to: UnsafeMutablePointer<Float>, adds: Bool
  ) {
    clear(to, b.count, unless: adds)
    for round in 0..<rounds {
      let adds = adds || (stepB == 0 && round > 0)
      let target = Operand(address: to + round * stepB, stride: transposes.b ? inner : n)
      if transposes.b {
        a.tape.multiply(
          c(gradient, round, transposed: true), a(round), into: target, m: n, n: inner,
          inner: rows, scale: scale, adds: adds)
      } else {
        a.tape.multiply(
          a(round, flipped: true), c(gradient, round), into: target, m: inner, n: n, inner: rows,
          scale: scale, adds: adds)
      }
    }
  }

  /// Without rounds nobody writes the gradient.
  private func clear(_ to: UnsafeMutablePointer<Float>, _ count: Int, unless adds: Bool) {
    if rounds == 0 && !adds { to.update(repeating: 0, count: count) }
  }
}
