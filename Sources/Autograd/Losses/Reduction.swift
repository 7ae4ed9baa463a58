internal import Tensors

/// What becomes of the losses of the rows.
public enum Reduction: Sendable {
  /// Their mean over the rows that count.
  case mean
  /// Their sum.
  case sum
  /// One for each row.
  case none
}

extension Variable {
  /// The losses of rows as asked for; `counted` of them are in the mean.
  func reduced(_ reduction: Reduction, counted: Int? = nil) -> Variable {
    switch reduction {
    case .none: return self
    case .sum: return sum()
    // A mean of nothing is 0, and moves nothing.
    case .mean: return sum() * (1 / Float(Swift.max(counted ?? count, 1)))
    }
  }
}
