internal import Documents
internal import Tensors

/// Whether the arrays of a dataset fit each other; every mismatch is one sentence.
struct DatasetChecks {
  let manifest: DatasetManifest
  let classes: [String]
  let templates: [String]
  let arrays: [ArrayReference: DatasetArray]
  var problems: [DocumentProblem] = []
  /// The first array of each feature space, which the others are held against.
  private var widths: [String: (name: String, extent: Int)] = [:]

  init(
    manifest: DatasetManifest, classes: [String], templates: [String],
    arrays: [ArrayReference: DatasetArray]
  ) {
    self.manifest = manifest
    self.classes = classes
    self.templates = templates
    self.arrays = arrays
  }

  private mutating func report(_ reference: ArrayReference, _ message: String) {
    report(reference.pointer, message)
  }

  private mutating func report(_ pointer: String, _ message: String) {
    problems.append(DocumentProblem(pointer: pointer, message: message))
  }

  // MARK: One array

  /// Checks features `[N, ...]` of a given rank, whose last axis is that of a feature space.
  private mutating func features(
    _ reference: ArrayReference, _ name: String, form: String, space: String
  ) -> DatasetArray? {
    guard let array = arrays[reference] else { return nil }
    let rank = form.split(separator: ",").count
    guard array.dtype.isFloat, array.shape.rank == rank else {
      report(
        reference,
        "\(name) is floating-point \(form), but the file holds \(array.dtype) "
          + "\(array.shape)")
      return nil
    }
    let extent = array.shape[rank - 1]
    let first = widths[space] ?? (name, extent)
    widths[space] = first
    if extent != first.extent {
      report(
        reference,
        "\(name) has rows of \(extent) numbers, but \(first.name) has rows of \(first.extent); "
          + "they must lie in one feature space")
    }
    return array
  }

  /// Checks labels `[N]`, one for each row of features, in `0 ..< K`.
  private mutating func labels(
    _ reference: ArrayReference, _ name: String, rows: Int?, of features: String
  ) -> [Int32]? {
    guard let array = arrays[reference] else { return nil }
    guard array.shape.rank == 1, let values = integers(of: array.tensor, rows: array.rows) else {
      report(
        reference, "\(name) is integers [N], but the file holds \(array.dtype) \(array.shape)")
      return nil
    }
    if let rows, values.count != rows {
      report(reference, "\(name) has \(values.count) labels for the \(rows) rows of \(features)")
    }
    if classes.isEmpty {
      report(reference, "\(name) needs the class names; give them as 'classes'")
    } else if let row = values.firstIndex(where: { !classes.indices.contains(Int($0)) }) {
      report(
        reference,
        "label \(values[row]) in row \(row) of \(name) is not in 0 ..< \(classes.count), "
          + "the number of classes")
    }
    return values
  }

  // MARK: Splits and text

  /// Checks `train`, `val`, `test`, `unlabelled` and `text`; gives the labels of each split.
  mutating func splits() -> [String: [Int32]] {
    var found: [String: [Int32]] = [:]
    for split in ["test", "train", "val", "unlabelled", "image", "caption"] {
      let name = "\(split).features"
      let labelled = ["test", "train", "val"].contains(split)
      guard let reference = manifest.arrays[name] else {
        for other in ["labels", "aux"] {
          if let lonely = manifest.arrays["\(split).\(other)"] {
            report(lonely, "\(split).\(other) needs \(name)")
          }
        }
        continue
      }
      let rows = features(reference, name, form: "[N, D]", space: "D")?.shape[0]
      if let labelReference = manifest.arrays["\(split).labels"] {
        found[split] = labels(labelReference, "\(split).labels", rows: rows, of: name)
      } else if labelled {
        report(reference, "\(name) needs \(split).labels")
      }
      if let aux = manifest.arrays["\(split).aux"] {
        checkAux(aux, "\(split).aux", rows: rows, of: name)
      }
    }
    checkText()
    checkPairs()
    return found
  }

  private mutating func checkAux(
    _ reference: ArrayReference, _ name: String, rows: Int?, of features: String
  ) {
    guard let aux = self.features(reference, name, form: "[N, A]", space: "A"), let rows,
      aux.shape[0] != rows
    else { return }
    report(reference, "\(name) has \(aux.shape[0]) rows, but \(features) has \(rows)")
  }

  private mutating func checkText() {
    for (name, form) in [("text.class", "[K, D]"), ("text.prompts", "[K, P, D]")] {
      guard let reference = manifest.arrays[name],
        let array = features(reference, name, form: form, space: "D")
      else { continue }
      if array.shape[0] != classes.count {
        report(
          reference, "\(name) has \(array.shape[0]) rows for the \(classes.count) classes")
      }
      if name == "text.prompts", !templates.isEmpty, array.shape[1] != templates.count {
        report(
          reference,
          "\(name) has \(array.shape[1]) prompts a class for the \(templates.count) templates")
      }
    }
  }

  private mutating func checkPairs() {
    guard let captions = manifest.arrays["caption.features"],
      let images = manifest.arrays["image.features"].flatMap({ arrays[$0] }),
      let array = arrays[captions], array.shape[0] != images.shape[0]
    else { return }
    report(
      captions,
      "caption.features has \(array.shape[0]) rows for the \(images.shape[0]) of image.features")
  }

  // MARK: Shots

  mutating func shots(trainLabels: [Int32]?) -> Dataset.Shots? {
    switch manifest.shots {
    case .index(let reference): return stored(reference, trainLabels: trainLabels)
    case .sets(let sets): return given(sets)
    case nil: return nil
    }
  }

  private mutating func stored(
    _ reference: ArrayReference, trainLabels: [Int32]?
  ) -> Dataset.Shots? {
    guard let array = arrays[reference] else { return nil }
    guard let trainLabels else {
      report(reference, "stored draws need train.features and train.labels")
      return nil
    }
    guard array.shape.rank == 3, array.shape[1] == classes.count,
      let values = integers(of: array.tensor, rows: array.rows)
    else {
      report(
        reference,
        "stored draws are integers [S, K, M] with K = \(classes.count) classes, but the file holds "
          + "\(array.dtype) \(array.shape)")
      return nil
    }
    let (classCount, depth) = (array.shape[1], array.shape[2])
    var draws: [[[Int]]] = []
    for draw in 0..<array.shape[0] {
      draws.append([])
      for label in 0..<classCount {
        let start = (draw * classCount + label) * depth
        let rows = values[start..<start + depth].map(Int.init)
        let place = "draw \(draw) of class \(label)"
        if let bad = rows.first(where: { !trainLabels.indices.contains($0) }) {
          report(reference, "\(place) names row \(bad), not in 0 ..< \(trainLabels.count)")
        } else if let stray = rows.first(where: { trainLabels[$0] != Int32(label) }) {
          report(
            reference, "\(place) names train row \(stray), whose label is \(trainLabels[stray])")
        }
        draws[draw].append(rows)
      }
    }
    return .index(draws: draws)
  }

  private mutating func given(_ sets: [String: DatasetManifest.Labelled]) -> Dataset.Shots {
    var given: [Int: Dataset.Labelled] = [:]
    for (name, set) in sets.sorted(by: { $0.key < $1.key }) {
      let title = "shot set '\(name)'"
      guard let shots = Int(name), shots > 0, String(shots) == name else {
        report(
          "/shots/sets/\(pointerToken(name))",
          "a shot set is named by its rows per class, such as \"4\", not '\(name)'")
        continue
      }
      let array = features(set.features, title, form: "[N, D]", space: "D")
      let values = labels(set.labels, "labels of \(title)", rows: array?.shape[0], of: title)
      if let aux = set.aux {
        checkAux(aux, "aux of \(title)", rows: array?.shape[0], of: title)
      }
      guard let array, let values else { continue }
      given[shots] = Dataset.Labelled(
        features: array, labels: values, aux: set.aux.flatMap { arrays[$0] })
    }
    return .sets(given)
  }

  // MARK: Shifts, OOD sets, groups

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

  mutating func groups(names: [String: [String]]) -> [String: Dataset.Group] {
    let evaluated = ["test.features", "image.features"].first { manifest.arrays[$0] != nil }
    let rows = evaluated.flatMap { manifest.arrays[$0] }.flatMap { arrays[$0]?.shape[0] }
    var found: [String: Dataset.Group] = [:]
    for (attribute, group) in manifest.groups.sorted(by: { $0.key < $1.key }) {
      guard let array = arrays[group.array] else { continue }
      guard array.shape.rank == 1, let codes = integers(of: array.tensor, rows: array.rows) else {
        report(
          group.array,
          "group '\(attribute)' is integers [N], but the file holds \(array.dtype) \(array.shape)")
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
