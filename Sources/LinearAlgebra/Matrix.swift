internal import Glibc

/// A matrix `[rows, columns]` that owns its numbers, row-major and compact.
///
/// A value: copies share memory until one of them is written. All algorithms take a `MatrixView`;
/// they write into a `MutableMatrixView`, which a matrix lends through `withMutableView`.
///
///     var logits = gemm(queries, weights.view.transposed, scale: 100)
///     logits.withMutableView { $0.softmaxRows() }
public struct Matrix<Scalar: BLASScalar>: Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  private var storage: MatrixStorage<Scalar>

  /// Makes a matrix of zeros.
  public init(rows: Int, columns: Int) {
    self.init(uninitialisedRows: rows, columns: columns)
    storage.numbers.update(repeating: 0)
  }

  /// Copies the numbers of a view.
  public init(copying view: MatrixView<Scalar>) {
    self.init(uninitialisedRows: view.rows, columns: view.columns)
    view.withNumbers { source in _ = storage.numbers.update(fromContentsOf: source) }
  }

  /// Makes a matrix of numbers in row order.
  public init(_ numbers: some Collection<Scalar>, rows: Int, columns: Int) {
    precondition(numbers.count == rows * columns, "a matrix needs rows * columns numbers")
    self.init(uninitialisedRows: rows, columns: columns)
    _ = storage.numbers.update(fromContentsOf: numbers)
  }

  /// Makes a matrix whose numbers are set by `body`, which has to write all of them.
  public init<E: Error>(
    rows: Int, columns: Int, writing body: (MutableMatrixView<Scalar>) throws(E) -> Void
  ) throws(E) {
    self.init(uninitialisedRows: rows, columns: columns)
    try body(MutableMatrixView(storage.numbers, rows: rows, columns: columns))
  }

  // Trivial numbers: allocated memory counts as initialised, whatever it holds.
  private init(uninitialisedRows rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative extent")
    self.rows = rows
    self.columns = columns
    storage = MatrixStorage(count: rows * columns)
  }

  /// The numbers for reading; the view keeps them alive.
  public var view: MatrixView<Scalar> {
    MatrixView(
      base: UnsafePointer(storage.numbers.baseAddress), rows: rows, columns: columns,
      owner: storage)
  }

  /// Lends the numbers for writing, for the time of the call.
  public mutating func withMutableView<R, E: Error>(
    _ body: (MutableMatrixView<Scalar>) throws(E) -> R
  ) throws(E) -> R {
    if !isKnownUniquelyReferenced(&storage) { self = Matrix(copying: view) }
    let storage = storage
    defer { withExtendedLifetime(storage) {} }
    return try body(MutableMatrixView(storage.numbers, rows: rows, columns: columns))
  }

  /// One element.
  public subscript(row: Int, column: Int) -> Scalar {
    get { view[row, column] }
    set { withMutableView { $0[row, column] = newValue } }
  }

  /// All numbers in row order, as a copy.
  public var numbers: [Scalar] { view.withNumbers { Array($0) } }

  /// Multiplies every number.
  public mutating func scale(by factor: Scalar) {
    withMutableView { view in
      for index in view.numbers.indices { view.numbers[index] *= factor }
    }
  }

  /// Copies the upper triangle of a square matrix onto the lower one.
  public mutating func mirrorUpper() {
    precondition(rows == columns, "only a square matrix can be symmetric")
    withMutableView { view in
      for row in 0..<view.rows {
        for column in 0..<row { view[row, column] = view[column, row] }
      }
    }
  }

  /// The sum of the diagonal.
  public var trace: Scalar { (0..<min(rows, columns)).reduce(0) { $0 + self[$1, $1] } }
}

/// Memory of a matrix on a 64-byte border, freed with the last matrix or view that uses it.
///
/// Unsafe invariant: only a matrix that is the sole holder writes.
private final class MatrixStorage<Scalar: BLASScalar>: @unchecked Sendable {
  let numbers: UnsafeMutableBufferPointer<Scalar>

  init(count: Int) {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(count * MemoryLayout<Scalar>.stride, 1), alignment: 64)
    adviseHugePages(bytes)
    numbers = UnsafeMutableBufferPointer(
      start: bytes.baseAddress?.bindMemory(to: Scalar.self, capacity: count), count: count)
  }

  deinit { numbers.baseAddress?.deallocate() }
}

/// Asks for pages of 2 MiB: the first writing to 50 MB costs 12,000 faults with pages of 4 KiB.
private func adviseHugePages(_ bytes: UnsafeMutableRawBufferPointer) {
  let page = 4096
  guard bytes.count >= 4 << 20, let start = bytes.baseAddress else { return }
  let skipped = -Int(bitPattern: start) & (page - 1)
  // Only advice: where it is not taken, nothing changes.
  _ = madvise(start + skipped, (bytes.count - skipped) / page * page, MADV_HUGEPAGE)
}
