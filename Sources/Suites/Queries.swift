internal import Datasets
internal import Documents
internal import Metrics
internal import Random
internal import Tensors

extension CaseQuery {
  /// Asks for rows of `test.*`, all or some; their labels stay in the query.
  static func test(
    of dataset: Dataset, name: String = testSet, part: Part = .test, rows: [Int]? = nil,
    takesAux: Bool, groupings: [Grouping] = []
  ) throws -> CaseQuery {
    let inputs = try (takesAux ? ["features", "aux"] : ["features"]).compactMap { kind in
      try dataset.arrays["test.\(kind)"]?.source(name: "query.\(kind)", selection: rows)
    }
    let labels = dataset.labels("test") ?? []
    var query = CaseQuery(
      name: name, part: part, inputs: inputs, labels: rows.map { $0.map { labels[$0] } } ?? labels,
      groupings: groupings)
    query.units = dataset.units("test", rows: rows)
    return query
  }

  /// Asks for the validation rows, which settle the threshold of the decision.
  static func validation(
    of dataset: Dataset, settling decision: Suite.Decision, takesAux: Bool
  ) throws -> CaseQuery {
    let inputs = try (takesAux ? ["features", "aux"] : ["features"]).compactMap { kind in
      try dataset.arrays["val.\(kind)"]?.source(name: "query.\(kind)")
    }
    var query = CaseQuery(
      name: Part.decision.key, part: .decision, inputs: inputs, labels: dataset.labels("val") ?? [])
    query.decision = decision
    query.units = dataset.units("val")
    return query
  }

  /// Asks for the test rows of some classes, which count from 0 in the query's labels.
  ///
  /// With `text`, the classes are those of `query.text` instead of those of `fit`, and new to it.
  static func classes(
    _ classes: Range<Int>, of dataset: Dataset, name: String, part: Part = .test, text: Bool,
    groupings: [Grouping] = []
  ) throws -> CaseQuery {
    let (rows, labels) = BaseNewSplit.select(classes, of: dataset.labels("test") ?? [])
    var inputs = try test(of: dataset, rows: rows, takesAux: true).inputs
    if text, let array = dataset.arrays["text.class"] {
      inputs.append(try array.source(name: "query.text", selection: Array(classes)))
      let unknown = [Int32](repeating: -1, count: classes.count)
      inputs.append(
        TensorSource(name: "query.known", tensor: Tensor(unknown, shape: [classes.count])))
    }
    var query = CaseQuery(
      name: name, part: part, inputs: inputs, labels: labels,
      groupings: groupings.map { $0.selecting(rows: rows) })
    query.units = dataset.units("test", rows: rows)
    return query
  }

  /// Asks for the rows of a shifted test set, all or some, which are of the units of the rows behind
  /// them.
  static func shift(
    _ shift: Dataset.Shift, of dataset: Dataset, rows: [Int]? = nil
  ) throws -> CaseQuery {
    func chosen<T>(_ values: [T]) -> [T] { rows.map { $0.map { values[$0] } } ?? values }
    var query = CaseQuery(
      name: shift.name, part: .shift(shift.id),
      inputs: [try shift.features.source(name: "query.features", selection: rows)],
      labels: chosen(shift.labels))
    query.units = shift.testRows.flatMap { dataset.units("test", rows: chosen($0)) }
    query.classes = shift.classes
    query.truth["conflicting"] = shift.conflicting.map {
      let classes = chosen($0)
      return Tensor(classes, shape: [classes.count])
    }
    return query
  }

  /// Asks for all test rows and the rows of an OOD set, which has the label -1, in mixed order.
  ///
  /// The order depends on the contents of the dataset, of which a plugin sees no digest; it is the
  /// same for all seeds, so that workers share one copy. The groups are those of the test rows, each
  /// with all OOD rows.
  static func mixed(
    _ set: Dataset.OutOfDistribution, with dataset: Dataset, groupings: [Grouping] = []
  ) throws -> CaseQuery {
    let labels = dataset.labels("test") ?? []
    let count = labels.count
    var order = Array(0..<count + set.features.shape[0])
    var random = Philox(
      key: Philox.key("detect-ood", dataset.digest.description, set.name), stream: 0)
    random.shuffle(&order)
    let inputs =
      try [("features", set.features), ("aux", set.aux)].compactMap { kind, unknown in
        guard let known = dataset.arrays["test.\(kind)"], let unknown else { return nil }
        return TensorSource(
          rowsOf: try known.source(name: "query.\(kind)"),
          and: try unknown.source(name: "query.\(kind)"), order: order,
          sharingKey: "\(dataset.digest) detect-ood \(set.name) \(kind)")
      } as [TensorSource]
    return CaseQuery(
      name: set.name, inputs: inputs,
      labels: order.map { $0 < count ? labels[$0] : -1 },
      groupings: groupings.map { grouping in
        Grouping(
          by: grouping.by, keys: grouping.keys,
          codes: order.map { $0 < count ? grouping.codes[$0] : Int32(grouping.keys.count) },
          isAttribute: true)
      })
  }
}

extension Dataset {
  /// The unit of each row of a split, or of some of them; nil where none are given.
  fileprivate func units(_ split: String, rows: [Int]? = nil) -> [Int32]? {
    units[split].map { units in rows.map { $0.map { units[$0] } } ?? units }
  }
}

extension TensorSource {
  /// The rows of two sources of one name, dtype and row shape; `order` numbers them one after the other.
  init(rowsOf first: TensorSource, and second: TensorSource, order: [Int], sharingKey: String) {
    let shape = Shape([order.count] + first.shape.extents.dropFirst())
    let size = shape.extents.dropFirst().reduce(first.dtype.size, *)
    self.init(name: first.name, dtype: first.dtype, shape: shape, sharingKey: sharingKey) { bytes in
      let sources = try [first, second].map {
        try Tensor(dtype: $0.dtype, shape: $0.shape, fill: $0.write)
      }
      let border = first.shape[0]
      sources[0].withBytes { known in
        sources[1].withBytes { unknown in
          for (row, number) in order.enumerated() {
            let (source, place) = number < border ? (known, number) : (unknown, number - border)
            UnsafeMutableRawBufferPointer(rebasing: bytes[row * size..<(row + 1) * size])
              .copyMemory(
                from: UnsafeRawBufferPointer(
                  rebasing: source[place * size..<(place + 1) * size]))
          }
        }
      }
    }
  }
}
