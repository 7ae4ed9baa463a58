package import Documents
package import Tensors

extension Dataset {
  /// A ready-made question of a task, with its arrays.
  package struct Case: Sendable {
    package let name: String
    /// What varies between cases; cases of equal settings are calls of one trial.
    package let setting: [String: JSON]
    package let fit: [String: CaseTensor]
    package let query: [String: CaseTensor]
    package let truth: [String: CaseTensor]
    /// Attributes of what the outcomes are about, with the names that the numbers stand for.
    package let groups: [String: (codes: CaseTensor, names: [String])]
    /// The place in the manifest.
    package let pointer: String
  }

  /// A tensor of a case: an array, or a single number.
  package enum CaseTensor: Sendable {
    case number(Double)
    case array(DatasetArray)
  }
}

extension Dataset.Case {
  init(_ named: DatasetManifest.Case, arrays: [ArrayReference: DatasetArray]) {
    func tensor(_ entry: DatasetManifest.CaseEntry) -> Dataset.CaseTensor? {
      switch entry {
      case .number(let value): .number(value)
      case .array(let reference): arrays[reference].map { .array($0) }
      }
    }
    func tensors(_ entries: [String: DatasetManifest.CaseEntry]) -> [String: Dataset.CaseTensor] {
      entries.compactMapValues(tensor)
    }
    self.init(
      name: named.name, setting: named.setting, fit: tensors(named.fit),
      query: tensors(named.query), truth: tensors(named.truth),
      groups: named.groups.compactMapValues { group in
        tensor(group.array).map { (codes: $0, names: group.names) }
      }, pointer: named.pointer)
  }
}

extension Dataset.CaseTensor {
  /// The form of the tensor.
  package var shape: Shape {
    switch self {
    case .number: []
    case .array(let array): array.shape
    }
  }

  /// A source of the elements in another type: floating-point from any number, integers from integers.
  ///
  /// - Throws: ``TensorError`` when the elements cannot be had in that type.
  package func source(name: String, as dtype: DType) throws(TensorError) -> TensorSource {
    switch self {
    case .number(let value):
      return TensorSource(name: name, tensor: try Tensor(number: value, dtype: dtype))
    case .array(let array): return try array.source(name: name, as: dtype)
    }
  }

  /// The elements in another type, as `source(name:as:)` gives them.
  package func tensor(as dtype: DType) throws -> Tensor {
    let source = try source(name: "", as: dtype)
    return try Tensor(dtype: dtype, shape: source.shape, fill: source.write)
  }
}

extension Tensor {
  /// Makes a scalar; an integer type takes whole numbers only.
  fileprivate init(number: Double, dtype: DType) throws(TensorError) {
    func scalar<T: BitwiseCopyable>(_ value: T) -> Tensor {
      Tensor(dtype: dtype, shape: []) { $0.storeBytes(of: value, as: T.self) }
    }
    switch dtype {
    case .f32: self = scalar(Float(number))
    case .f64: self = scalar(number)
    case .i32:
      guard let value = Int32(exactly: number) else {
        throw TensorError("\(number) is not an i32 number")
      }
      self = scalar(value)
    case .i64:
      guard let value = Int64(exactly: number) else {
        throw TensorError("\(number) is not an i64 number")
      }
      self = scalar(value)
    default: throw TensorError("a single number cannot stand for an element of type \(dtype)")
    }
  }
}

extension DatasetArray {
  /// A source of the rows in a given type: floating-point from any number, integers from integers.
  package func source(name: String, as dtype: DType) throws(TensorError) -> TensorSource {
    switch dtype {
    case .f32 where shape.rank > 0: return try source(name: name)
    case .f64 where self.dtype != .f64 && self.dtype.isFloat && shape.rank > 0:
      let narrow = try source(name: name)
      return TensorSource(
        name: name, dtype: .f64, shape: shape, sharingKey: "\(sharingKey) f64"
      ) { bytes in
        let values = try Tensor(dtype: .f32, shape: narrow.shape, fill: narrow.write)
        values.withElements(of: Float.self) { values in
          let target = bytes.assumingMemoryBound(to: Double.self)
          for (index, value) in values.enumerated() { target[index] = Double(value) }
        }
      }
    case .i32 where self.dtype != .i32 && !self.dtype.isFloat && shape.rank > 0:
      return TensorSource(
        name: name, tensor: Tensor(try integers(), shape: shape), sharingKey: "\(sharingKey) i32")
    case self.dtype: return TensorSource(name: name, tensor: stored, sharingKey: sharingKey)
    default:
      throw TensorError(
        "'\(name)' is of type \(dtype) in its contract, but the file holds \(self.dtype)")
    }
  }

  /// The rows that are meant, in the type of the file.
  private var stored: Tensor {
    guard let rows else { return tensor }
    let size = tensor.shape.extents.dropFirst().reduce(tensor.dtype.size, *)
    return Tensor(dtype: tensor.dtype, shape: shape) { bytes in
      tensor.withBytes { source in
        for (place, row) in rows.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: bytes[place * size..<(place + 1) * size])
            .copyMemory(
              from: UnsafeRawBufferPointer(rebasing: source[row * size..<(row + 1) * size]))
        }
      }
    }
  }
}
