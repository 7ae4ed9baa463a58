internal import Datasets
package import Documents

extension Suite {
  /// Lists every setting, without slicing any array.
  ///
  /// - Parameter override: Seeds to use in place of the suite's own.
  /// - Throws: one error with all names that the datasets do not have, and with what is wrong with
  ///   the datasets themselves.
  package func plan(seeds override: [Int]? = nil) throws(SuiteError) -> SuitePlan {
    let survey = survey(seeds: override ?? seeds)
    guard let code = survey.code else {
      return SuitePlan(
        settings: survey.settings, skipped: survey.skipped, absent: survey.absent,
        warnings: survey.warnings)
    }
    let own = survey.problems.isEmpty ? [] : [error(survey.problems).description]
    throw SuiteError(code, (own + survey.elsewhere).joined(separator: "\n"))
  }
}

extension Suite {
  /// An error of what only a caller can see in the suite file, with the places in its text.
  package func error(_ problems: [DocumentProblem]) -> SuiteError {
    SuiteError(.badFile, document.error(placed(problems)))
  }

  /// The problems with their places in the file, which may say a value elsewhere than a suite file.
  func placed(_ problems: [DocumentProblem]) -> [DocumentProblem] {
    guard let places else { return problems }
    return problems.map { found in
      // What is wrong in an expression knows its place.
      guard found.offset == nil else { return found }
      var problem = found
      problem.pointer = places.pointer(found.pointer)
      return problem
    }
  }
}

/// What a suite and its data come to: settings, or everything that is wrong.
struct Survey {
  var settings: [PlannedSetting] = []
  /// What is left out, each a sentence.
  var skipped: [String] = []
  /// The datasets that are left out since they are not here.
  var absent: [AbsentData] = []
  /// What is to be said of the data.
  var warnings: [PlanWarning] = []
  /// What is wrong in the suite file.
  var problems: [DocumentProblem] = []
  /// What is wrong in the folders of datasets, each one or more lines.
  var elsewhere: [String] = []
  /// The number of problems that are datasets not found.
  fileprivate var absentCount = 0

  /// The kind of the failure; nil where nothing is wrong.
  var code: SuiteError.Code? {
    let count = problems.count + elsewhere.count
    if count == 0 { return nil }
    return count == absentCount ? .absentDataset : .badDataset
  }
}

extension Suite {
  /// Opens the datasets, looks up in them what the suite names, and makes the settings.
  ///
  /// - Parameter planning: Whether the protocol is sound enough for settings to be made.
  func survey(seeds: [Int], planning: Bool = true) -> Survey {
    var survey = Survey()
    let opened = openDatasets(&survey)
    var planner = Planner(suite: self, seeds: seeds)
    var planned = 0
    for dataset in opened {
      let unknown = unknownNames(in: dataset)
      survey.problems += unknown
      // A protocol whose names are not known makes no settings.
      guard planning, !unknown.contains(where: { $0.pointer.hasPrefix("/protocol") }) else {
        continue
      }
      let earlier = planner.settings.count
      do throws(SuiteError) {
        try planner.add(dataset)
        planned += 1
        survey.warnings +=
          warnings(on: dataset)
          + warnings(
            onSeeds: seeds, of: Array(planner.settings.dropFirst(earlier)), dataset)
      } catch {
        survey.elsewhere.append(error.description)
      }
    }
    if `protocol`.asked == .casesAsTheyStand, opened.count == datasets.count,
      survey.elsewhere.isEmpty
    {
      survey.problems += groups.enumerated().filter { !planner.groupsFound.contains($1) }.map {
        DocumentProblem(
          pointer: "/groups/\($0)",
          message: "no dataset of the suite has it; "
            + unknown("attribute", $1, among: planner.attributesFound.sorted()))
      }
    }
    if opened.count == datasets.count {
      survey.problems += unknownParts(in: opened)
      // What is left out of the plan may be what a claim is about.
      if planned == opened.count, planner.skipped.isEmpty {
        survey.problems += unknownSettings(among: planner.settings)
      }
    }
    survey.settings = planner.settings
    survey.skipped += planner.skipped
    return survey
  }

  private func openDatasets(_ survey: inout Survey) -> [Dataset] {
    var opened: [Dataset] = []
    for (index, entry) in datasets.enumerated() where !entry.hasPrefix("/") {
      let pointer = "/datasets/\(index)"
      do throws(DatasetError) {
        switch try open(entry) {
        case .absent(let message):
          guard whenAbsent == .error else {
            let sentence = "suite '\(id)': \(message)"
            survey.skipped.append(sentence)
            let name = entry.split(separator: "/").last.map(String.init) ?? entry
            survey.absent.append(AbsentData(suite: id, dataset: name, message: sentence))
            continue
          }
          survey.problems.append(DocumentProblem(pointer: pointer, message: message))
          survey.absentCount += 1
        case .dataset(let dataset, let hiding):
          survey.warnings += hiding
          if opened.contains(where: { $0.id == dataset.id }) {
            survey.problems.append(
              DocumentProblem(
                pointer: pointer, message: "dataset '\(dataset.id)' is listed twice"))
          } else {
            opened.append(dataset)
          }
        }
      } catch {
        survey.elsewhere.append(error.description)
      }
    }
    return opened
  }
}
