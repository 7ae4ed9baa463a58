internal import Documents
internal import Estimates
package import Evaluation
internal import Metrics
internal import PluginHost
internal import Statistics

/// Aggregates trials over their seeds, per row and metric.
///
/// The interval of a mean is that of the ``Estimator``, over the test rows that all seeds share, when
/// the per-sample outcomes of all its seeds are in `samples`; otherwise it is the mean of the seeds'
/// own bounds.
/// A row where no seed has a result still has one aggregate per metric of its siblings, without a
/// mean, so that a failed method is never a missing line.
package func aggregate(
  _ trials: [TrialRecord], samples: TrialStore? = nil, resamples: Int = 2000
) -> [Aggregate] {
  let rows = grouped(trials, by: RowKey.init)
  var metricsOfSetting: [RowKey: Set<String>] = [:]
  for trial in trials {
    metricsOfSetting[settingKey(RowKey(trial)), default: []].formUnion(trial.metrics.keys)
  }
  let wanted = metricsOfSetting.mapValues { $0.sorted() }
  return concurrentMap(rows) { row, trials -> [Aggregate] in
    // A method that the setting does not suit has no score to miss.
    guard trials.contains(where: { $0.status != .unsupported }) else { return [] }
    let metrics = wanted[settingKey(row)] ?? []
    let intervals = meanIntervals(
      trials, metrics: metrics, samples: samples, resamples: resamples)
    return metrics.map { metric in
      let values = trials.compactMap { $0.metrics[metric]?.value }
      return Aggregate(
        suite: row.suite, dataset: row.dataset, setting: row.setting, label: row.label,
        metric: metric, mean: mean(values), sdSeeds: standardDeviation(values),
        nSeeds: values.count, failed: trials.count - values.count, interval: intervals[metric])
    }
  }.flatMap(\.self)
}

private func settingKey(_ row: RowKey) -> RowKey {
  var key = row
  key.label = ""
  return key
}

private func meanIntervals(
  _ trials: [TrialRecord], metrics: [String], samples: TrialStore?, resamples: Int
) -> [String: Interval] {
  let measured = trials.filter { $0.status == .ok }
  let outcomes = measured.count > 1 ? seeds(measured, samples: samples, resamples: resamples) : nil
  var result: [String: Interval] = [:]
  for metric in metrics {
    let values = measured.compactMap { $0.metrics[metric] }
    let defined = values.indices.filter { values[$0].value != nil }
    // One seed's own interval says all there is.
    guard defined.count > 1 else {
      result[metric] = defined.first.flatMap { values[$0].interval }
      continue
    }
    if let outcomes, values.count == outcomes.count {
      result[metric] =
        Estimator().estimate(
          .mean(defined.map { .reading(Reading(metric, of: outcomes[$0])) })
        ).interval
    } else {
      result[metric] = meanOfBounds(defined.map { values[$0].interval })
    }
  }
  return result
}

/// The outcomes of each seed; nil unless those of every one are there.
private func seeds(
  _ trials: [TrialRecord], samples: TrialStore?, resamples: Int
) -> [Outcomes]? {
  var found: [Outcomes] = []
  for trial in trials {
    guard let table = try? loadOutcomes(trial, from: samples, side: "the trial") else {
      return nil
    }
    found.append(
      Outcomes(table, bootstrap: Bootstrap(resamples: resamples, key: testSetKey(of: table))))
  }
  return found
}

/// The mean of the lower and of the upper bounds; nil unless all are there at one level.
func meanOfBounds(_ intervals: [Interval?]) -> Interval? {
  let all = intervals.compactMap(\.self)
  guard let first = all.first, all.count == intervals.count,
    all.allSatisfy({ $0.level == first.level }),
    let lower = mean(all.map(\.lower)), let upper = mean(all.map(\.upper))
  else { return nil }
  return Interval(lower: lower, upper: upper, level: first.level, method: "mean-of-seed-bounds")
}
