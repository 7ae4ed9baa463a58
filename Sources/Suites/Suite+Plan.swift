internal import Datasets

extension Suite {
  /// Lists every setting, without slicing any array.
  ///
  /// - Parameter override: Seeds to use in place of the suite's own.
  /// - Throws: one error with what is wrong with all datasets.
  package func plan(seeds override: [Int]? = nil) throws(SuiteError) -> SuitePlan {
    var planner = Planner(suite: self, seeds: override ?? seeds)
    var failures: [SuiteError] = []
    var ids: Set<String> = []
    for entry in datasets {
      do throws(SuiteError) {
        switch try open(entry) {
        case .absent(let message):
          guard whenAbsent == .skip else { throw SuiteError(.absentDataset, message) }
          planner.skipped.append(message)
        case .dataset(let dataset):
          guard ids.insert(dataset.id).inserted else {
            throw SuiteError(.badDataset, "\(path): dataset '\(dataset.id)' is listed twice")
          }
          try planner.add(dataset)
        }
      } catch {
        failures.append(error)
      }
    }
    if case .given = `protocol`, failures.isEmpty, !planner.settings.isEmpty {
      failures += groups.enumerated().filter { !planner.groupsFound.contains($1) }.map {
        SuiteError(
          .badDataset,
          "\(path): at /groups/\($0): no dataset of the suite has it; "
            + unknown("attribute", $1, among: planner.attributesFound.sorted()))
      }
    }
    guard let first = failures.first else {
      return SuitePlan(
        settings: planner.settings, skipped: planner.skipped, isAbsent: ids.isEmpty)
    }
    throw SuiteError(first.code, failures.map(\.description).joined(separator: "\n"))
  }
}
