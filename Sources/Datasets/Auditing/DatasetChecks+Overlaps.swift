internal import Documents
internal import Tensors

/// Rows that two parts of a dataset share.
struct SharedRows {
  /// The rows of the first part that the second holds too.
  var first = 0
  /// The rows of the second part that the first holds too.
  var second = 0
  /// The earliest places, in the first part and in the second.
  var places: [(first: Int, second: Int)] = []

  init(_ first: DatasetPart, _ second: DatasetPart, _ indexes: RowIndexes) {
    let grid = commonGrid(first.array.dtype, second.array.dtype)
    let places = indexes[first, grid]
    var met: Set<RowDigest> = []
    for (row, digest) in second.array.digests(roundedTo: grid).enumerated() {
      guard let place = places[digest] else { continue }
      self.second += 1
      met.insert(digest)
      if self.places.count < 3 { self.places.append((place, row)) }
    }
    if !met.isEmpty {
      self.first = first.array.digests(roundedTo: grid).count { met.contains($0) }
    }
  }
}

/// The first place of every row of a part, made once for all parts that it is compared with.
final class RowIndexes {
  private var known: [String: [RowDigest: Int]] = [:]

  subscript(part: DatasetPart, grid: DType) -> [RowDigest: Int] {
    let key = "\(part.pointer) \(grid.rawValue)"
    if let index = known[key] { return index }
    let digests = part.array.digests(roundedTo: grid)
    let index = Dictionary(
      zip(digests, digests.indices), uniquingKeysWith: { earlier, _ in earlier })
    known[key] = index
    return index
  }
}

extension DatasetChecks {
  /// Finds rows that are both learned from and judged on, in any order and of any element type.
  ///
  /// Rows are compared by their numbers. Real collections have a few repeats, which are a warning. More
  /// than one row of a hundred, or a training set that lies in a test set altogether, is an error:
  /// what is measured is then memory. The manifest may allow it under `overlaps`, with a reason.
  mutating func overlaps(among parts: [DatasetPart]) {
    checkOverlapNames(parts)
    let indexes = RowIndexes()
    for (place, evaluated) in parts.enumerated() where evaluated.role == .evaluated {
      for fitted in parts where fitted.role != .evaluated && fitted.scope == evaluated.scope {
        judge(SharedRows(fitted, evaluated, indexes), of: fitted, and: evaluated)
      }
      for other in parts[..<place] where other.role == .evaluated && other.scope == nil {
        judge(alike: other, evaluated, indexes)
      }
    }
    judgeSelection(parts, indexes)
  }

  /// Rows with labels to learn from, and rows that a result is measured on.
  private mutating func judge(
    _ shared: SharedRows, of fitted: DatasetPart, and evaluated: DatasetPart
  ) {
    guard shared.second > 0 else { return }
    let isOracle = manifest.valIsTest && fitted.name == "val" && evaluated.name == "test"
    guard !isOracle else { return }
    let message =
      "\(shared.text(fitted, evaluated)); "
      + (fitted.role == .unlabelled
        ? "methods see them without their labels"
        : "what is measured on them is what was learned by heart")
    if let reason = allowance(of: fitted, evaluated) {
      return find(
        .warning, "allowed-overlap", at: evaluated.pointer, "\(message); allowed: \(reason)")
    }
    if fitted.role == .unlabelled {
      return find(.note, "shared-rows", at: evaluated.pointer, message)
    }
    let isLarge = shared.isLarge(fitted, evaluated)
    if isLarge, fitted.name == "val", evaluated.name == "test" {
      return report(
        fitted.pointer,
        "\(shared.text(fitted, evaluated)); carve a validation split out of other rows, or say "
          + "\"val_is_test\": true, which marks what is tuned on it as oracle")
    }
    let hint =
      isLarge
      ? "; take them out of one of the two, or allow it under 'overlaps' with a reason" : ""
    find(isLarge ? .error : .warning, "shared-rows", at: evaluated.pointer, message + hint)
  }

  /// Two test sets: a shift that is none, and OOD rows that are in the distribution.
  private mutating func judge(
    alike first: DatasetPart, _ second: DatasetPart, _ indexes: RowIndexes
  ) {
    let isOOD = second.kind == "ood" && first.kind != "ood"
    guard isOOD || (first.name == "test" && second.kind == "shifts") else { return }
    let shared = SharedRows(first, second, indexes)
    guard shared.second > 0 else { return }
    let text = shared.text(first, second)
    if let reason = allowance(of: first, second) {
      return find(.warning, "allowed-overlap", at: second.pointer, "\(text); allowed: \(reason)")
    }
    guard isOOD else {
      let isAll = shared.second == second.array.shape[0]
      return find(
        isAll ? .warning : .note, "unshifted-rows", at: second.pointer,
        text + (isAll ? "; nothing is shifted" : ""))
    }
    find(
      shared.isLarge(first, second) ? .error : .warning, "shared-rows", at: second.pointer,
      "\(text); a row cannot be in the distribution and out of it")
  }

  /// What is tuned on rows that were learned from says nothing, though the test stays honest.
  private mutating func judgeSelection(_ parts: [DatasetPart], _ indexes: RowIndexes) {
    for val in parts where val.name == "val" {
      for train in parts where ["train", "shots"].contains(train.name) {
        let shared = SharedRows(train, val, indexes)
        guard shared.second > 0 else { continue }
        let text = "\(shared.text(train, val)); what is tuned on them was learned by heart"
        if let reason = allowance(of: train, val) {
          find(.warning, "allowed-overlap", at: val.pointer, "\(text); allowed: \(reason)")
        } else {
          find(.warning, "shared-rows", at: val.pointer, text)
        }
      }
    }
  }

  // MARK: What the manifest allows

  private func allowance(of first: DatasetPart, _ second: DatasetPart) -> String? {
    manifest.overlaps.first { overlap in
      (first.isCalled(overlap.between.0) && second.isCalled(overlap.between.1))
        || (first.isCalled(overlap.between.1) && second.isCalled(overlap.between.0))
    }?.reason
  }

  private mutating func checkOverlapNames(_ parts: [DatasetPart]) {
    let known = DatasetPart.fixedNames + parts.map(\.name)
    for overlap in manifest.overlaps {
      for name in [overlap.between.0, overlap.between.1] where !known.contains(name) {
        let hint = nearestName(to: name, in: known).map { "; did you mean '\($0)'?" } ?? ""
        report("\(overlap.pointer)/between", "the dataset has no part '\(name)'\(hint)")
      }
    }
  }
}

extension SharedRows {
  /// Whether the share is beyond what happens in real collections.
  fileprivate func isLarge(_ fitted: DatasetPart, _ evaluated: DatasetPart) -> Bool {
    second * 100 > evaluated.array.shape[0] || first * 2 >= max(fitted.array.shape[0], 2)
  }

  fileprivate func text(_ left: DatasetPart, _ right: DatasetPart) -> String {
    let (all, whole) = (left.array.shape[0], right.array.shape[0])
    let places = places.map { "row \($0.second) is row \($0.first)" }.joined(separator: ", ")
    let types = Set([left.array.dtype, right.array.dtype])
    let grid =
      types.count > 1 ? " (as \(commonGrid(left.array.dtype, right.array.dtype).rawValue))" : ""
    return "\(second) of the \(whole) rows of \(right.title) are among the \(all) of "
      + "\(left.title)\(grid): \(places)\(second > self.places.count ? ", ..." : "")"
  }
}
