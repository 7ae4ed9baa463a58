internal import CAssay
public import LinearAlgebra
public import Statistics

/// The tensors that one call may read, by name.
///
/// Everything lent is read-only and valid until the call returns. Each kind of tensor has a strict
/// form, which throws when the tensor is absent, and an `ifOffered` form, which returns nil.
public struct Inputs {
  private let tensors: [TensorView]

  init(_ call: assay_call) throws(MethodError) {
    var tensors: [TensorView] = []
    for tensor in UnsafeBufferPointer(start: call.in, count: call.in_count) {
      tensors.append(try TensorView(reading: tensor))
    }
    self.tensors = tensors
  }

  /// The names of the tensors on offer, in contract order.
  public var names: [String] { tensors.map(\.name) }

  /// Tells whether a tensor is on offer.
  public func has(_ name: String) -> Bool { tensors.contains { $0.name == name } }

  // MARK: Tensors of any form

  /// A tensor, or nil when the setting does not offer it.
  public func tensor(ifOffered name: String) -> TensorView? {
    tensors.first { $0.name == name }
  }

  /// A tensor of any type and shape.
  public func tensor(_ name: String) throws(MethodError) -> TensorView {
    guard let tensor = tensor(ifOffered: name) else {
      let offered = names.isEmpty ? "nothing" : names.joined(separator: ", ")
      throw .contract("tensor '\(name)' is missing; offered: \(offered)")
    }
    return tensor
  }

  /// The members of a prefix group such as `encoder.`, in contract order.
  public func group(_ prefix: String) -> [TensorView] {
    tensors.filter { $0.name.hasPrefix(prefix) }
  }

  // MARK: Features

  /// An f32 tensor `[rows, columns]`; the extents are checked where given.
  public func matrix(
    _ name: String, rows: Int? = nil, columns: Int? = nil
  ) throws(MethodError) -> MatrixView<Float> {
    let tensor = try tensor(name)
    try tensor.requireShape([rows, columns], ["rows", "columns"])
    return MatrixView(
      try tensor.elements(of: Float.self), rows: tensor.shape[0], columns: tensor.shape[1])
  }

  /// An f32 tensor `[rows, columns]`, or nil.
  public func matrix(
    ifOffered name: String, rows: Int? = nil, columns: Int? = nil
  ) throws(MethodError) -> MatrixView<Float>? {
    has(name) ? try matrix(name, rows: rows, columns: columns) : nil
  }

  /// An f32 tensor `[count, rows, columns]`, such as augmented views; extents checked where given.
  public func matrices(
    _ name: String, count: Int? = nil, rows: Int? = nil, columns: Int? = nil
  ) throws(MethodError) -> MatrixStack {
    let tensor = try tensor(name)
    try tensor.requireShape([count, rows, columns], ["count", "rows", "columns"])
    let shape = tensor.shape
    let numbers = try tensor.elements(of: Float.self)
    return MatrixStack(
      count: shape[0], rows: shape[1],
      flattened: MatrixView(numbers, rows: shape[0] * shape[1], columns: shape[2]))
  }

  /// An f32 tensor `[count, rows, columns]`, or nil.
  public func matrices(
    ifOffered name: String, count: Int? = nil, rows: Int? = nil, columns: Int? = nil
  ) throws(MethodError) -> MatrixStack? {
    has(name) ? try matrices(name, count: count, rows: rows, columns: columns) : nil
  }

  // MARK: Labels and scalars

  /// An i32 tensor `[N]` of class indices, copied; each is checked to be in `0..<classCount`.
  public func labels(
    _ name: String, below classCount: Int, count: Int? = nil
  ) throws(MethodError) -> [Int32] {
    let tensor = try tensor(name)
    try tensor.requireShape([count], ["rows"])
    let labels = try tensor.elements(of: Int32.self)
    for (row, label) in labels.enumerated() where label < 0 || Int(label) >= classCount {
      throw .contract(
        "tensor '\(name)' has class \(label) in row \(row), but there are \(classCount) classes")
    }
    return Array(labels)
  }

  /// A scalar i32 or i64 tensor.
  public func integer(_ name: String) throws(MethodError) -> Int {
    let tensor = try tensor(name)
    try tensor.requireShape([], [])
    return tensor.type == .i64
      ? Int(try tensor.elements(of: Int64.self)[0]) : Int(try tensor.elements(of: Int32.self)[0])
  }

  /// A scalar f32 or f64 tensor.
  public func scalar(_ name: String) throws(MethodError) -> Double {
    let tensor = try tensor(name)
    try tensor.requireShape([], [])
    return tensor.type == .f64
      ? try tensor.elements(of: Double.self)[0] : Double(try tensor.elements(of: Float.self)[0])
  }

  // MARK: Strings

  /// Strings, which travel as `name.bytes` (u8) and `name.offsets` (i64), copied.
  public func strings(_ name: String) throws(MethodError) -> [String] {
    let bytes = try tensor("\(name).bytes").elements(of: UInt8.self)
    let offsets = try tensor("\(name).offsets").elements(of: Int64.self)
    var strings: [String] = []
    for (start, end) in zip(offsets, offsets.dropFirst()) {
      guard start >= 0, start <= end, end <= bytes.count else {
        throw .contract("tensor '\(name).offsets' leaves the \(bytes.count) bytes it points into")
      }
      let text = UnsafeBufferPointer(rebasing: bytes[Int(start)..<Int(end)])
      strings.append(String(decoding: text, as: UTF8.self))
    }
    return strings
  }
}

/// Matrices of equal shape that lie one after the other, `[count, rows, columns]`.
public struct MatrixStack {
  /// The number of matrices.
  public let count: Int
  /// The rows of each.
  public let rows: Int
  /// All rows of all matrices as one matrix `[count * rows, columns]`.
  public let flattened: MatrixView<Float>

  /// The columns of each.
  public var columns: Int { flattened.columns }

  /// One of the matrices.
  public subscript(index: Int) -> MatrixView<Float> {
    flattened.rows(index * rows..<(index + 1) * rows)
  }

  /// The mean of the matrices, element by element, as a copy.
  public func mean() -> Matrix<Float> {
    Matrix(rows: rows, columns: columns) { mean in
      flattened.withNumbers { numbers in
        let stride = rows * columns
        for index in 0..<stride {
          var sum = 0.0
          for matrix in 0..<count { sum += Double(numbers[matrix * stride + index]) }
          mean.numbers[index] = Float(sum / Double(max(count, 1)))
        }
      }
    }
  }
}
