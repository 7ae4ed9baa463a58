internal import Documents
package import Evaluation
internal import Metrics
internal import Numerics
internal import PluginHost

/// Aggregates trials over their seeds, per row and metric.
///
/// The interval of a mean resamples the test rows, the same rows for every seed, when the per-sample
/// outcomes of all its seeds are in `samples`; otherwise it is the mean of the seeds' own bounds.
/// A row where no seed has a result still has one aggregate per metric of its siblings, without a
/// mean, so that a failed method is never a missing line.
package func aggregate(
  _ trials: [TrialRecord], samples: SampleStore? = nil, resamples: Int = 2000
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
  _ trials: [TrialRecord], metrics: [String], samples: SampleStore?, resamples: Int
) -> [String: Interval] {
  let measured = trials.filter { $0.status == .ok }
  let resampled =
    samples.flatMap {
      resampledIntervals(measured, metrics: metrics, samples: $0, resamples: resamples)
    } ?? [:]
  var result: [String: Interval] = [:]
  for metric in metrics {
    let values = measured.compactMap { $0.metrics[metric] }.filter { $0.value != nil }
    // One seed's own interval says all there is, be it Wilson's or a bootstrap's.
    if values.count == 1 {
      result[metric] = values[0].interval
    } else {
      result[metric] = resampled[metric] ?? meanOfBounds(values.map(\.interval))
    }
  }
  return result
}

/// Nil unless the outcomes of every trial are there.
private func resampledIntervals(
  _ trials: [TrialRecord], metrics: [String], samples: SampleStore, resamples: Int
) -> [String: Interval]? {
  guard trials.count > 1 else { return nil }
  var distributions: [String: [[Double]]] = [:]
  for trial in trials {
    guard let table = try? loadOutcomes(trial, from: samples, side: "the trial") else {
      return nil
    }
    // One row is the same in every resample.
    guard table.n > 1 else { return nil }
    let defined = metrics.filter { trial.metrics[$0]?.value != nil }
    let prepared = defined.compactMap { metric in
      table.evaluator(for: metric).map { (metric, $0) }
    }
    let bootstrap = Bootstrap(
      resamples: resamples, key: rowsKey("aggregate", trial, given: table.givenColumns))
    let values = bootstrap.distributions(
      of: prepared.map(\.1), over: RowUnits(rowCount: table.n, units: table.units))
    for ((metric, _), values) in zip(prepared, values) {
      distributions[metric, default: []].append(values)
    }
  }
  return distributions.compactMapValues { seeds in
    guard let count = seeds.first?.count else { return nil }
    let means = (0..<count).map { resample in
      seeds.reduce(0) { $0 + $1[resample] } / Double(seeds.count)
    }
    return Bootstrap(resamples: resamples, key: 0).interval(of: means).interval
  }
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
