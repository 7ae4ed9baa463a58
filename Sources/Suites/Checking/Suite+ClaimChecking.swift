internal import Datasets
internal import Documents
internal import Metrics

extension Suite {
  /// The datasets and groups that claims name and the data do not have.
  func unknownParts(in opened: [Dataset]) -> [DocumentProblem] {
    unique(
      readings.flatMap { reading -> [DocumentProblem] in
        var problems: [DocumentProblem] = []
        func report(_ word: String, _ kind: String, _ name: String, _ known: [String]) {
          guard !known.contains(name) else { return }
          problems.append(reading.place(of: word).problem(unknown(kind, name, among: known)))
        }
        let measured = reading.measurement
        if let name = measured.dataset {
          report("dataset", "dataset", name, opened.map(\.id))
        }
        // Only groups of the datasets that it reads can be meant.
        let read = opened.filter { dataset in measured.dataset.map { $0 == dataset.id } ?? true }
        guard let group = measured.group, !read.isEmpty else { return problems }
        let known = read.map { keys(of: group.by, in: $0) }
        guard !known.contains(where: { $0 == nil }) else { return problems }
        let names = unique(known.flatMap { $0 ?? [] })
        if let key = group.key { report("group", "group", key, names) }
        for (index, key) in group.exceptions.enumerated() {
          report("except/\(index)", "group", key, names)
        }
        return problems
      })
  }

  /// The settings that claims and references name and that no trial is run in.
  func unknownSettings(among planned: [PlannedSetting]) -> [DocumentProblem] {
    let claimed = readings.flatMap { reading -> [DocumentProblem] in
      let measured = reading.measurement
      let own = planned.filter { setting in
        measured.dataset.map { $0 == setting.dataset.id } ?? true
      }.map(\.setting)
      // Without settings the dataset is what is wrong.
      guard !own.isEmpty else { return [] }
      return unmet(measured.setting, by: own).map { word, message in
        (word.map(reading.place) ?? reading.place).problem(message)
      }
    }
    let family = (document.value["references"]?["family"]?.array ?? []).enumerated().flatMap {
      index, member in
      unmet(member["setting"]?.object ?? [:], by: planned.map(\.setting)).map { word, message in
        let pointer = "/references/family/\(index)/setting"
        return DocumentProblem(
          pointer: word.map { JSONPointer.appending($0, to: pointer) } ?? pointer,
          message: message)
      }
    }
    return unique(claimed) + family
  }

  /// What keeps each setting from having the members that are asked for: the member, nil for all of
  /// them together, and a sentence.
  private func unmet(
    _ wanted: [String: JSON], by settings: [[String: JSON]]
  ) -> [(word: String?, message: String)] {
    let isMet = settings.contains { setting in wanted.allSatisfy { setting[$0] == $1 } }
    guard !isMet, !wanted.isEmpty else { return [] }
    var problems: [(word: String?, message: String)] = []
    for (key, value) in wanted.sorted(by: { $0.key < $1.key }) {
      let values = unique(settings.compactMap { $0[key] })
      if values.isEmpty {
        problems.append((key, unknown("setting", key, among: unique(settings.flatMap(\.keys)))))
      } else if !values.contains(value) {
        problems.append((key, unknownValue(value, of: key, among: values)))
      }
    }
    guard problems.isEmpty else { return problems }
    let words = wanted.sorted { $0.key < $1.key }.map { "\($0)=\($1.words)" }
    return [(nil, "no trial has \(words.joined(separator: " and ")) at once")]
  }

  // MARK: Groups

  /// The keys of the groups that results on a dataset have; nil where only a run can tell.
  private func keys(of by: String, in dataset: Dataset) -> [String]? {
    if `protocol`.partitions.contains(by) { return `protocol`.keys(of: by, in: dataset) }
    let hasOtherClasses = `protocol`.asked == .relabelledTestSet
    if hasOtherClasses, Grouping.names(in: by).contains("class") { return nil }
    guard groups.contains(by), let grouping = Grouping.testRows(of: dataset, by: by) else {
      return nil
    }
    guard grouping.isAttribute else { return grouping.keys }
    return grouping.keys + ["worst group", "gap"] + grouping.keys.map { "\($0) less all" }
  }
}

/// A sentence about a value that no setting has; numbers are not mistyped for others that are near.
private func unknownValue(_ value: JSON, of key: String, among known: [JSON]) -> String {
  if let name = value.string, let near = nearestName(to: name, in: known.compactMap(\.string)) {
    return "there is no setting with \(key) '\(name)'; did you mean '\(near)'?"
  }
  return "there is no setting with \(key) \(value.words); there is: "
    + known.map(\.words).joined(separator: ", ")
}

/// The values without those that stand before them already.
private func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
  var seen: Set<Value> = []
  return values.filter { seen.insert($0).inserted }
}

/// The problems without those that a loop meets again.
private func unique(_ problems: [DocumentProblem]) -> [DocumentProblem] {
  var seen: Set<String> = []
  return problems.filter { seen.insert("\($0.pointer) \($0.message)").inserted }
}
