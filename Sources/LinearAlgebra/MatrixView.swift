/// Read-only numbers `[rows, columns]`, row-major and compact, in memory that someone else holds.
///
/// A view of a `Matrix` keeps that memory alive. A view of a host's tensor has no owner: it is valid
/// until the call that lent it returns, so copy with `Matrix(copying:)` what has to outlive it.
public struct MatrixView<Scalar: BLASScalar>: @unchecked Sendable {
  // Unsafe invariant: `base` addresses rows * columns initialised numbers that nobody writes while
  // the view is in use; nil only when there are none.
  @usableFromInline let base: UnsafePointer<Scalar>?
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  @usableFromInline let owner: AnyObject?

  /// Looks at numbers that stay valid and unchanged while the view is in use.
  public init(_ numbers: UnsafeBufferPointer<Scalar>, rows: Int, columns: Int) {
    precondition(numbers.count == rows * columns, "a matrix view needs rows * columns numbers")
    self.init(base: numbers.baseAddress, rows: rows, columns: columns, owner: nil)
  }

  @usableFromInline init(
    base: UnsafePointer<Scalar>?, rows: Int, columns: Int, owner: AnyObject?
  ) {
    self.base = base
    self.rows = rows
    self.columns = columns
    self.owner = owner
  }

  /// The number of elements.
  @inlinable public var count: Int { rows * columns }

  /// One element.
  @inlinable public subscript(row: Int, column: Int) -> Scalar {
    precondition(row >= 0 && row < rows && column >= 0 && column < columns, "index out of range")
    return withNumbers { $0[row * columns + column] }
  }

  /// Lends all numbers for the time of the call.
  @inlinable public func withNumbers<R, E: Error>(
    _ body: (UnsafeBufferPointer<Scalar>) throws(E) -> R
  ) throws(E) -> R {
    defer { withExtendedLifetime(owner) {} }
    return try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// Lends one row for the time of the call.
  @inlinable public func withRow<R, E: Error>(
    _ row: Int, _ body: (UnsafeBufferPointer<Scalar>) throws(E) -> R
  ) throws(E) -> R {
    precondition(row >= 0 && row < rows, "row out of range")
    defer { withExtendedLifetime(owner) {} }
    let start = base.map { $0 + row * columns }
    return try body(UnsafeBufferPointer(start: start, count: columns))
  }

  /// The rows of a range, without a copy.
  public func rows(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
    return MatrixView(
      base: base.map { $0 + range.lowerBound * columns }, rows: range.count, columns: columns,
      owner: owner)
  }

  /// The same numbers under another shape, without a copy.
  public func reshaped(rows: Int, columns: Int) -> MatrixView {
    precondition(rows * columns == count, "a new shape must have as many elements")
    return MatrixView(base: base, rows: rows, columns: columns, owner: owner)
  }

  /// Stands for the transpose in a product; nothing is moved.
  public var transposed: TransposedView<Scalar> { TransposedView(view: self) }

  /// A pointer for BLAS, which wants an address even for nothing; keep the view alive around it.
  var pointer: UnsafePointer<Scalar> { base ?? UnsafePointer(Empty.address(of: Scalar.self)) }
}

/// The transpose of a matrix, as an operand of `gemm` and `gemv`.
public struct TransposedView<Scalar: BLASScalar>: Sendable {
  let view: MatrixView<Scalar>
}

/// Writable numbers `[rows, columns]`, row-major and compact, valid for the time they are lent.
public struct MutableMatrixView<Scalar: BLASScalar> {
  // Unsafe invariant: as for MatrixView, and nobody else reads or writes.
  @usableFromInline let base: UnsafeMutablePointer<Scalar>?
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int

  /// Takes numbers that stay valid while the view is in use.
  public init(_ numbers: UnsafeMutableBufferPointer<Scalar>, rows: Int, columns: Int) {
    precondition(numbers.count == rows * columns, "a matrix view needs rows * columns numbers")
    base = numbers.baseAddress
    self.rows = rows
    self.columns = columns
  }

  /// All numbers, in row order.
  @inlinable public var numbers: UnsafeMutableBufferPointer<Scalar> {
    UnsafeMutableBufferPointer(start: base, count: rows * columns)
  }

  /// The numbers of one row.
  @inlinable public func row(_ row: Int) -> UnsafeMutableBufferPointer<Scalar> {
    precondition(row >= 0 && row < rows, "row out of range")
    return UnsafeMutableBufferPointer(start: base.map { $0 + row * columns }, count: columns)
  }

  /// One element.
  @inlinable public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(column >= 0 && column < columns, "column out of range")
      return self.row(row)[column]
    }
    nonmutating set {
      precondition(column >= 0 && column < columns, "column out of range")
      self.row(row)[column] = newValue
    }
  }

  /// The rows of a range.
  public func rows(_ range: Range<Int>) -> MutableMatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
    let part = UnsafeMutableBufferPointer(
      start: base.map { $0 + range.lowerBound * columns }, count: range.count * columns)
    return MutableMatrixView(part, rows: range.count, columns: columns)
  }

  /// The same numbers for reading.
  public var view: MatrixView<Scalar> {
    MatrixView(UnsafeBufferPointer(numbers), rows: rows, columns: columns)
  }

  /// Sets every number.
  public func fill(_ value: Scalar) { numbers.update(repeating: value) }

  /// Copies numbers of the same shape.
  public func copy(_ other: MatrixView<Scalar>) {
    precondition(other.rows == rows && other.columns == columns, "shapes differ")
    other.withNumbers { source in
      if let base, let start = source.baseAddress { base.update(from: start, count: source.count) }
    }
  }

  var pointer: UnsafeMutablePointer<Scalar> { base ?? Empty.address(of: Scalar.self) }
}

/// An address that stands for the data of empty matrices; never read or written.
enum Empty {
  static func address<Scalar>(of type: Scalar.Type) -> UnsafeMutablePointer<Scalar> {
    // 64 is aligned for every scalar and not null, which is all that BLAS checks.
    UnsafeMutablePointer(bitPattern: 64).unsafelyUnwrapped
  }
}
