internal import Contracts
internal import Documents
internal import Metrics
internal import Tensors

/// Whether the arrays of a dataset fit each other; every mismatch is one sentence.
struct DatasetChecks {
  let manifest: DatasetManifest
  let classes: [String]
  let templates: [String]
  let arrays: [ArrayReference: DatasetArray]
  /// The names of the values of each attribute.
  let groupNames: [String: [String]]
  /// The class names of each target, in the order of the manifest.
  let targetClasses: [[String]]
  var problems: [DocumentProblem] = []
  /// What is to be said of the dataset though it can be used.
  var findings: [DataFinding] = []
  /// The first array of each feature space, which the others are held against.
  private var widths: [String: (name: String, extent: Int)] = [:]

  init(
    manifest: DatasetManifest, classes: [String], templates: [String],
    arrays: [ArrayReference: DatasetArray], groupNames: [String: [String]],
    targetClasses: [[String]]
  ) {
    self.manifest = manifest
    self.classes = classes
    self.templates = templates
    self.arrays = arrays
    self.groupNames = groupNames
    self.targetClasses = targetClasses
  }

  mutating func report(_ reference: ArrayReference, _ message: String) {
    report(reference.pointer, message)
  }

  mutating func report(_ pointer: String, _ message: String) {
    problems.append(DocumentProblem(pointer: pointer, message: message))
  }

  // MARK: One array

  /// Checks features `[N, ...]` of a given rank, whose last axis is that of a feature space.
  mutating func features(
    _ reference: ArrayReference, _ name: String, form: String, space: String
  ) -> DatasetArray? {
    guard let array = arrays[reference] else { return nil }
    let rank = form.split(separator: ",").count
    guard array.dtype.isFloat, array.shape.rank == rank else {
      report(
        reference,
        "\(name) must be floating-point \(form), but the file holds \(array.dtype) "
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
    checkFinite(array, reference, name)
    return array
  }

  /// Methods are promised finite inputs, and a NaN of the data would be held against them.
  private mutating func checkFinite(
    _ array: DatasetArray, _ reference: ArrayReference, _ name: String
  ) {
    guard let place = array.firstNotFinite else {
      return checkLengths(array, reference, name)
    }
    report(
      reference,
      "\(name) has a number that is not finite in row \(place.row) at \(place.place); repair the "
        + "row or leave it out with 'rows'")
  }

  /// Checks the arrays of cases as features are checked, each once however many cases share it.
  mutating func cases(_ cases: [Dataset.Case]) {
    var seen: Set<String> = []
    for entry in manifest.cases where !seen.insert(entry.name).inserted {
      report("\(entry.pointer)/name", "the name '\(entry.name)' is taken by another case")
    }
    var looked: Set<String> = []
    for entry in manifest.cases {
      for (member, tensors) in [("fit", entry.fit), ("query", entry.query), ("truth", entry.truth)]
      {
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
          guard case .array(let reference) = tensor, let array = arrays[reference],
            array.dtype.isFloat, array.shape.rank > 0,
            looked.insert(array.contentKey ?? reference.pointer).inserted
          else { continue }
          let title = "\(member)/\(name) of case '\(entry.name)'"
          if array.shape.rank > 1, member != "truth" {
            checkFinite(array, reference, title)
          } else if let place = array.firstNotFinite {
            report(reference, "\(title) has a number that is not finite in row \(place.row)")
          }
        }
      }
    }
    caseValues(cases)
  }

  /// Checks what cases hold against the task that they are questions of.
  ///
  /// A dataset does not name tasks: where names fit several, the case must be right for one.
  private mutating func caseValues(_ cases: [Dataset.Case]) {
    for entry in cases {
      let tasks = Task.all.map(\.caseContract).filter { entry.isNamed(as: $0) }
      guard !tasks.isEmpty else {
        find(
          .warning, "no-task", at: entry.pointer,
          "case '\(entry.name)' has the inputs of no task; 'assay list tasks' names them")
        continue
      }
      let obstacles = tasks.map { entry.obstacles(to: $0) }
      guard let least = obstacles.min(by: { $0.count < $1.count }) else { continue }
      for (member, message) in least { report("\(entry.pointer)/\(member)", message) }
    }
  }

  /// Checks integers of a given rank.
  mutating func integers(
    _ reference: ArrayReference, _ name: String, form: String
  ) -> [Int32]? {
    guard let array = arrays[reference] else { return nil }
    guard !array.dtype.isFloat, array.shape.rank == form.split(separator: ",").count else {
      report(
        reference,
        "\(name) must be integers \(form), but the file holds \(array.dtype) \(array.shape)")
      return nil
    }
    do throws(TensorError) {
      return try array.integers()
    } catch {
      report(reference, "\(name): \(error.message)")
      return nil
    }
  }

  /// Checks labels `[N]`, one for each row of features, in `0 ..< K`.
  mutating func labels(
    _ reference: ArrayReference, _ name: String, rows: Int?, of features: String
  ) -> [Int32]? {
    guard let values = integers(reference, name, form: "[N]") else { return nil }
    if let rows, values.count != rows {
      report(reference, "\(name) has \(values.count) labels for the \(rows) rows of \(features)")
    }
    checkRange(values, reference, name, classes: classes)
    return values
  }

  mutating func checkRange(
    _ values: [Int32], _ reference: ArrayReference, _ name: String, classes: [String]
  ) {
    if classes.isEmpty {
      report(reference, "\(name) needs the class names; give them as 'classes'")
    } else if let row = values.firstIndex(where: { !classes.indices.contains(Int($0)) }) {
      report(
        reference,
        "label \(values[row]) in row \(row) of \(name) is not in 0 ..< \(classes.count), "
          + "the number of classes")
    }
  }

  // MARK: Splits and text

  /// Checks `train`, `val`, `test`, `unlabelled` and `text`; gives the labels of each split.
  mutating func splits() -> [String: [Int32]] {
    var found: [String: [Int32]] = [:]
    for split in ["test", "train", "val", "unlabelled", "image", "caption"] {
      let name = "\(split).features"
      let labelled = ["test", "train", "val"].contains(split)
      guard let reference = manifest.arrays[name] else {
        for other in ["labels", "aux", "captions", "views", "aux_views"] {
          if let lonely = manifest.arrays["\(split).\(other)"] {
            report(lonely, "\(split).\(other) needs \(name)")
          }
        }
        continue
      }
      let rows = features(reference, name, form: "[N, D]", space: "D")?.shape[0]
      if let labelReference = manifest.arrays["\(split).labels"] {
        found[split] = labels(labelReference, "\(split).labels", rows: rows, of: name)
      } else if labelled, !manifest.targets.contains(where: { $0.splits[split] != nil }) {
        report(reference, "\(name) needs \(split).labels")
      }
      if let aux = manifest.arrays["\(split).aux"] {
        checkAux(aux, "\(split).aux", rows: rows, of: name)
      }
      if let captions = manifest.arrays["\(split).captions"] {
        checkCaptions(captions, "\(split).captions", rows: rows, of: name)
      }
    }
    checkViews()
    checkText()
    checkPairs()
    return found
  }

  mutating func checkAux(
    _ reference: ArrayReference, _ name: String, rows: Int?, of features: String
  ) {
    checkRows(reference, name, form: "[N, A]", space: "A", rows: rows, of: features)
  }

  mutating func checkCaptions(
    _ reference: ArrayReference, _ name: String, rows: Int?, of features: String
  ) {
    checkRows(reference, name, form: "[N, D]", space: "D", rows: rows, of: features)
  }

  /// Checks features that have a row for each row of others.
  private mutating func checkRows(
    _ reference: ArrayReference, _ name: String, form: String, space: String, rows: Int?,
    of features: String
  ) {
    guard let array = self.features(reference, name, form: form, space: space), let rows,
      array.shape[0] != rows
    else { return }
    report(reference, "\(name) has \(array.shape[0]) rows, but \(features) has \(rows)")
  }

  private mutating func checkViews() {
    let rows = manifest.arrays["train.features"].flatMap { arrays[$0]?.shape.extents.first }
    var counts: [Int] = []
    for (name, form, space) in [
      ("train.views", "[N, V, D]", "D"), ("train.aux_views", "[N, V, A]", "A"),
    ] {
      guard let reference = manifest.arrays[name] else { continue }
      checkRows(
        reference, name, form: form, space: space, rows: rows, of: "train.features")
      guard let shape = arrays[reference]?.shape, shape.rank == 3 else { continue }
      counts.append(shape[1])
      if counts[0] != shape[1] {
        report(
          reference, "\(name) has \(shape[1]) views of a row, but train.views has \(counts[0])")
      }
    }
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
}
