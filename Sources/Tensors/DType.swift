/// The element type of a tensor.
public enum DType: String, CaseIterable, Sendable, Hashable {
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

  /// Tells whether elements are floating-point numbers.
  public var isFloat: Bool {
    switch self {
    case .f16, .bf16, .f32, .f64: true
    default: false
    }
  }
}

/// The extents of a tensor, outermost first; the empty shape is a scalar.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The extents, each at least 0.
  public var extents: [Int]

  /// Makes a shape of the given extents.
  public init(_ extents: [Int]) { self.extents = extents }
  /// Makes a shape of the given extents.
  public init(arrayLiteral elements: Int...) { self.extents = elements }

  /// The number of axes.
  public var rank: Int { extents.count }
  /// The number of elements; callers that read untrusted shapes check for overflow first.
  public var count: Int { extents.reduce(1, *) }
  /// The extent of one axis.
  public subscript(axis: Int) -> Int { extents[axis] }
  /// The shape as `[3, 4]`.
  public var description: String { "[\(extents.map(String.init).joined(separator: ", "))]" }
}
