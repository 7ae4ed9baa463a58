package import Datasets
package import Documents
internal import Metrics

/// Each finding of a dataset on its own.
package struct AuditProtocol: SuiteProtocol {
  package static let kind = "audit"
  let train: [TrainingBudget]
  /// The names of the findings; nil means all.
  let targets: [String]?
  /// The attribute that marks the rows with a cue that may give the finding away.
  let shortcut: String?

  package init(_ json: JSON) {
    train = json.budgets
    targets = json.strings("targets")
    shortcut = json["shortcut"]?.string
  }

  package var asked: Asked { .relabelledTestSet }
  package var partitions: [String] { shortcut == nil ? [] : ["shortcut"] }

  package func keys(of partition: String, in dataset: Dataset) -> [String]? {
    ["with", "without", "gap"]
  }

  package func metricsOfGroups(_ groups: [String]) -> [String] {
    groups.isEmpty ? [] : MetricInfo.fairness.map(\.key).filter { !$0.contains("_class_") }
  }

  package func unknownNames(in dataset: Dataset) -> [DocumentProblem] {
    dataset.missing(
      targets, among: dataset.targets.map(\.name), "target", at: "/protocol/targets")
      + (shortcut.map { name in
        let known = dataset.groups.keys.sorted()
        return known.contains(name)
          ? []
          : [
            DocumentProblem(
              pointer: "/protocol/shortcut", message: unknown("attribute", name, among: known))
          ]
      } ?? [])
  }

  package func size(on dataset: Dataset) -> PlanSize {
    let findings = targets?.count ?? max(dataset.targets.count, 1)
    return PlanSize(
      factors: [train.count, findings],
      drawnRows: Int.saturatingProduct([dataset.rows(of: train), findings]))
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addAudit(dataset, train: train, targets: targets, shortcut: shortcut)
  }
}

extension Planner {
  /// One setting for each finding, training budget and seed, asked for the whole test set.
  ///
  /// A dataset without targets is audited by its own two classes.
  fileprivate mutating func addAudit(
    _ dataset: Dataset, train: [TrainingBudget], targets: [String]?,
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
    of dataset: Dataset, train: [TrainingBudget], setting: [String: JSON],
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

// MARK: In suite files

extension AuditProtocol {
  package static let schema = #"""
    {
      "description": "Each finding of a dataset on its own (or its two classes), for each training budget and seed.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "train"],
      "properties": {
        "kind": { "const": "audit" },
        "train": { "$ref": "#/$defs/train" },
        "targets": {
          "description": "The names of the findings; without it all that the dataset declares.",
          "$ref": "#/$defs/names"
        },
        "shortcut": {
          "description": "An attribute with two names, the second of which marks rows with a cue that may give the finding away: positives with and without it are held against all negatives.",
          "$ref": "#/$defs/text"
        }
      }
    }
    """#
}
