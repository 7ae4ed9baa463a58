internal import Documents

/// The training rows that a setting hands over.
enum TrainingBudget: Sendable, Equatable {
  case none
  /// The whole training split.
  case full
  /// So many rows of each class.
  case shots(Int)

  /// Reads `"none"`, `"full"` or a number of rows per class.
  init?(_ json: JSON) {
    if let count = json.int {
      self = .shots(count)
    } else {
      self = json.string == "full" ? .full : .none
    }
  }

  /// The member of a setting that tells the budget.
  var setting: [String: JSON] {
    switch self {
    case .none: ["train": "none"]
    case .full: ["train": "full"]
    case .shots(let count): ["shots": JSON(count)]
    }
  }
}
