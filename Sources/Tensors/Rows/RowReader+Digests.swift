internal import CConvert

/// 128 bits that stand for the numbers of a row.
package struct RowDigest: Hashable, Sendable {
  package let low: UInt64
  package let high: UInt64
}

extension RowReader {
  /// What stands for the numbers of each row, equal for equal rows of any element type.
  ///
  /// The numbers are taken as f32, which is what methods see, or rounded to a narrower type: that of
  /// other rows that these are compared with. So an f16 copy of f64 rows is found as such.
  package func digests(rows: [Int]? = nil, roundedTo grid: DType = .f32) -> [RowDigest] {
    let words = scanned(rows, of: UInt64.self, each: 2) { source, rows, count, words in
      assay_row_digests(
        tensor.dtype.element, source, rows, count, rowLength, grid.element, words) == 0
    }
    return stride(from: 0, to: words.count, by: 2).map {
      RowDigest(low: words[$0], high: words[$0 + 1])
    }
  }

  /// The squared L2 norm of each row, of all its axes, in f64.
  package func squares(rows: [Int]? = nil) -> [Double] {
    scanned(rows, of: Double.self, each: 1) { source, rows, count, squares in
      assay_row_squares(tensor.dtype.element, source, rows, count, rowLength, squares) == 0
    }
  }

  /// Lends the memory of the rows to a kernel that writes `each` numbers for every one of them.
  private func scanned<T>(
    _ rows: [Int]?, of type: T.Type, each: Int,
    _ kernel: (UnsafeRawPointer, UnsafePointer<Int64>?, Int, UnsafeMutablePointer<T>) -> Bool
  ) -> [T] {
    let count = rows?.count ?? rowCount
    let chosen = rows.map { rows in rows.map(Int64.init) }
    return [T](unsafeUninitializedCapacity: count * each) { target, filled in
      guard count > 0, let base = target.baseAddress else { return }
      // Rows without numbers have no memory, and a kernel reads none of them.
      let isDone = tensor.withBytes { bytes in
        withUnsafeBytes(of: 0) { nothing in
          guard let source = bytes.baseAddress ?? nothing.baseAddress else { return false }
          guard let chosen else { return kernel(source, nil, count, base) }
          return chosen.withUnsafeBufferPointer { kernel(source, $0.baseAddress, count, base) }
        }
      }
      precondition(isDone, "out of memory")
      filled = count * each
    }
  }
}
