/// The element type of a tensor.
public enum ElementType: String, Sendable {
  case bool, u8, i8, u16, i16, u32, i32, u64, i64, f16, bf16, f32, f64

  /// The size of one element in bytes.
  public var size: Int {
    switch self {
    case .bool, .u8, .i8: 1
    case .u16, .i16, .f16, .bf16: 2
    case .u32, .i32, .f32: 4
    case .u64, .i64, .f64: 8
    }
  }
}

/// A Swift number that can be the element of a tensor.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The element type that holds such numbers.
  static var elementType: ElementType { get }
}

extension Float: TensorElement {
  /// `f32`.
  public static var elementType: ElementType { .f32 }
}
extension Double: TensorElement {
  /// `f64`.
  public static var elementType: ElementType { .f64 }
}
extension UInt8: TensorElement {
  /// `u8`.
  public static var elementType: ElementType { .u8 }
}
extension Int32: TensorElement {
  /// `i32`.
  public static var elementType: ElementType { .i32 }
}
extension Int64: TensorElement {
  /// `i64`.
  public static var elementType: ElementType { .i64 }
}

/// A read-only tensor that the host lends for one call; row-major and compact.
///
/// Valid until the call returns: copy what has to outlive it.
public struct TensorView {
  /// The name in the contract, such as `train.features`.
  public let name: String
  /// The element type.
  public let type: ElementType
  /// The extents, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The elements as bytes.
  public let bytes: UnsafeRawBufferPointer

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// The elements, which must be of type `T`.
  public func elements<T: TensorElement>(
    of type: T.Type
  ) throws(MethodError) -> UnsafeBufferPointer<T> {
    guard T.elementType == self.type else {
      throw .contract("\(described), but has to be \(T.elementType.rawValue)")
    }
    return bytes.assumingMemoryBound(to: T.self)
  }

  /// The tensor in words for a sentence.
  var described: String { "tensor '\(name)' is \(type.rawValue) \(shape)" }

  /// Checks the number of axes, and the extents that are given.
  func requireShape(_ wanted: [Int?], _ symbols: [String]) throws(MethodError) {
    let fits =
      shape.count == wanted.count && zip(shape, wanted).allSatisfy { $1 == nil || $0 == $1 }
    if !fits {
      let form = zip(wanted, symbols).map { extent, symbol in extent.map(String.init) ?? symbol }
      throw .contract("\(described), but its shape has to be [\(form.joined(separator: ", "))]")
    }
  }
}
