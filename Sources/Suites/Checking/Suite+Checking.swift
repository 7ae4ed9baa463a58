internal import Datasets
internal import Documents

extension Suite {
  /// The names in the suite that a dataset does not have, each with its place in the file.
  func unknownNames(in dataset: Dataset) -> [DocumentProblem] {
    let found =
      groupProblems(in: dataset) + protocolProblems(in: dataset)
      + factorProblems(in: dataset)
    return found.map { problem in
      DocumentProblem(
        pointer: problem.pointer, message: "dataset '\(dataset.id)': \(problem.message)")
    }
  }

  // MARK: Groups and factors

  private func groupProblems(in dataset: Dataset) -> [DocumentProblem] {
    // What cases can be grouped by depends on what they ask about; the planner looks there.
    guard !`protocol`.asksCases else { return [] }
    let known = ["class"] + dataset.groups.keys.sorted()
    return groups.enumerated().flatMap { index, by in
      Grouping.names(in: by).filter { !known.contains($0) }.map { name in
        DocumentProblem(
          pointer: "/groups/\(index)", message: unknown("attribute", name, among: known))
      }
    }
  }

  private func factorProblems(in dataset: Dataset) -> [DocumentProblem] {
    (references?.factors ?? []).enumerated().compactMap { index, name in
      let pointer = "/references/factors/\(index)"
      guard dataset.groups[name] != nil else {
        return DocumentProblem(
          pointer: pointer,
          message: unknown("attribute", name, among: dataset.groups.keys.sorted()))
      }
      guard !groups.contains(name) else { return nil }
      return DocumentProblem(
        pointer: pointer,
        message: "a factor is measured on the groups of its values; add '\(name)' to 'groups'")
    }
  }

  // MARK: The protocol

  private func protocolProblems(in dataset: Dataset) -> [DocumentProblem] {
    switch `protocol` {
    case .shifts(_, let names): return shiftProblems(names, dataset)
    case .detectOOD(_, let names):
      return missing(
        names, among: dataset.outOfDistribution.map(\.name), "OOD set", at: "/protocol/sets")
    case .audit(_, let targets, let shortcut):
      return missing(
        targets, among: dataset.targets.map(\.name), "target", at: "/protocol/targets")
        + (shortcut.map { shortcutProblems($0, dataset) } ?? [])
    case .probe(let attributes, _):
      return missing(
        attributes, among: dataset.trainingAttributes, "attribute with training rows",
        at: "/protocol/attributes")
    case .sources(let attribute, let mixes, _, let names):
      return sourceProblems(attribute, mixes, dataset) + shiftProblems(names, dataset)
    case .fewShot, .imbalanced, .baseToNew, .unsupervised, .prompts, .directions, .given:
      return []
    }
  }

  private func shiftProblems(_ names: [String]?, _ dataset: Dataset) -> [DocumentProblem] {
    missing(names, among: dataset.shifts.map(\.name), "shift", at: "/protocol/shifts")
  }

  private func shortcutProblems(_ name: String, _ dataset: Dataset) -> [DocumentProblem] {
    let known = dataset.groups.keys.sorted()
    guard !known.contains(name) else { return [] }
    return [
      DocumentProblem(
        pointer: "/protocol/shortcut", message: unknown("attribute", name, among: known))
    ]
  }

  private func sourceProblems(
    _ attribute: String, _ mixes: [[String: Double]], _ dataset: Dataset
  ) -> [DocumentProblem] {
    let attributes = dataset.trainingAttributes
    guard !attributes.isEmpty else { return [] }
    guard attributes.contains(attribute) else {
      return [
        DocumentProblem(
          pointer: "/protocol/attribute",
          message: unknown("attribute with training rows", attribute, among: attributes))
      ]
    }
    let known = dataset.groups[attribute]?.names ?? []
    return mixes.enumerated().flatMap { index, mix in
      mix.keys.sorted().filter { !known.contains($0) }.map { name in
        DocumentProblem(
          pointer: JSONPointer.appending(name, to: "/protocol/mixes/\(index)"),
          message: unknown("source", name, among: known))
      }
    }
  }

  /// The names that a dataset does not declare; that it declares none at all is another matter.
  private func missing(
    _ names: [String]?, among known: [String], _ kind: String, at pointer: String
  ) -> [DocumentProblem] {
    guard let names, !known.isEmpty else { return [] }
    return names.enumerated().filter { !known.contains($1) }.map { index, name in
      DocumentProblem(
        pointer: "\(pointer)/\(index)", message: unknown(kind, name, among: known))
    }
  }
}

extension Dataset {
  /// The attributes that the training rows have too.
  var trainingAttributes: [String] {
    groups.keys.sorted().filter { groups[$0]?.splits["train"] != nil }
  }
}
