internal import Documents
internal import Tensors

extension DatasetChecks {
  /// Checks the few-shot training rows that come with the data.
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
    guard let values = integers(reference, "stored draws", form: "[S, K, M]") else { return nil }
    guard array.shape[1] == classes.count else {
      report(
        reference, "stored draws have shape \(array.shape) for the \(classes.count) classes")
      return nil
    }
    let (classCount, depth) = (array.shape[1], array.shape[2])
    let available = Dictionary(trainLabels.map { ($0, 1) }, uniquingKeysWith: +)
    var repeats: [String] = []
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
        } else if let row = firstRepeat(rows.prefix(available[Int32(label)] ?? 0)) {
          repeats.append("\(place) names train row \(row) twice")
        }
        draws[draw].append(rows)
      }
    }
    if let first = repeats.first {
      find(
        .error, "repeated-shots", at: reference.pointer,
        "\(repeats.count) of the \(array.shape[0] * classCount) stored draws of a class hold a row "
          + "more than once, and so fewer shots than they say, though the class has rows left: "
          + first)
    }
    return .index(draws: draws)
  }

  /// The first row that an earlier place of a draw holds; nil where none does.
  private func firstRepeat(_ rows: ArraySlice<Int>) -> Int? {
    var seen: Set<Int> = []
    return rows.first { !seen.insert($0).inserted }
  }

  private mutating func given(_ sets: [String: DatasetManifest.Labelled]) -> Dataset.Shots {
    var given: [Int: Dataset.Labelled] = [:]
    for (name, set) in sets.sorted(by: { $0.key < $1.key }) {
      let title = "shot set '\(name)'"
      guard let shots = Int(name), shots > 0, String(shots) == name else {
        report(
          JSONPointer.appending(name, to: "/shots/sets"),
          "a shot set is named by its rows per class, such as \"4\", not '\(name)'")
        continue
      }
      let array = features(set.features, title, form: "[N, D]", space: "D")
      let values = labels(set.labels, "labels of \(title)", rows: array?.shape[0], of: title)
      if let aux = set.aux {
        checkAux(aux, "aux of \(title)", rows: array?.shape[0], of: title)
      }
      if let captions = set.captions {
        checkCaptions(captions, "captions of \(title)", rows: array?.shape[0], of: title)
      }
      guard let array, let values else { continue }
      given[shots] = Dataset.Labelled(
        features: array, labels: values, aux: set.aux.flatMap { arrays[$0] },
        captions: set.captions.flatMap { arrays[$0] })
    }
    return .sets(given)
  }
}
