internal import Datasets
internal import Documents

extension Planner {
  /// One setting for each finding, training budget and seed, asked for the whole test set.
  ///
  /// A dataset without targets is audited by its own two classes.
  mutating func addAudit(
    _ dataset: Dataset, train: [SuiteProtocol.TrainingBudget], targets: [String]?,
    shortcut: String?
  ) throws(SuiteError) {
    if dataset.targets.isEmpty, targets == nil {
      return try addAudit(
        of: dataset, train: train, setting: [:], shortcut: shortcut, findings: 1)
    }
    let chosen = try chosen(
      targets, of: dataset.targets, named: \.name, as: "target", in: dataset)
    for target in chosen {
      try addAudit(
        of: dataset.labelled(by: target), train: train, setting: ["label": .string(target.name)],
        shortcut: shortcut, findings: chosen.count)
    }
  }

  private mutating func addAudit(
    of dataset: Dataset, train: [SuiteProtocol.TrainingBudget], setting: [String: JSON],
    shortcut: String?, findings: Int
  ) throws(SuiteError) {
    let title = setting["label"]?.string.map { " in target '\($0)'" } ?? ""
    guard dataset.arrays["test.features"] != nil, let labels = dataset.labels("test") else {
      throw unusable(dataset, "has no labelled test.features\(title)")
    }
    guard dataset.classes.count == 2 else {
      throw unusable(dataset, "has \(dataset.classes.count) classes\(title), not two")
    }
    try requireDecision(of: dataset)
    let groups = groupings(of: dataset)
    let contrasts = try shortcut.map { name throws(SuiteError) in
      [try contrast(name, of: dataset, labels: labels)]
    }
    var notes = ["Class 1, '\(dataset.classes[1])', is the positive one."]
    let attributes = groups.count { $0.isAttribute } + (contrasts?.count ?? 0)
    if findings * attributes > 1 {
      notes.append(
        "One of \(findings * attributes) comparisons, a finding by an attribute or the shortcut: "
          + "among so many some differ by chance, at 95 % about one in twenty.")
    }
    let hasAux = dataset.arrays["test.aux"] != nil
    for draw in try draws(train, of: dataset) {
      add(
        dataset, draw, setting: setting, takesAux: true,
        queryNames: hasAux ? ["query.features", "query.aux"] : ["query.features"],
        notes: notes
      ) {
        var query = try CaseQuery.test(of: dataset, takesAux: true, groupings: groups)
        query.contrasts = contrasts ?? []
        return [query]
      }
    }
  }

  /// The positives with a cue and those without it, each with all negatives.
  ///
  /// Source: Sourget et al., "Fairness and robustness of CLIP-based models for chest X-rays", 2025.
  private func contrast(
    _ name: String, of dataset: Dataset, labels: [Int32]
  ) throws(SuiteError) -> RowContrast {
    let group = dataset.groups[name]
    guard let group, group.names.count == 2 else {
      throw unusable(
        dataset, "has \(group?.names.count ?? 0) names of attribute '\(name)', not two")
    }
    func rows(_ code: Int32) -> [Int] {
      labels.indices.filter { labels[$0] == 0 || group.codes[$0] == code }
    }
    return RowContrast(by: "shortcut", sets: [("with", rows(1)), ("without", rows(0))])
  }
}
