internal import Contracts
internal import Datasets
package import Documents
package import PluginHost
package import Suites

/// What a run was asked for: by the command line, or by run files.
package struct RunRequest: Sendable {
  /// A method by id with settings and, from a run file, a name for its row.
  package struct Method: Sendable, Hashable {
    package var id: String
    package var settings: [String: JSON]
    package var label: String?
    package init(id: String, settings: [String: JSON] = [:], label: String? = nil) {
      self.id = id
      self.settings = settings
      self.label = label
    }
  }

  package var suites: [Suite]
  /// Empty: every method that the plugins hold.
  package var methods: [Method]
  /// Instead of the suites' own; nil keeps those.
  package var seeds: [Int]?
  package var limits: Limits

  package init(suites: [Suite], methods: [Method], seeds: [Int]?, limits: Limits) {
    self.suites = suites
    self.methods = methods
    self.seeds = seeds
    self.limits = limits
  }
}

/// What is wrong with a request that cannot be planned, one or more lines.
package struct PlanError: Error, CustomStringConvertible {
  package var description: String

  package init(description: String) { self.description = description }

  /// Joins what was found; what several suites have in common stands once.
  init(_ failures: [String]) {
    var seen: Set<String> = []
    description = failures.filter { seen.insert($0).inserted }.joined(separator: "\n")
  }
}

/// Every trial of a run, known before anything runs.
package struct RunPlan: Sendable {
  package var suites: [Suite]
  package var choices: [MethodChoice]
  package var trials: [PlannedTrial]
  /// Why datasets were left out, one sentence each.
  package var skipped: [String]
  /// The datasets that suites do without, since they are not here; `skipped` has them too.
  package var absent: [AbsentData]

  /// What is left out for another reason than that the data is not here.
  package var left: [String] {
    let known = Set(absent.map(\.message))
    return skipped.filter { !known.contains($0) }
  }
  /// What is to be said of the data, each once.
  package var warnings: [PlanWarning]

  /// The trials that one run may have, all of which are planned before the first starts.
  static let largest = 1_000_000

  /// Plans `request` with the methods at hand.
  ///
  /// - Throws: One error with everything that is wrong with methods, configs, suites and data.
  package init(
    _ request: RunRequest,
    methods: [(plugin: PluginDescription, method: MethodDescription)], threads: Int
  ) throws {
    suites = request.suites
    choices = []
    trials = []
    skipped = []
    absent = []
    warnings = []
    let catalogue = MethodCatalogue(methods)
    var failures: [String] = []
    for suite in request.suites {
      let rows = RunPlan.choices(for: suite, request, catalogue, &failures)
      for row in rows where !choices.contains(where: { $0.isSameRow(as: row) }) {
        choices.append(row)
      }
      do {
        let plan = try suite.plan(seeds: request.seeds)
        skipped += plan.skipped
        absent += plan.absent
        warnings += plan.warnings.filter { !warnings.contains($0) }
        let (count, overflow) = rows.count.multipliedReportingOverflow(by: plan.settings.count)
        guard !overflow, count <= RunPlan.largest - trials.count else {
          throw PlanError(
            description: "the plan has more than \(RunPlan.largest) trials; take fewer suites, "
              + "methods or seeds at a time, and join the reports with merge")
        }
        for setting in plan.settings {
          trials += rows.map { PlannedTrial(choice: $0, setting: setting, threads: threads) }
        }
      } catch let error as SuiteError {
        failures.append(error.description)
      }
    }
    guard failures.isEmpty else { throw PlanError(failures) }
  }

  /// The rows of one suite: the methods that the user names, else those that the suite names, else
  /// all that claim its task.
  ///
  /// A method that somebody named is told of where it does not fit; the others just stay away.
  private static func choices(
    for suite: Suite, _ request: RunRequest, _ catalogue: MethodCatalogue,
    _ failures: inout [String]
  ) -> [MethodChoice] {
    let methods = catalogue.methods
    let tasks = Set(request.suites.map(\.contract.task))
    var wanted = request.methods.filter { wish in
      // A method named for another suite of the request stays away from this one.
      guard let claims = methods.first(where: { $0.method.id == wish.id })?.method.claims else {
        return true
      }
      return claims.contains { $0.task == suite.contract.task }
        || !claims.contains { tasks.contains($0.task) }
    }
    if request.methods.isEmpty {
      let problems = catalogue.problems(with: suite.methods)
      guard problems.isEmpty else {
        failures.append(suite.error(problems).description)
        return []
      }
      wanted = suite.methods.map {
        .init(id: $0.id, settings: $0.config.object ?? [:], label: $0.label)
      }
    }
    if request.methods.isEmpty, wanted.isEmpty {
      let task = suite.contract.task
      wanted = methods.filter { found in found.method.claims.contains { $0.task == task } }
        .map { .init(id: $0.method.id) }
    }
    let choices = wanted.compactMap { wish -> MethodChoice? in
      guard let found = methods.first(where: { $0.method.id == wish.id }) else {
        failures.append(catalogue.unknown(wish.id))
        return nil
      }
      do {
        return try MethodChoice(
          plugin: found.plugin, method: found.method, label: wish.label, settings: wish.settings)
      } catch {
        failures.append("\(error)")
        return nil
      }
    }
    let labels = choices.map(\.label)
    if let twice = Set(labels).sorted().first(where: { name in labels.count { $0 == name } > 1 }) {
      failures.append(
        "two methods have the same row name '\(twice)'; give one of them another label")
    }
    return choices
  }

  /// The plan as a table: a line for each trial.
  package var text: String {
    let lines = trials.map { trial in
      let setting = trial.setting.setting.keys.sorted().map { key in
        "\(key)=\(trial.setting.setting[key]?.canonicalText ?? "")"
      }
      let words = [
        trial.id.short, trial.setting.suite, trial.setting.dataset.id,
        setting.joined(separator: " "), "seed=\(trial.setting.seed)", trial.choice.label,
      ]
      let reason = trial.unsupported.map { "  unsupported: \($0)" } ?? ""
      return words.filter { !$0.isEmpty }.joined(separator: "  ") + reason
    }
    return (lines + ["\(trials.count) trials"]).joined(separator: "\n")
  }

  /// The plan as a document.
  package var json: JSON {
    [
      "schema": "assay.plan/1",
      "trials": .array(
        trials.map { trial in
          [
            "id": .string(trial.id.description),
            "key": .string(trial.key.description),
            "suite": .string(trial.setting.suite),
            "dataset": .string(trial.setting.dataset.id),
            "setting": .object(trial.setting.setting),
            "seed": JSON(trial.setting.seed),
            "method": .string(trial.choice.method.id),
            "label": .string(trial.choice.label),
            "config": trial.choice.config,
            "selection": .string(trial.selection.rawValue),
            "inputs": .array(trial.inputs.sorted().map(JSON.string)),
            "unsupported": JSON(trial.unsupported),
          ]
        }),
      "skipped": .array(skipped.map(JSON.string)),
      "warnings": .array(warnings.map { .string($0.text) }),
    ]
  }
}
