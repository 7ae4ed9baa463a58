internal import Datasets

/// Something about the data of a plan that is said on the console and in the report.
package struct PlanWarning: Hashable, Sendable {
  /// The key of the kind in reports.
  package let code: Code
  /// The dataset.
  package let place: String
  package let text: String
  /// The same without the paths of this machine.
  package let portableText: String

  package enum Code: String, Sendable {
    /// The data do not mean what their names say.
    case dataError = "data-error"
    case dataWarning = "data-warning"
    /// What the manifest allows, with its reason.
    case allowedOverlap = "allowed-overlap"
    /// A dataset that is not used, for one with its id came first.
    case hiddenDataset = "hidden-dataset"
    /// Seeds for which the data has no draw of its own.
    case seeds
  }

  init(_ code: Code, _ place: String, _ text: String, portable: String? = nil) {
    self.code = code
    self.place = place
    self.text = text
    portableText = portable ?? text
  }
}

extension Suite {
  /// What is to be said of the data of a dataset.
  func warnings(on dataset: Dataset) -> [PlanWarning] {
    dataset.findings.filter { $0.severity < .note }.map { finding in
      let code: PlanWarning.Code =
        finding.code == "allowed-overlap"
        ? .allowedOverlap : finding.severity == .error ? .dataError : .dataWarning
      return PlanWarning(code, dataset.id, "dataset '\(dataset.id)': \(finding.message)")
    }
  }

  /// Tells of seeds that were asked for and change nothing of what is handed over.
  func warnings(
    onSeeds seeds: [Int], of settings: [PlannedSetting], _ dataset: Dataset
  ) -> [PlanWarning] {
    guard seeds.count > 1 else { return [] }
    let asked = seeds.map(String.init).joined(separator: ", ")
    func warning(_ text: String) -> PlanWarning {
      PlanWarning(.seeds, dataset.id, "dataset '\(dataset.id)' \(text)")
    }
    if `protocol`.asked == .casesAsTheyStand {
      return [
        warning(
          "has ready-made cases, so that the seeds \(asked) hand over the same data: they vary only "
            + "what a method draws itself")
      ]
    }
    let drawn = Set(settings.filter { $0.setting["shots"] != nil }.map(\.seed))
    guard case .sets = dataset.shots, !drawn.isEmpty, drawn.count < seeds.count else { return [] }
    let run = drawn.sorted().map(String.init).joined(separator: ", ")
    return [
      warning(
        "gives one training set for each number of shots, so that of the seeds \(asked) only \(run) "
          + "is run on them")
    ]
  }
}
