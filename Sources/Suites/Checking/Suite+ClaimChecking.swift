internal import Datasets
internal import Documents

extension Suite {
  /// The datasets, shifted sets and groups that claims name and the data do not have.
  func unknownParts(in opened: [Dataset]) -> [DocumentProblem] {
    claimReadings.flatMap { reading -> [DocumentProblem] in
      var problems: [DocumentProblem] = []
      func report(_ member: String, _ kind: String, _ name: String, _ known: [String]) {
        guard !known.contains(name) else { return }
        problems.append(
          DocumentProblem(
            pointer: "\(reading.pointer)/\(member)", message: unknown(kind, name, among: known)))
      }
      if let name = reading.json["dataset"]?.string {
        report("dataset", "dataset", name, opened.map(\.id))
      }
      // Only groups of the datasets that it reads can be meant.
      let read = opened.filter { dataset in
        reading.json["dataset"]?.string.map { $0 == dataset.id } ?? true
      }
      if let name = reading.json["shift"]?.string {
        report("shift", "shift", name, read.flatMap { keys(of: "shift", in: $0) ?? [] })
      }
      guard let by = reading.json["group"]?["by"]?.string, !read.isEmpty else { return problems }
      let known = read.map { keys(of: by, in: $0) }
      guard !known.contains(where: { $0 == nil }) else { return problems }
      let names = unique(known.flatMap { $0 ?? [] })
      if let key = reading.json["group"]?["key"]?.string {
        report("group/key", "group", key, names)
      }
      for (index, key) in (reading.json["group"]?["except"]?.array ?? []).enumerated() {
        if let key = key.string { report("group/except/\(index)", "group", key, names) }
      }
      return problems
    }
  }

  /// The settings that claims and references name and that no trial is run in.
  func unknownSettings(among planned: [PlannedSetting]) -> [DocumentProblem] {
    let claimed = claimReadings.flatMap { reading -> [DocumentProblem] in
      let own = planned.filter { setting in
        reading.json["dataset"]?.string.map { $0 == setting.dataset.id } ?? true
      }.map(\.setting)
      // Without settings the dataset is what is wrong.
      guard !own.isEmpty else { return [] }
      if let common = reading.json["setting"]?.object {
        let problems = unmet(common, by: own, at: "\(reading.pointer)/setting")
        guard problems.isEmpty else { return problems }
      }
      return reading.varied.flatMap { unmet($0.members, by: own, at: $0.pointer, at: $0.key) }
    }
    let family = (document.value["references"]?["family"]?.array ?? []).enumerated().flatMap {
      unmet(
        $1["setting"]?.object ?? [:], by: planned.map(\.setting),
        at: "/references/family/\($0)/setting")
    }
    return claimed + family
  }

  private var claimReadings: [ClaimReading] {
    (document.value["claims"]?.array ?? []).enumerated().flatMap { index, claim in
      ClaimReading.all(in: claim["value"] ?? .null, at: "/claims/\(index)/value")
    }
  }

  /// What keeps each setting from having the members that are asked for, in one sentence.
  ///
  /// - Parameter varied: The only member to be told of, whose place the pointer is.
  private func unmet(
    _ wanted: [String: JSON], by settings: [[String: JSON]], at pointer: String,
    at varied: String? = nil
  ) -> [DocumentProblem] {
    func place(_ key: String) -> String {
      varied == nil ? JSONPointer.appending(key, to: pointer) : pointer
    }
    let isMet = settings.contains { setting in wanted.allSatisfy { setting[$0] == $1 } }
    guard !isMet, !wanted.isEmpty else { return [] }
    var problems: [DocumentProblem] = []
    for (key, value) in wanted.sorted(by: { $0.key < $1.key }) {
      let values = unique(settings.compactMap { $0[key] })
      if values.isEmpty {
        problems.append(
          DocumentProblem(
            pointer: place(key),
            message: unknown("setting", key, among: unique(settings.flatMap(\.keys)))))
      } else if !values.contains(value) {
        problems.append(
          DocumentProblem(
            pointer: place(key),
            message: unknownValue(value, of: key, among: values)))
      }
    }
    guard problems.isEmpty else { return problems }
    let words = wanted.sorted { $0.key < $1.key }.map { "\($0)=\($1.words)" }
    return [
      DocumentProblem(
        pointer: pointer, message: "no trial has \(words.joined(separator: " and ")) at once")
    ]
  }

  // MARK: Groups

  /// The keys of the groups that results on a dataset have; nil where only a run can tell.
  private func keys(of by: String, in dataset: Dataset) -> [String]? {
    switch (by, `protocol`) {
    case ("shift", .shifts(_, let names)), ("shift", .sources(_, _, _, let names)):
      let all = dataset.shifts.map(\.name)
      let shifts = names ?? all
      // The unshifted rows behind shifts bear their name where they differ.
      return ["clean"] + shifts + shifts.map { "clean-\($0)" }
    case ("frequency", .imbalanced): return ["many", "medium", "few"]
    case ("classes", .baseToNew): return ["base", "harmonic mean"]
    case ("shortcut", .audit): return ["with", "without", "gap"]
    case (_, .audit) where Grouping.names(in: by).contains("class"): return nil
    default:
      guard groups.contains(by), let grouping = Grouping.testRows(of: dataset, by: by) else {
        return nil
      }
      guard grouping.isAttribute else { return grouping.keys }
      return grouping.keys + ["worst group", "gap"] + grouping.keys.map { "\($0) less all" }
    }
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

extension JSON {
  /// A value as a person would name it.
  fileprivate var words: String { string ?? canonicalText }
}

/// The values without those that stand before them already.
private func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
  var seen: Set<Value> = []
  return values.filter { seen.insert($0).inserted }
}
