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
      return features(set.features, "OOD set '\(set.name)'", form: "[N, D]", space: "D").map {
        Dataset.OutOfDistribution(name: set.name, distance: set.distance, features: $0)
      }
    }
  }

  mutating func cases() {
    var seen: Set<String> = []
    for entry in manifest.cases where !seen.insert(entry.name).inserted {
      report("\(entry.pointer)/name", "the name '\(entry.name)' is taken by another case")
    }
  }
}
