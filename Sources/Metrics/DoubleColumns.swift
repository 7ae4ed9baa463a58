internal import Tensors

extension Tensor {
  /// An f64 tensor `[n]`.
  init(doubles values: [Double]) { self.init(doubles: values, shape: Shape([values.count])) }

  /// The elements of an f64 tensor.
  func doubles() -> [Double] { withElements(of: Double.self) { Array($0) } }

  /// An f64 tensor of a shape.
  init(doubles values: [Double], shape: Shape) {
    self.init(dtype: .f64, shape: shape) { bytes in
      values.withUnsafeBytes(bytes.copyMemory)
    }
  }
}

/// Reads an f64 column `[n]`.
func doubles(_ name: String, of columns: [String: Tensor]) throws(MetricsError) -> [Double] {
  guard let tensor = columns[name] else {
    throw MetricsError(.invalidInput, "The column '\(name)' is missing.")
  }
  guard tensor.dtype == .f64, tensor.shape.rank == 1 else {
    throw MetricsError(
      .invalidInput,
      "The column '\(name)' is \(tensor.dtype) \(tensor.shape); wanted is f64 [n].")
  }
  return tensor.withElements(of: Double.self) { Array($0) }
}

/// Checks that a column has `count` finite values, and none below 0 when `isNotNegative`.
func requireColumn(
  _ name: String, _ values: [Double], count: Int, isNotNegative: Bool = false
) throws(MetricsError) {
  guard values.count == count else {
    throw MetricsError(
      .invalidInput, "The column '\(name)' has \(values.count) rows; wanted are \(count).")
  }
  guard values.allSatisfy(\.isFinite) else {
    throw MetricsError(.invalidInput, "The column '\(name)' holds NaN or infinite values.")
  }
  guard !isNotNegative || values.allSatisfy({ $0 >= 0 }) else {
    throw MetricsError(.invalidInput, "The column '\(name)' holds negative numbers.")
  }
}
