import Evaluation
import Tensors

/// Per-sample columns of trials as numbers.
struct SampleColumns {
  private let store: TrialStore

  init(_ store: TrialStore) { self.store = store }

  /// A column as doubles; nil where it is absent, unreadable or of a kind that has no numbers.
  func numbers(_ name: String, of trial: TrialRecord) -> [Double]? {
    guard let digest = trial.samples[name], let column = try? store.read(digest) else { return nil }
    return numbersOf(column)
  }
}

private func numbersOf(_ column: Tensor) -> [Double]? {
  switch column.dtype {
  case .f32: column.withElements(of: Float.self) { $0.map(Double.init) }
  case .f64: column.withElements(of: Double.self) { Array($0) }
  case .i32: column.withElements(of: Int32.self) { $0.map(Double.init) }
  case .i64: column.withElements(of: Int64.self) { $0.map(Double.init) }
  case .u8, .bool: column.withElements(of: UInt8.self) { $0.map(Double.init) }
  default: nil
  }
}
