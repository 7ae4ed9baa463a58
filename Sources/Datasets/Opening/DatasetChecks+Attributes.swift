internal import Tensors

extension DatasetChecks {
  mutating func groups() -> [String: Dataset.Group] {
    let evaluated = ["test.features", "image.features"].first { manifest.arrays[$0] != nil }
    var found: [String: Dataset.Group] = [:]
    for (attribute, group) in manifest.groups.sorted(by: { $0.key < $1.key }) {
      let values = groupNames[attribute] ?? []
      let title = "group '\(attribute)'"
      guard let codes = codes(group.array, title, of: evaluated, among: values) else { continue }
      var splits: [String: [Int32]] = [:]
      for (split, array) in group.splits.sorted(by: { $0.key < $1.key }) {
        splits[split] = self.codes(
          array, "\(title) of \(split)", of: "\(split).features", among: values)
      }
      found[attribute] = Dataset.Group(names: values, codes: codes, splits: splits)
    }
    return found
  }

  /// Checks a number into the names, or -1, for each row of an array.
  private mutating func codes(
    _ reference: ArrayReference, _ title: String, of features: String?, among names: [String]
  ) -> [Int32]? {
    guard let codes = integers(reference, title, form: "[N]") else { return nil }
    checkCount(codes, reference, "\(title) has \(codes.count) codes", of: features)
    if let row = codes.firstIndex(where: { $0 < -1 || $0 >= names.count }) {
      report(
        reference,
        "code \(codes[row]) in row \(row) of \(title) is neither -1 (unknown) nor "
          + "a number into its \(names.count) names")
    }
    return codes
  }

  private mutating func checkCount(
    _ values: [Int32], _ reference: ArrayReference, _ found: String, of features: String?
  ) {
    guard let features, let array = manifest.arrays[features] else { return }
    if let rows = arrays[array]?.shape[0], rows != values.count {
      report(reference, "\(found) for the \(rows) rows of \(features)")
    }
  }

  /// Checks the unit of each row of a split, and that no unit lies in two splits.
  mutating func units() -> [String: [Int32]] {
    var found: [String: [Int32]] = [:]
    var home: [Int32: String] = [:]
    for split in ["train", "val", "test"] {
      guard let reference = manifest.units[split] else { continue }
      let title = "units of \(split)"
      guard let units = integers(reference, title, form: "[N]") else { continue }
      if manifest.arrays["\(split).features"] == nil {
        report(reference, "\(title) need \(split).features")
      }
      checkCount(
        units, reference, "\(title) are \(units.count) numbers", of: "\(split).features")
      if let row = units.firstIndex(where: { $0 < 0 }) {
        report(reference, "unit \(units[row]) in row \(row) of \(title) is negative")
      }
      let mayShare = manifest.valIsTest && split == "test" ? "val" : split
      if let row = units.firstIndex(where: { ![split, mayShare].contains(home[$0] ?? split) }) {
        report(
          reference,
          "unit \(units[row]) in row \(row) of \(split) is in \(home[units[row]] ?? "") too; "
            + "all rows of a unit belong in one split")
      }
      for unit in units { home[unit] = split }
      found[split] = units
    }
    return found
  }

  /// Checks the labels and the text of each target.
  mutating func targets() -> [Dataset.Target] {
    zip(manifest.targets, targetClasses).map { target, classes in
      let title = "target '\(target.name)'"
      var splits: [String: [Int32]] = [:]
      for (split, reference) in target.splits.sorted(by: { $0.key < $1.key }) {
        let name = "\(title) of \(split)"
        guard let values = integers(reference, name, form: "[N]") else { continue }
        if manifest.arrays["\(split).features"] == nil {
          report(reference, "\(name) needs \(split).features")
        }
        checkCount(
          values, reference, "\(name) has \(values.count) labels", of: "\(split).features")
        checkRange(values, reference, name, classes: classes)
        splits[split] = values
      }
      let text = target.text.flatMap {
        features($0, "the text of \(title)", form: "[K, D]", space: "D")
      }
      if let text, text.shape[0] != classes.count, let reference = target.text {
        report(
          reference,
          "the text of \(title) has \(text.shape[0]) rows for its \(classes.count) classes")
      }
      return Dataset.Target(name: target.name, classes: classes, splits: splits, text: text)
    }
  }
}
