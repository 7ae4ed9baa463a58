internal import Documents
internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Suites

// A trial in a report: what the tables of the report say of it is not said again, and what is empty
// is left out. The groups' values stand in columns, one entry for each group that has the metric.

extension TrialRecord {
  /// The trial as an element of a report's `trials`.
  func json(in shared: SharedEntries) -> JSON {
    var members: [String: JSON] = [
      "id": .string(id.description), "key": .string(key.description), "method": .string(method),
      "config": JSON(shared.place(of: config)), "suite": .string(suite), "task": .string(task),
      "contract": .string(contract), "dataset": .string(dataset), "setting": .object(setting),
      "seed": JSON(seed), "status": .string(status.rawValue),
      "selection": .string(selection.rawValue), "rows": .object(rows.mapValues { JSON($0) }),
      "metrics": .object(
        metrics.reduce(into: [:]) { members, metric in
          members[metric.key] = metric.value.json(usual: shared.intervals[metric.key], in: shared)
        }),
    ]
    if label != method { members["label"] = .string(label) }
    for (name, digest, known) in [
      ("plugin", pluginDigest, shared.digests.plugins[method]),
      ("suite_digest", suiteDigest, shared.digests.suites[suite]),
      ("dataset_digest", datasetDigest, shared.digests.datasets[dataset]),
    ] where digest != known {
      members[name] = .string(digest.description)
    }
    if methodVersion != shared.digests.versions[method] {
      members["method_version"] = .string(methodVersion)
    }
    members["failure"] = failure?.json
    members["mixture"] = mixture.map { .object($0.shares.mapValues { JSON($0) }) }
    if !selfReported.isEmpty {
      members["self_reported"] = .object(selfReported.mapValues { JSON($0) })
    }
    if !notes.isEmpty { members["notes"] = .array(notes.map(JSON.string)) }
    if !warnings.isEmpty {
      members["warnings"] = .array(
        warnings.map { ["code": .string($0.code), "text": .string($0.text)] })
    }
    if let place = shared.place(of: self) {
      members["groups"] = ["set": JSON(place), "metrics": groupColumns(in: shared)]
    }
    if !calibration.isEmpty { members["calibration"] = .array(calibration.map(\.columnsJSON)) }
    members["predictions"] = predictions.map { .string($0.description) }
    members["outcomes"] = outcomes.map { .string($0.description) }
    if cost != TrialCost() {
      members["timing"] = [
        "load_seconds": seconds(cost.loadSeconds), "fit_seconds": seconds(cost.fitSeconds),
        "predict_seconds": seconds(cost.predictSeconds), "wall_seconds": seconds(cost.wallSeconds),
        "cpu_seconds": seconds(cost.cpuSeconds),
      ]
      members["memory"] = ["peak_resident_bytes": JSON(cost.peakResidentBytes)]
    }
    return .object(members)
  }

  private func groupColumns(in shared: SharedEntries) -> JSON {
    var columns: [String: JSON] = [:]
    for key in Set(groups.flatMap(\.metrics.keys)) {
      let places = groups.indices.filter { groups[$0].metrics[key] != nil }
      let values = places.compactMap { groups[$0].metrics[key] }
      var column: [String: JSON] = [
        "value": .array(values.map { $0.value.map { JSON($0) } ?? .null })
      ]
      if places.count < groups.count { column["of"] = .array(places.map { JSON($0) }) }
      if zip(places, values).contains(where: { groups[$0].n != $1.n }) {
        column["n"] = .array(values.map { JSON($0.n) })
      }
      if values.contains(where: { $0.interval != nil }) {
        column["interval"] = .array(
          values.map { $0.interval?.json(usual: shared.intervals[key], in: shared) ?? .null })
      }
      func fill(_ name: String, _ entry: (MetricValue) -> JSON?) {
        let entries = values.enumerated().compactMap { place, value in
          entry(value).map { (String(place), $0) }
        }
        guard !entries.isEmpty else { return }
        column[name] = .object(Dictionary(uniqueKeysWithValues: entries))
      }
      let reasons = values.enumerated().reduce(into: [String: [JSON]]()) { reasons, entry in
        if let reason = entry.element.reason {
          reasons[reason, default: []] += [JSON(entry.offset)]
        }
      }
      if !reasons.isEmpty { column["reason"] = .object(reasons.mapValues(JSON.array)) }
      fill("expected") { $0.expected.map { JSON($0) } }
      fill("p_alike") { $0.p.map { JSON($0) } }
      let leftOut = values.indices.filter { values[$0].isLeftOut }
      if !leftOut.isEmpty { column["left_out"] = .array(leftOut.map { JSON($0) }) }
      columns[key] = .object(column)
    }
    return .object(columns)
  }

  /// Seconds to a millionth: what is below that is chance.
  private func seconds(_ seconds: Double) -> JSON { JSON((seconds * 1e6).rounded() / 1e6) }
}

extension MetricValue {
  fileprivate func json(usual: IntervalKind?, in shared: SharedEntries) -> JSON {
    guard case .object(var members) = json else { return json }
    members["interval"] = interval?.json(usual: usual, in: shared)
    return .object(members)
  }
}

extension CalibrationRecord {
  fileprivate var columnsJSON: JSON {
    [
      "by": .string(by), "key": .string(key), "bin": .array(curve.bins.map { JSON($0.place) }),
      "probability": .array(curve.bins.map { JSON($0.probability) }),
      "share": .array(curve.bins.map { JSON($0.share) }),
      "n": .array(curve.bins.map { JSON($0.n) }),
    ]
  }
}
