internal import Contracts
internal import Datasets
internal import Documents
internal import Numerics
internal import Tensors

/// The inputs of one few-shot setting: a training set, the validation rows, and the test rows.
struct FewShotSetting: Sendable {
  let dataset: Dataset
  let train: TrainingRows
  let validation: ValidationRows
  let groups: [Grouping]

  /// Where the training rows come from.
  enum TrainingRows: Sendable {
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
    var names: Set<String> = ["train.features", "train.labels", "class.count", "query.features"]
    for name in ["text.class", "text.prompts", "unlabelled.features"]
    where dataset.arrays[name] != nil { names.insert(name) }
    switch train {
    case .drawn: if dataset.arrays["train.aux"] != nil { names.insert("train.aux") }
    case .given(let set): if set.aux != nil { names.insert("train.aux") }
    }
    if handsOverValidation {
      names.formUnion(["val.features", "val.labels"])
      if dataset.arrays["val.aux"] != nil { names.insert("val.aux") }
    }
    if dataset.arrays["test.aux"] != nil { names.insert("query.aux") }
    return names
  }

  /// Whether validation rows are among the inputs.
  var handsOverValidation: Bool {
    if case .none = validation { return false }
    return dataset.arrays["val.features"] != nil
  }

  /// Makes the sources; the test labels go into the query alone.
  func materialise() throws -> EvaluationCase {
    var fit: [TensorSource] = []
    var rows: [String: Int] = [:]
    switch train {
    case .drawn(let numbers):
      let labels = dataset.labels("train") ?? []
      fit += try split("train", selection: numbers)
      fit.append(labelSource("train.labels", numbers.map { labels[$0] }))
      rows["train"] = numbers.count
    case .given(let set):
      fit.append(try set.features.source(name: "train.features"))
      if let aux = set.aux { fit.append(try aux.source(name: "train.aux")) }
      fit.append(labelSource("train.labels", set.labels))
      rows["train"] = set.labels.count
    }
    if handsOverValidation, let labels = dataset.labels("val") {
      var chosen: [Int]?
      if case .drawn(let numbers) = validation { chosen = numbers }
      let values = chosen.map { $0.map { labels[$0] } } ?? labels
      fit += try split("val", selection: chosen)
      fit.append(labelSource("val.labels", values, shared: chosen == nil))
      rows["val"] = values.count
    }
    for name in ["unlabelled.features", "text.class", "text.prompts"] {
      if let array = dataset.arrays[name] { fit.append(try array.source(name: name)) }
    }
    let classCount = Tensor([Int32(dataset.classes.count)], shape: [])
    fit.append(TensorSource(name: "class.count", tensor: classCount))
    let labels = dataset.labels("test") ?? []
    rows["query"] = labels.count
    let inputs = try ["features", "aux"].compactMap { kind in
      try dataset.arrays["test.\(kind)"]?.source(name: "query.\(kind)")
    }
    let query = CaseQuery(name: "test", inputs: inputs, labels: labels, groupings: groups)
    return EvaluationCase(fit: fit, queries: [query], rows: rows)
  }

  private func split(_ split: String, selection: [Int]?) throws -> [TensorSource] {
    try ["features", "aux"].compactMap { kind in
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
