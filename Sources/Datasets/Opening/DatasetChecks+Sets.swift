internal import Tensors

extension DatasetChecks {
  mutating func shifts(testRows: [Int: [Int]]) -> [Dataset.Shift] {
    var found: [Dataset.Shift] = []
    var seen: Set<String> = ["test"]
    for (index, shift) in manifest.shifts.enumerated() {
      if !seen.insert(shift.name).inserted {
        report("\(shift.pointer)/name", "the name '\(shift.name)' is taken")
      }
      let title = "shift '\(shift.name)'"
      let array = features(shift.features, title, form: "[N, D]", space: "D")
      let values = labels(
        shift.labels, "labels of \(title)", rows: array?.shape[0], of: title)
      guard let array, let values else { continue }
      if let rows = testRows[index], rows.count != array.shape[0] {
        report(
          "\(shift.pointer)/test_rows",
          "\(title) has \(array.shape[0]) rows, but test_rows names \(rows.count)")
      }
      found.append(
        Dataset.Shift(
          name: shift.name, corruption: shift.corruption, severity: shift.severity,
          features: array, labels: values, testRows: testRows[index]))
    }
    return found
  }

  mutating func outOfDistribution() -> [Dataset.OutOfDistribution] {
    var seen: Set<String> = []
    return manifest.outOfDistribution.compactMap { set in
      if !seen.insert(set.name).inserted {
        report(set.features, "the name '\(set.name)' is taken by another OOD set")
      }
      let title = "OOD set '\(set.name)'"
      let array = features(set.features, title, form: "[N, D]", space: "D")
      if let aux = set.aux { checkAux(aux, "aux of \(title)", rows: array?.shape[0], of: title) }
      return array.map {
        Dataset.OutOfDistribution(
          name: set.name, distance: set.distance, features: $0,
          aux: set.aux.flatMap { arrays[$0] })
      }
    }
  }

  mutating func cases() {
    var seen: Set<String> = []
    for entry in manifest.cases where !seen.insert(entry.name).inserted {
      report("\(entry.pointer)/name", "the name '\(entry.name)' is taken by another case")
    }
  }

  mutating func groups(names: [String: [String]]) -> [String: Dataset.Group] {
    let evaluated = ["test.features", "image.features"].first { manifest.arrays[$0] != nil }
    let rows = evaluated.flatMap { manifest.arrays[$0] }.flatMap { arrays[$0]?.shape[0] }
    var found: [String: Dataset.Group] = [:]
    for (attribute, group) in manifest.groups.sorted(by: { $0.key < $1.key }) {
      guard let codes = integers(group.array, "group '\(attribute)'", form: "[N]") else {
        continue
      }
      let values = names[attribute] ?? []
      if let rows, codes.count != rows {
        report(
          group.array,
          "group '\(attribute)' has \(codes.count) codes for the \(rows) rows of "
            + (evaluated ?? ""))
      }
      if let row = codes.firstIndex(where: { $0 < -1 || $0 >= values.count }) {
        report(
          group.array,
          "code \(codes[row]) in row \(row) of group '\(attribute)' is neither -1 (unknown) nor "
            + "a number into its \(values.count) names")
      }
      found[attribute] = Dataset.Group(names: values, codes: codes)
    }
    return found
  }
}
