internal import Datasets
internal import Documents
internal import Metrics

extension Suite {
  /// The names in the suite that a dataset does not have, each with its place in the file.
  func unknownNames(in dataset: Dataset) -> [DocumentProblem] {
    let found =
      groupProblems(in: dataset) + `protocol`.unknownNames(in: dataset)
      + factorProblems(in: dataset)
    return found.map { problem in
      DocumentProblem(
        pointer: problem.pointer, message: "dataset '\(dataset.id)': \(problem.message)")
    }
  }

  // MARK: Groups and factors

  private func groupProblems(in dataset: Dataset) -> [DocumentProblem] {
    // What cases can be grouped by depends on what they ask about; the planner looks there.
    guard !`protocol`.asked.isOfCases else { return [] }
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
}
