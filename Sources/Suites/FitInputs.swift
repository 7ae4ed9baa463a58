internal import Contracts
internal import Datasets
internal import Documents
internal import Tensors

/// What `fit` is given in one setting: training rows, validation rows and class text.
struct FitInputs: Sendable {
  var dataset: Dataset
  let train: TrainingRows
  let validation: ValidationRows
  /// The second feature space goes along only where the queries have it too.
  var takesAux = true
  /// The classes that are learned, from the first on; nil for all.
  var classes: Range<Int>?
  /// Whether queries bring classes of their own.
  var isOpen = false

  /// Where the training rows come from.
  enum TrainingRows: Sendable {
    case none
    /// All rows of `train.*`.
    case all
    /// All rows of `train.features`, as `unlabelled.features`.
    case unlabelled
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
    var names: Set<String> = isOpen ? ["class.count", "class.open"] : ["class.count"]
    for name in ["text.class", "text.prompts"] where dataset.arrays[name] != nil {
      names.insert(name)
    }
    if offersUnlabelled { names.insert("unlabelled.features") }
    names.formUnion(offeredOfTrain)
    if handsOverValidation {
      names.formUnion(["val.features", "val.labels"])
      if takesAux && dataset.arrays["val.aux"] != nil { names.insert("val.aux") }
    }
    return names
  }

  private var offeredOfTrain: Set<String> {
    var names: Set<String> = ["train.features", "train.labels"]
    switch train {
    case .none, .unlabelled: return []
    case .all, .drawn:
      let kinds = takesAux ? kinds + auxKinds : kinds
      names.formUnion(kinds.map { "train.\($0)" }.filter { dataset.arrays[$0] != nil })
    case .given(let set):
      if takesAux && set.aux != nil { names.insert("train.aux") }
      if set.captions != nil { names.insert("train.captions") }
    }
    return names
  }

  /// Unlabelled rows may be of any class, so that none go along where classes are held back.
  private var offersUnlabelled: Bool {
    if case .unlabelled = train { return true }
    return classes == nil && dataset.arrays["unlabelled.features"] != nil
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
      let drawn = learned(of: labels, among: drawn)
      fit += try split(name, selection: drawn)
      let values = drawn.map { $0.map { labels[$0] } } ?? labels
      fit.append(labelSource("\(name).labels", values, shared: drawn == nil))
      rows[name] = values.count
    }
    switch train {
    case .none: break
    case .unlabelled:
      if let array = dataset.arrays["train.features"] {
        fit.append(try array.source(name: "unlabelled.features"))
        rows["unlabelled"] = array.shape[0]
      }
    case .all: try add("train", drawn: nil)
    case .drawn(let numbers): try add("train", drawn: numbers)
    case .given(let set):
      let kept = learned(of: set.labels, among: nil)
      fit.append(try set.features.source(name: "train.features", selection: kept))
      if takesAux, let aux = set.aux {
        fit.append(try aux.source(name: "train.aux", selection: kept))
      }
      if let captions = set.captions {
        fit.append(try captions.source(name: "train.captions", selection: kept))
      }
      let labels = kept.map { $0.map { set.labels[$0] } } ?? set.labels
      fit.append(labelSource("train.labels", labels))
      rows["train"] = labels.count
    }
    if handsOverValidation {
      var chosen: [Int]?
      if case .drawn(let numbers) = validation { chosen = numbers }
      try add("val", drawn: chosen)
    }
    if offersUnlabelled, rows["unlabelled"] == nil,
      let array = dataset.arrays["unlabelled.features"]
    {
      fit.append(try array.source(name: "unlabelled.features"))
    }
    for name in ["text.class", "text.prompts"] {
      guard let array = dataset.arrays[name] else { continue }
      fit.append(try array.source(name: name, selection: classes.map { Array($0) }))
    }
    let classCount = Tensor([Int32(classes?.count ?? dataset.classes.count)], shape: [])
    fit.append(TensorSource(name: "class.count", tensor: classCount))
    if isOpen {
      fit.append(TensorSource(name: "class.open", tensor: Tensor([Int32(1)], shape: [])))
    }
    return (fit, rows)
  }

  /// The rows of learned classes; nil for all rows of a split.
  private func learned(of labels: [Int32], among rows: [Int]?) -> [Int]? {
    guard let classes else { return rows }
    return (rows ?? Array(labels.indices)).filter { classes.contains(Int(labels[$0])) }
  }

  private func split(_ split: String, selection: [Int]?) throws -> [TensorSource] {
    try (takesAux ? kinds + auxKinds : kinds).compactMap { kind in
      let name = "\(split).\(kind)"
      return kind.hasSuffix("views")
        ? try dataset.arrays[name]?.viewSource(name: name, selection: selection)
        : try dataset.arrays[name]?.source(name: name, selection: selection)
    }
  }

  private func labelSource(
    _ name: String, _ labels: [Int32], shared: Bool = false
  ) -> TensorSource {
    TensorSource(
      name: name, tensor: Tensor(labels, shape: [labels.count]),
      sharingKey: shared ? "\(dataset.digest) \(dataset.labelling ?? "") \(name)" : nil)
  }
}

/// What goes along with the rows of a split, and what does so in the second feature space.
private let kinds = ["features", "captions", "views"]
private let auxKinds = ["aux", "aux_views"]
