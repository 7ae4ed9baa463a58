extension MetricInfo {
  /// The metrics that the trials of a task have: those that its outcome table evaluates.
  package static func measured(in task: String) -> [MetricInfo] { byTask[task] ?? [] }

  /// The tasks whose trials have the metric; none for one of groups or of whole reports alone.
  package var tasks: [String] {
    MetricInfo.byTask.keys.sorted().filter { task in
      MetricInfo.measured(in: task).contains { $0.key == key }
    }
  }

  private static let byTask: [String: [MetricInfo]] = [
    "classify": classification.filter { $0.key != "temperature" } + decision
      + detection.filter { $0.key == "auroc" },
    "curate": curation,
    "detect-ood": detection,
    "diversity": diversity,
    "estimate-distance": distance,
    "recommend": recommendation,
    "retrieve": retrieval,
  ]
}
