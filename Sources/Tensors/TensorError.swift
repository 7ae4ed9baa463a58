/// Why a tensor cannot be read, written or used as asked.
package struct TensorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file that it is about, where there is one.
  package var path: String?
  /// What was found, what was wanted, and what to do.
  package var message: String

  package init(_ message: String, path: String? = nil) {
    self.message = message
    self.path = path
  }

  /// The error as `path: sentence`.
  package var description: String { path.map { "\($0): \(message)" } ?? message }

  /// The same error, about a file.
  func about(_ path: String) -> TensorError { TensorError(message, path: path) }
}

extension Shape {
  /// The largest number of axes that is read or written.
  package static let maximumRank = 8

  /// Takes over extents from a file, whose elements must be countable and addressable.
  init(checking extents: [Int], of dtype: DType) throws(TensorError) {
    let shown = "[\(extents.prefix(9).map(String.init).joined(separator: ", "))]"
    guard extents.count <= Shape.maximumRank else {
      throw TensorError("has \(extents.count) axes, but at most \(Shape.maximumRank) are supported")
    }
    guard extents.allSatisfy({ $0 >= 0 }) else {
      throw TensorError("has the shape \(shown), but no extent may be negative")
    }
    // Extents of 0 are left out, for the product may overflow before it meets them.
    var bytes = dtype.size
    for extent in extents where extent > 0 {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else {
        throw TensorError("has the shape \(shown), which no memory can hold")
      }
      bytes = product
    }
    self.init(extents)
  }
}
