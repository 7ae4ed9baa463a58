internal import Documents
internal import Suites
internal import Tensors

/// Where a run saves its predictions: in the folder itself, or in a folder for each suite and row
/// where there are several.
package struct PredictionSink: Sendable {
  private let path: String
  private let namesSuites: Bool
  private let namesRows: Bool
  private let trials: [Digest: PlannedTrial]

  package init(path: String, plan: RunPlan) {
    self.path = path
    namesSuites = plan.suites.count > 1
    namesRows = plan.choices.count > 1
    trials = Dictionary(plan.trials.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The folder that `assay score` takes for a trial's row.
  package func folder(of trial: PlannedTrial) -> PredictionFolder {
    var folder = path
    if namesSuites { folder += "/\(fileName(trial.setting.suite))" }
    if namesRows { folder += "/\(fileName(trial.choice.label))" }
    return PredictionFolder(path: folder)
  }

  /// Tells whether the predictions of a stored trial are saved already.
  package func holds(_ record: TrialRecord) -> Bool {
    guard let trial = trials[record.id] else { return false }
    return folder(of: trial).holds(record.predictions, of: trial.setting)
  }
}
