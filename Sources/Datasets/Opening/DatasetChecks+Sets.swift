internal import Documents
internal import Tensors

extension DatasetChecks {
  mutating func shifts(
    testRows: [Int: [Int]], classNames: [[String]], testLabels: [Int32]?
  ) -> [Dataset.Shift] {
    var found: [Dataset.Shift] = []
    var seen: Set<String> = []
    for (index, shift) in manifest.shifts.enumerated() {
      if !seen.insert(shift.name).inserted {
        report("\(shift.pointer)/name", "the name '\(shift.name)' is taken")
      }
      let title = "shift '\(shift.name)'"
      let array = features(shift.features, title, form: "[N, D]", space: "D")
      let values = labels(
        shift.labels, "labels of \(title)", rows: array?.shape[0], of: title)
      let conflicting = shift.conflicting.flatMap {
        labels($0, "conflicting classes of \(title)", rows: array?.shape[0], of: title)
      }
      guard let array, let values else { continue }
      if let rows = testRows[index], rows.count != array.shape[0] {
        report(
          "\(shift.pointer)/test_rows",
          "\(title) has \(array.shape[0]) rows, but test_rows names \(rows.count)")
      } else if let rows = testRows[index], let testLabels {
        checkCopies(values, of: rows, in: testLabels, shift)
      }
      found.append(
        Dataset.Shift(
          name: shift.name, corruption: shift.corruption, severity: shift.severity,
          features: array, labels: values, conflicting: conflicting, testRows: testRows[index],
          classes: subset(classNames[index], of: shift, labels: values + (conflicting ?? []))))
    }
    return found
  }

  /// Copies of test rows are of the classes of those rows.
  private mutating func checkCopies(
    _ labels: [Int32], of rows: [Int], in testLabels: [Int32], _ shift: DatasetManifest.Shift
  ) {
    let torn = zip(labels, rows).enumerated().filter { _, pair in
      testLabels.indices.contains(pair.1) && testLabels[pair.1] != pair.0
    }
    guard let first = torn.first else { return }
    report(
      shift.labels,
      "shift '\(shift.name)' says that its rows are copies of test rows, but \(torn.count) of its "
        + "\(labels.count) labels are not theirs: row \(first.offset) has label \(first.element.0), "
        + "and test row \(first.element.1) has \(testLabels[first.element.1]); put both in one order"
    )
  }

  /// The classes of a shift by their numbers, in order; nil where all of them are meant.
  private mutating func subset(
    _ names: [String], of shift: DatasetManifest.Shift, labels: [Int32]
  ) -> [Int32]? {
    guard shift.classes != nil else { return nil }
    let place = "\(shift.pointer)/classes"
    var found: Set<Int32> = []
    for name in names {
      guard let number = classes.firstIndex(of: name) else {
        let hint = nearestName(to: name, in: classes).map { "; did you mean '\($0)'?" } ?? ""
        report(place, "'\(name)' is no class of the dataset\(hint)")
        continue
      }
      if !found.insert(Int32(number)).inserted { report(place, "'\(name)' is listed twice") }
    }
    if let row = labels.firstIndex(where: { !found.contains($0) }), found.count == names.count {
      report(
        place, "class '\(classes[Int(labels[row])])' occurs in the shift, but is not listed")
    }
    return found.sorted()
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

}
