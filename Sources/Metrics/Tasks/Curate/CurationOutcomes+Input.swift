package import Tensors

/// What the host knows of a pool of texts.
package struct CurationTruth: Sendable {
  /// The number of entries, K.
  package var entryCount: Int
  /// The true matches: i32 `[J, 2]`, an entry and a text each, every pair once.
  package var matches: Tensor
  /// What a probe is trained and tested on; nil without one.
  package var probe: Probe?

  /// Features and classes of the pool's rows and of test rows, and the probe's budget.
  package struct Probe: Sendable {
    /// f32 `[N, D]`.
    package var features: Tensor
    /// The class of each row of the pool, -1 for a row that shows none.
    package var labels: [Int32]
    /// f32 `[T, D]`.
    package var testFeatures: Tensor
    package var testLabels: [Int32]
    /// The number of rows drawn for training, whatever was kept.
    package var draws: Int

    package init(
      features: Tensor, labels: [Int32], testFeatures: Tensor, testLabels: [Int32], draws: Int
    ) {
      self.features = features
      self.labels = labels
      self.testFeatures = testFeatures
      self.testLabels = testLabels
      self.draws = draws
    }
  }

  package init(entryCount: Int, matches: Tensor, probe: Probe? = nil) {
    self.entryCount = entryCount
    self.matches = matches
    self.probe = probe
  }
}

extension CurationTruth {
  /// Takes the tensors that the contract `curate` names as truth.
  package init(_ truth: [String: Tensor]) throws(MetricsError) {
    guard let entries = truth["entries"], let matches = truth["match"] else {
      throw MetricsError(.invalidInput, "The truth of a curation lacks 'entries' or 'match'.")
    }
    let count = try entries.elements(Int32.self, .i32, [], "entries")[0]
    self.init(entryCount: Int(count), matches: matches)
    guard let features = truth["pool.features"], let labels = truth["pool.labels"],
      let testFeatures = truth["test.features"], let testLabels = truth["test.labels"]
    else { return }
    let classes = try labels.elements(Int32.self, .i32, [labels.count], "pool.labels")
    let draws = try truth["probe.draws"].map { (tensor) throws(MetricsError) in
      try tensor.elements(Int32.self, .i32, [], "probe.draws")[0]
    }
    probe = Probe(
      features: features, labels: classes, testFeatures: testFeatures,
      testLabels: try testLabels.elements(Int32.self, .i32, [testLabels.count], "test.labels"),
      draws: draws.map(Int.init) ?? classes.count)
  }
}

extension CurationOutcomes {
  /// The share of the matches that the tail is to hold.
  static let tailShare = 0.1
  /// A class of fewer texts in the pool counts as few-shot, as in ImageNet-LT.
  static let fewBelow = 20

  /// Takes a method's outputs: u8 `[N]`, f64 `[N]`, i64 `[K]` and f64 `[K]`.
  package init(
    kept: Tensor, keepProbability: Tensor, entryCount: Tensor? = nil,
    entryProbability: Tensor? = nil, truth: CurationTruth
  ) throws(MetricsError) {
    let isKept = try kept.elements(UInt8.self, .u8, [kept.count], "kept").map { $0 != 0 }
    let shape = Shape([isKept.count])
    let probabilities = try keepProbability.elements(Double.self, .f64, shape, "keep_prob")
    let entries = Shape([truth.entryCount])
    let reported = try entryCount.map { (tensor) throws(MetricsError) in
      try tensor.elements(Int64.self, .i64, entries, "entry_count")
    }
    let alone = try entryProbability.map { (tensor) throws(MetricsError) in
      try tensor.elements(Double.self, .f64, entries, "entry_prob")
    }
    let pairs = try truth.matches.elements(
      Int32.self, .i32, [truth.matches.count / 2, 2], "match")

    var counts = [Int](repeating: 0, count: truth.entryCount)
    var after = counts
    for place in stride(from: 0, to: pairs.count, by: 2) {
      let (entry, text) = (Int(pairs[place]), Int(pairs[place + 1]))
      guard counts.indices.contains(entry), isKept.indices.contains(text) else {
        throw MetricsError(
          .invalidInput,
          "The true match \(place / 2) is of entry \(entry) and text \(text); there are "
            + "\(counts.count) entries and \(isKept.count) texts.")
      }
      counts[entry] += 1
      after[entry] += isKept[text] ? 1 : 0
    }
    let bound = CurationOutcomes.tailBound(counts)
    var isTail = [Bool](repeating: false, count: isKept.count)
    for place in stride(from: 0, to: pairs.count, by: 2) where counts[Int(pairs[place])] <= bound {
      isTail[Int(pairs[place + 1])] = true
    }

    var rows = isKept.indices.map { text in
      Row.text(kept: isKept[text], probability: probabilities[text], tail: isTail[text])
    }
    rows += counts.indices.map { entry in
      Row.entry(
        count: Double(counts[entry]), after: Double(after[entry]),
        reported: reported.map { Double($0[entry]) }, alone: alone?[entry])
    }
    rows +=
      try truth.probe.map { (probe) throws(MetricsError) in
        try probe.rows(kept: isKept)
      } ?? []
    self.init(rows: rows)
  }

  /// The greatest count of a tail entry.
  ///
  /// Of the cumulative shares of the ascending counts, that nearest to 10 % of all matches decides.
  static func tailBound(_ counts: [Int]) -> Int {
    let ascending = counts.filter { $0 > 0 }.sorted()
    let wanted = tailShare * Double(ascending.reduce(0, +))
    var best = (bound: 0, distance: Double.infinity)
    var sum = 0
    for count in ascending {
      sum += count
      let distance = abs(Double(sum) - wanted)
      if distance < best.distance { best = (count, distance) }
    }
    return best.bound
  }
}

extension CurationTruth.Probe {
  /// Trains on the kept rows and answers the test rows.
  func rows(kept: [Bool]) throws(MetricsError) -> [CurationOutcomes.Row] {
    guard features.dtype == .f32, features.shape.rank == 2, features.shape[0] == kept.count,
      labels.count == kept.count, testFeatures.dtype == .f32, testFeatures.shape.rank == 2,
      testFeatures.shape[0] == testLabels.count, testFeatures.shape[1] == features.shape[1]
    else {
      throw MetricsError(
        .invalidInput,
        "The probe has features \(features.shape) and \(labels.count) classes for \(kept.count) "
          + "texts, test features \(testFeatures.shape) and \(testLabels.count) classes.")
    }
    guard let predicted = CurationProbe(self, kept: kept)?.answers(testFeatures) else { return [] }
    var sizes: [Int32: Int] = [:]
    for label in labels { sizes[label, default: 0] += 1 }
    return zip(testLabels, predicted).map { label, answer in
      .test(
        label: label, predicted: answer,
        few: sizes[label, default: 0] < CurationOutcomes.fewBelow)
    }
  }
}

extension Tensor {
  fileprivate func elements<T: BitwiseCopyable>(
    _ type: T.Type, _ wanted: DType, _ form: Shape, _ name: String
  ) throws(MetricsError) -> [T] {
    guard dtype == wanted, shape == form else {
      throw MetricsError(
        .invalidInput, "'\(name)' is \(dtype) \(shape); wanted is \(wanted) \(form).")
    }
    return withElements(of: type) { Array($0) }
  }
}
