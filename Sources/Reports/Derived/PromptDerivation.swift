internal import Documents
internal import Evaluation
internal import PluginHost
internal import Statistics
internal import Suites

/// The member of a setting that numbers the prompt.
let promptKey = "prompt"

/// How much the accuracy depends on the wording of the prompt: mean, standard deviation and range over
/// the prompts of each row, for rows that were measured with two prompts at least.
///
/// Every resample of the test rows gives one value of each, with the same rows for all prompts.
func promptValues(
  of trials: [TrialRecord], source: inout MeasurementSource
) -> [DerivedValue] {
  let prompted = trials.filter { $0.setting[promptKey]?.double != nil }
  guard prompted.contains(where: { $0.metrics["accuracy"] != nil }) else { return [] }
  var found: [DerivedValue] = []
  for (row, trials) in grouped(prompted, by: RowKey.overPrompts) {
    let supported = trials.filter { $0.status != .unsupported }
    var settings: [[String: JSON]] = []
    for trial in supported where !settings.contains(trial.setting) {
      settings.append(trial.setting)
    }
    guard settings.count > 1 else { continue }
    let accuracies = settings.map {
      Quantity.Measurement(
        .metric("accuracy"), method: row.label, dataset: row.dataset, setting: $0)
    }
    let functionals: [(key: String, combine: ([Double]) -> Double)] = [
      ("prompt_mean", { mean($0) ?? .nan }), ("prompt_sd", { standardDeviation($0) ?? .nan }),
      ("prompt_range", { ($0.max() ?? .nan) - ($0.min() ?? .nan) }),
    ]
    for (key, combine) in functionals {
      var value = DerivedValue(row: row, metric: key)
      do throws(Unmeasured) {
        let measured = try source.measure(
          Functional(accuracies, combine: combine), among: supported)
        (value.value, value.interval, value.reason) = (
          measured.value, measured.interval, measured.reason
        )
      } catch {
        value.reason = error.reason
      }
      found.append(value)
    }
  }
  return found
}

extension RowKey {
  /// The row over all prompts that a trial belongs to.
  fileprivate static func overPrompts(of trial: TrialRecord) -> RowKey {
    var row = RowKey(trial)
    row.setting[promptKey] = nil
    return row
  }
}
