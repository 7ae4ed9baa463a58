internal import Documents
package import Evaluation
internal import PluginHost

/// Joins reports, such as those of the shards of one run, into the report of all their trials.
///
/// Aggregates are computed anew; the per-sample columns are copied into `store`. Merging the shards
/// of a run gives the report of the whole run but for the command line and the volatile blocks.
///
/// Throws `MergeRefusal` when the reports are not comparable, or hold different results of one trial
/// and no rule says which stays.
package func merge(
  _ inputs: [MergeInput], keep: DuplicateRule? = nil, into store: TrialStore
) throws -> Report {
  guard let first = inputs.first?.report else {
    throw ReportError(description: "there is no report to merge")
  }
  let chosen = choose(inputs, keep: keep)
  let reasons = mismatches(inputs) + chosen.conflicts + chosen.mixedRows
  guard reasons.isEmpty else { throw MergeRefusal(reasons: reasons) }

  let reports = inputs.map(\.report)
  var warnings = unique(reports.flatMap(\.warnings))
  for (place, input) in inputs.enumerated() {
    let wanted = chosen.trials.filter { $0.source == place }.flatMap { $0.trial.sampleDigests }
    let missing = try store.copy(wanted, from: input.samples)
    guard !missing.isEmpty else { continue }
    warnings.append(
      ReportWarning(
        code: "samples", place: input.name,
        text: "\(missing.count) per-sample columns were not beside the report, so that its trials "
          + "cannot be compared row by row"))
  }
  warnings += differences(reports) + chosen.buildNotes
  return Report(
    tool: first.tool, run: runEntry(inputs), environment: environment(reports),
    plugins: plugins(reports, used: Set(chosen.trials.map(\.trial.pluginDigest))),
    suites: unique(reports.flatMap(\.suites)), datasets: unique(reports.flatMap(\.datasets)),
    metrics: unique(reports.flatMap(\.metrics)),
    trials: chosen.trials.map(\.trial).settlingRefusals,
    samples: store, claims: unique(reports.flatMap(\.claims).map(\.asserted)), warnings: warnings)
}

// MARK: Trials

private struct Chosen {
  var trials: [(trial: TrialRecord, source: Int)] = []
  var conflicts: [String] = []

  /// The rows whose trials come from more than one file of a plugin.
  private var builds: [(row: RowName, versions: Set<String>, digests: Set<Digest>)] {
    let rows = Dictionary(grouping: trials) {
      RowName(suite: $0.trial.suite, label: $0.trial.label)
    }
    return rows.keys.sorted().compactMap { row in
      let trials = (rows[row] ?? []).map(\.trial)
      let digests = Set(trials.map(\.pluginDigest))
      guard digests.count > 1 else { return nil }
      return (row, Set(trials.map { "\($0.method) \($0.methodVersion)" }), digests)
    }
  }

  /// Rows that would mix versions of a method.
  var mixedRows: [String] {
    builds.filter { $0.versions.count > 1 }.map { row, versions, _ in
      "the row '\(row.label)' of suite '\(row.suite)' would hold results of "
        + "\(versions.sorted().joined(separator: " and ")); run it again with one of them"
    }
  }

  /// What the reader should know of rows that hold one version of a method from several builds.
  ///
  /// Two machines seldom build the same bytes of one source; the bytes decide what may be reused,
  /// id and version what belongs together.
  var buildNotes: [ReportWarning] {
    builds.filter { $0.versions.count == 1 }.map { row, versions, digests in
      ReportWarning(
        code: "builds", place: row.label,
        text: "the row '\(row.label)' of suite '\(row.suite)' holds results of \(digests.count) "
          + "builds of \(versions.first ?? row.label) "
          + "(\(digests.sorted().map(\.short).joined(separator: ", ")))")
    }
  }
}

private struct RowName: Hashable, Comparable {
  var suite: String
  var label: String
  static func < (left: RowName, right: RowName) -> Bool {
    (left.suite, left.label) < (right.suite, right.label)
  }
}

private func choose(_ inputs: [MergeInput], keep: DuplicateRule?) -> Chosen {
  var result = Chosen()
  var places: [Digest: Int] = [:]
  for (source, input) in inputs.enumerated() {
    for trial in input.report.trials {
      guard let place = places[trial.key] else {
        places[trial.key] = result.trials.count
        result.trials.append((trial, source))
        continue
      }
      let other = result.trials[place]
      if other.trial.isSameResult(as: trial) { continue }
      switch keep {
      case .first: continue
      case .last: result.trials[place] = (trial, source)
      case nil:
        result.conflicts.append(
          "\(inputs[other.source].name) and \(input.name) hold different results of the trial "
            + "\(trial.id.short) (\(placeText(trial))): name the one that stays with --keep first "
            + "or --keep last")
      }
    }
  }
  return result
}

extension TrialRecord {
  /// Whether both say the same of the same work, whichever build of one version did it.
  fileprivate func isSameResult(as other: TrialRecord) -> Bool {
    func plain(_ trial: TrialRecord) -> TrialRecord {
      var trial = trial.strippingVolatile()
      // The id is made of the digest of the file, and of what the rest of the record says.
      trial.id = trial.key
      trial.pluginDigest = trial.key
      return trial
    }
    return plain(self) == plain(other)
  }
}

private func placeText(_ trial: TrialRecord) -> String {
  "\(trial.label) on \(trial.dataset), \(TrialOrder.text(trial.setting)), seed \(trial.seed)"
}

// MARK: Entries

private func runEntry(_ inputs: [MergeInput]) -> RunEntry {
  let runs = inputs.map(\.report.run)
  return RunEntry(
    suites: unique(runs.flatMap(\.suites)), methods: unique(runs.flatMap(\.methods)),
    seeds: Set(runs.flatMap(\.seeds)).sorted(), threads: runs.map(\.threads).max() ?? 1,
    isComplete: runs.allSatisfy(\.isComplete), invocation: invocation(inputs))
}

/// How the trials were asked for; nil unless all reports say so.
private func invocation(_ inputs: [MergeInput]) -> RunEntry.Invocation? {
  let all = inputs.compactMap(\.report.run.invocation)
  guard all.count == inputs.count, let first = all.first else { return nil }
  var limits: [String: Double] = [:]
  for one in all { limits.merge(one.limits) { max($0, $1) } }
  return RunEntry.Invocation(
    jobs: all.map(\.jobs).max() ?? 1,
    isolation: all.contains { $0.isolation == "none" } ? "none" : first.isolation,
    limits: limits, arguments: arguments(inputs))
}

/// The command line that the reports share but for shard and output; else the merge itself.
private func arguments(_ inputs: [MergeInput]) -> [String] {
  let commands = Set(inputs.map { RunEntry.withoutShard($0.report.run.arguments) })
  if commands.count == 1, let only = commands.first { return only }
  return RunEntry.portable(arguments: ["merge"] + inputs.map(\.name))
}

extension RunEntry {
  /// A command line without `--shard` and the name of the output.
  static func withoutShard(_ arguments: [String]) -> [String] {
    let names = ["--shard", "--output", "-o"]
    var result: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if names.contains(word) {
        rest = rest.dropFirst()
      } else if !names.contains(where: { word.hasPrefix("\($0)=") }) {
        result.append(word)
      }
    }
    return result
  }
}

/// The machine of the first report, from the first start to the last end; nil unless all have one.
private func environment(_ reports: [Report]) -> EnvironmentEntry? {
  let all = reports.compactMap(\.environment)
  guard all.count == reports.count, var result = all.first else { return nil }
  result.started = all.map(\.started).min() ?? result.started
  result.finished = all.map(\.finished).max() ?? result.finished
  return result
}

/// The plugins: of two builds of one file only those that trials come from.
private func plugins(_ reports: [Report], used: Set<Digest>) -> [PluginEntry] {
  let all = unique(reports.flatMap(\.plugins))
  let counts = Dictionary(all.map { ($0.name, 1) }, uniquingKeysWith: +)
  return all.filter { counts[$0.name] == 1 || used.contains($0.digest) }
}

/// The elements without repetition, in the order of first appearance.
func unique<T: Equatable>(_ elements: [T]) -> [T] {
  elements.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
}
