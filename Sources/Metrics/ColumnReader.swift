internal import Tensors

/// Reads the stored columns of an outcome table, all `[n]`, and says what is wrong with them.
struct ColumnReader {
  let columns: [String: Tensor]
  let n: Int

  /// Takes the number of rows from the column that every such table has.
  init(_ columns: [String: Tensor], rowsOf first: String) throws(MetricsError) {
    guard let n = columns[first]?.count else {
      throw MetricsError(.invalidInput, "The column '\(first)' is missing.")
    }
    self.columns = columns
    self.n = n
  }

  func values<T: BitwiseCopyable>(_ name: String, _ dtype: DType) throws(MetricsError) -> [T] {
    guard let tensor = columns[name] else {
      throw MetricsError(.invalidInput, "The column '\(name)' is missing.")
    }
    guard tensor.dtype == dtype, tensor.shape == Shape([n]) else {
      throw MetricsError(
        .invalidInput,
        "The column '\(name)' is \(tensor.dtype) \(tensor.shape); wanted is \(dtype) [\(n)].")
    }
    return tensor.withElements(of: T.self) { Array($0) }
  }

  /// f32 without NaN and infinities.
  func finite(_ name: String) throws(MetricsError) -> [Float] {
    let values: [Float] = try values(name, .f32)
    guard values.allSatisfy(\.isFinite) else {
      throw MetricsError(.invalidInput, "The column '\(name)' holds NaN or infinite values.")
    }
    return values
  }

  /// f64, or f32 as earlier versions stored it, without NaN and infinities.
  func finiteDoubles(_ name: String) throws(MetricsError) -> [Double] {
    guard columns[name]?.dtype != .f32 else { return try finite(name).map(Double.init) }
    let values: [Double] = try values(name, .f64)
    guard values.allSatisfy(\.isFinite) else {
      throw MetricsError(.invalidInput, "The column '\(name)' holds NaN or infinite values.")
    }
    return values
  }

  /// f64 or f32 `[n, K]` without NaN and infinities, a list for each of the K.
  func finiteColumns(_ name: String) throws(MetricsError) -> [[Double]] {
    guard let tensor = columns[name], [.f64, .f32].contains(tensor.dtype), tensor.shape.rank == 2,
      tensor.shape[0] == n
    else {
      throw MetricsError(.invalidInput, "The column '\(name)' is not f64 [\(n), K].")
    }
    let count = tensor.shape[1]
    let values =
      tensor.dtype == .f32
      ? tensor.withElements(of: Float.self) { $0.map(Double.init) }
      : tensor.withElements(of: Double.self) { Array($0) }
    let found = (0..<count).map { column in (0..<n).map { values[$0 * count + column] } }
    guard found.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw MetricsError(.invalidInput, "The column '\(name)' holds NaN or infinite values.")
    }
    return found
  }

  /// i32 of 0 and above.
  func natural(_ name: String) throws(MetricsError) -> [Int32] {
    let values: [Int32] = try values(name, .i32)
    guard values.allSatisfy({ $0 >= 0 }) else {
      throw MetricsError(.invalidInput, "The column '\(name)' holds negative numbers.")
    }
    return values
  }

  /// i32 of 0 and 1.
  func flags(_ name: String) throws(MetricsError) -> [Bool] {
    let values: [Int32] = try values(name, .i32)
    guard values.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw MetricsError(.invalidInput, "The column '\(name)' holds other numbers than 0 and 1.")
    }
    return values.map { $0 == 1 }
  }
}

/// Refuses scores that cannot be ranked, with their count.
func requireFinite(_ values: [Float], _ name: String) throws(MetricsError) {
  let notFinite = values.count { !$0.isFinite }
  guard notFinite == 0 else {
    throw MetricsError(
      .invalidInput, "\(name) hold \(notFinite) values that are NaN or infinite.")
  }
}
