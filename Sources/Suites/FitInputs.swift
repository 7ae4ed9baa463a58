internal import Contracts
internal import Datasets
internal import Documents
internal import Numerics
internal import Tensors

/// What `fit` is given in one setting: training rows, validation rows and class text.
struct FitInputs: Sendable {
  let dataset: Dataset
  let train: TrainingRows
  let validation: ValidationRows
  /// The second feature space goes along only where the queries have it too.
  var takesAux = true

  /// Where the training rows come from.
  enum TrainingRows: Sendable {
    case none
    /// All rows of `train.*`.
    case all
    /// Rows of `train.*`.
    case drawn([Int])
    case given(Dataset.Labelled)
  }

  /// The validation rows that are handed over.
  enum ValidationRows: Sendable {
    case none
    case all
    case drawn([Int])
  }

  /// The names of the inputs, without slicing anything.
  var offered: Set<String> {
    var names: Set<String> = ["class.count"]
    for name in ["text.class", "text.prompts", "unlabelled.features"]
    where dataset.arrays[name] != nil { names.insert(name) }
    let hasTrainAux: Bool
    switch train {
    case .none: hasTrainAux = false
    case .all, .drawn: hasTrainAux = dataset.arrays["train.aux"] != nil
    case .given(let set): hasTrainAux = set.aux != nil
    }
    if takesAux && hasTrainAux { names.insert("train.aux") }
    if case .none = train {} else { names.formUnion(["train.features", "train.labels"]) }
    if handsOverValidation {
      names.formUnion(["val.features", "val.labels"])
      if takesAux && dataset.arrays["val.aux"] != nil { names.insert("val.aux") }
    }
    return names
  }

  /// Whether validation rows are among the inputs.
  var handsOverValidation: Bool {
    if case .none = validation { return false }
    return dataset.arrays["val.features"] != nil
  }

  /// Makes the sources, and counts the rows of each split.
  func materialise() throws -> (sources: [TensorSource], rows: [String: Int]) {
    var fit: [TensorSource] = []
    var rows: [String: Int] = [:]
    func add(_ name: String, drawn: [Int]?) throws {
      guard let labels = dataset.labels(name) else { return }
      fit += try split(name, selection: drawn)
      let values = drawn.map { $0.map { labels[$0] } } ?? labels
      fit.append(labelSource("\(name).labels", values, shared: drawn == nil))
      rows[name] = values.count
    }
    switch train {
    case .none: break
    case .all: try add("train", drawn: nil)
    case .drawn(let numbers): try add("train", drawn: numbers)
    case .given(let set):
      fit.append(try set.features.source(name: "train.features"))
      if takesAux, let aux = set.aux { fit.append(try aux.source(name: "train.aux")) }
      fit.append(labelSource("train.labels", set.labels))
      rows["train"] = set.labels.count
    }
    if handsOverValidation {
      var chosen: [Int]?
      if case .drawn(let numbers) = validation { chosen = numbers }
      try add("val", drawn: chosen)
    }
    for name in ["unlabelled.features", "text.class", "text.prompts"] {
      if let array = dataset.arrays[name] { fit.append(try array.source(name: name)) }
    }
    let classCount = Tensor([Int32(dataset.classes.count)], shape: [])
    fit.append(TensorSource(name: "class.count", tensor: classCount))
    return (fit, rows)
  }

  private func split(_ split: String, selection: [Int]?) throws -> [TensorSource] {
    try (takesAux ? ["features", "aux"] : ["features"]).compactMap { kind in
      try dataset.arrays["\(split).\(kind)"]?.source(name: "\(split).\(kind)", selection: selection)
    }
  }

  private func labelSource(
    _ name: String, _ labels: [Int32], shared: Bool = false
  ) -> TensorSource {
    TensorSource(
      name: name, tensor: Tensor(labels, shape: [labels.count]),
      sharingKey: shared ? "\(dataset.digest) \(name)" : nil)
  }
}
