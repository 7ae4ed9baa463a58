internal import Datasets
package import Documents
package import Metrics
internal import PluginHost
internal import Suites

// MARK: Writing

extension TrialRecord {
  /// The record as a JSON object.
  ///
  /// What differs between two equal runs stands in the blocks `timing` and `memory` and in
  /// `failure.stderr_tail`, each absent when there is nothing to say.
  package var json: JSON {
    var members: [String: JSON] = [
      "id": .string(id.description), "key": .string(key.description),
      "method": .string(method), "method_version": .string(methodVersion),
      "plugin": .string(pluginDigest.description), "label": .string(label), "config": config,
      "suite": .string(suite), "suite_digest": .string(suiteDigest.description),
      "task": .string(task), "contract": .string(contract), "dataset": .string(dataset),
      "dataset_digest": .string(datasetDigest.description), "setting": .object(setting),
      "seed": JSON(seed), "status": .string(status.rawValue),
      "selection": .string(selection.rawValue),
      "rows": .object(rows.mapValues { JSON($0) }),
      "metrics": .object(metrics.mapValues(\.json)),
      "groups": .array(groups.map(\.json)),
      "self_reported": .object(selfReported.mapValues { JSON($0) }),
      "notes": .array(notes.map(JSON.string)),
      "warnings": .array(
        warnings.map { ["code": .string($0.code), "text": .string($0.text)] }),
      "predictions": JSON(predictions?.description),
      "samples": .object(samples.mapValues { .string($0.description) }),
    ]
    members["failure"] = failure?.json
    members["mixture"] = mixture.map { .object($0.shares.mapValues { JSON($0) }) }
    if !calibration.isEmpty { members["calibration"] = .array(calibration.map(\.json)) }
    for (name, columns) in [("part_samples", partSamples), ("group_samples", groupSamples)]
    where !columns.isEmpty {
      members[name] = .object(columns.mapValues { .string($0.description) })
    }
    if cost != TrialCost() {
      members["timing"] = [
        "load_seconds": JSON(cost.loadSeconds), "fit_seconds": JSON(cost.fitSeconds),
        "predict_seconds": JSON(cost.predictSeconds), "wall_seconds": JSON(cost.wallSeconds),
        "cpu_seconds": JSON(cost.cpuSeconds),
      ]
      members["memory"] = ["peak_resident_bytes": JSON(cost.peakResidentBytes)]
    }
    return .object(members)
  }

  /// The record without what differs between two equal runs: cost, and what the worker printed.
  package func strippingVolatile() -> TrialRecord {
    var record = self
    record.cost = TrialCost()
    record.failure?.stderrTail = ""
    return record
  }
}

extension TrialFailure {
  package var json: JSON {
    var members: [String: JSON] = [
      "stage": .string(stage), "kind": .string(kind), "message": .string(message),
    ]
    members["signal"] = signal.map(JSON.string)
    if !stderrTail.isEmpty { members["stderr_tail"] = .string(stderrTail) }
    return .object(members)
  }
}

extension GroupRecord {
  fileprivate var json: JSON {
    guard case .object(var members) = headJSON else { return headJSON }
    members["metrics"] = .object(metrics.mapValues(\.json))
    return .object(members)
  }

  /// What the group is, without its values.
  package var headJSON: JSON {
    var members: [String: JSON] = ["by": .string(by), "key": .string(key), "n": JSON(n)]
    if isPart { members["part"] = true }
    if role != .rows { members["role"] = .string(role.rawValue) }
    members["reference"] = reference.map(JSON.string)
    switch id {
    case .part(.shift(let shift)):
      var named: [String: JSON] = ["name": .string(shift.name)]
      named["corruption"] = shift.corruption.map(JSON.string)
      named["severity"] = shift.severity.map { JSON($0) }
      members["shift"] = .object(named)
    case .part(.clean(let clean)):
      members["behind"] = .array(clean.shifts.map(JSON.string))
    case .difference(_, let key): members["of"] = .string(key)
    case .harmonicMean: members["mean"] = "harmonic"
    default: break
    }
    return .object(members)
  }
}

extension MetricValue {
  /// The value as a JSON object; one that is not a finite number is written as null.
  package var json: JSON {
    var members: [String: JSON] = ["value": value.map { JSON($0) } ?? .null, "n": JSON(n)]
    members["interval"] = interval?.json
    members["expected"] = expected.map { JSON($0) }
    members["p_alike"] = p.map { JSON($0) }
    if isLeftOut { members["left_out"] = .bool(true) }
    members["reason"] = reason.map(JSON.string)
    return .object(members)
  }
}

extension Interval {
  /// The interval as a JSON object.
  package var json: JSON {
    var members: [String: JSON] = [
      "lower": JSON(lower), "upper": JSON(upper), "level": JSON(level), "method": .string(method),
    ]
    members["resamples"] = resamples.map { JSON($0) }
    return .object(members)
  }
}

// MARK: Reading

extension TrialRecord {
  /// Reads a record; members that this version does not know are left alone.
  package init(json: JSON) throws(RecordError) { try self.init(RecordCursor(json)) }

  /// Reads a record that stands somewhere in a document.
  package init(_ record: RecordCursor) throws(RecordError) {
    let status = try record.member("status")
    guard let known = TrialStatus(rawValue: try status.string()) else {
      throw status.unlike(
        "one of \(TrialStatus.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let tuned = try record.member("selection")
    guard let selection = Selection(rawValue: try tuned.string()) else {
      throw tuned.unlike("one of \(Selection.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    var cost = TrialCost()
    if let timing = try record.optional("timing") {
      cost.loadSeconds = try timing.member("load_seconds").double()
      cost.fitSeconds = try timing.member("fit_seconds").double()
      cost.predictSeconds = try timing.member("predict_seconds").double()
      cost.wallSeconds = try timing.member("wall_seconds").double()
      cost.cpuSeconds = try timing.member("cpu_seconds").double()
    }
    if let memory = try record.optional("memory") {
      cost.peakResidentBytes = try memory.member("peak_resident_bytes").int()
    }
    self.init(
      id: try record.member("id").digest(), key: try record.member("key").digest(),
      method: try record.member("method").string(),
      methodVersion: try record.member("method_version").string(),
      pluginDigest: try record.member("plugin").digest(),
      label: try record.member("label").string(),
      config: .object(try record.member("config").object()),
      suite: try record.member("suite").string(),
      suiteDigest: try record.member("suite_digest").digest(),
      task: try record.member("task").string(),
      contract: try record.member("contract").string(),
      dataset: try record.member("dataset").string(),
      datasetDigest: try record.member("dataset_digest").digest(),
      setting: try record.member("setting").object(),
      mixture: try record.optional("mixture").map { shares throws(RecordError) in
        Mixture(try shares.mapMembers { share throws(RecordError) in try share.double() })
      },
      seed: try record.member("seed").int(), status: known,
      failure: try record.optional("failure").map(TrialFailure.init(_:)),
      selection: selection,
      rows: try record.member("rows").mapMembers { cursor throws(RecordError) in
        try cursor.count()
      },
      metrics: try record.member("metrics").mapMembers(MetricValue.init(_:)),
      groups: try record.member("groups").map(GroupRecord.init(_:)),
      calibration: try record.optional("calibration")?.map(CalibrationRecord.init(_:)) ?? [],
      selfReported: try numbers(record.member("self_reported")),
      notes: try record.member("notes").map { cursor throws(RecordError) in try cursor.string() },
      warnings: try record.member("warnings").map(TrialWarning.init(_:)),
      predictions: try record.optional("predictions")?.digest(),
      samples: try digests(record.member("samples")),
      partSamples: try record.optional("part_samples").map(digests) ?? [:],
      groupSamples: try record.optional("group_samples").map(digests) ?? [:],
      cost: cost)
  }
}

private func digests(_ cursor: RecordCursor) throws(RecordError) -> [String: Digest] {
  try cursor.mapMembers { cursor throws(RecordError) in try cursor.digest() }
}

/// Numbers by name; a null stands for one that was not finite when it was written.
private func numbers(_ cursor: RecordCursor) throws(RecordError) -> [String: Double] {
  try cursor.mapMembers { cursor throws(RecordError) in
    cursor.value.isNull ? .nan : try cursor.double()
  }
}

extension TrialFailure {
  package init(_ failure: RecordCursor) throws(RecordError) {
    self.init(
      stage: try failure.member("stage").string(), kind: try failure.member("kind").string(),
      signal: try failure.optional("signal")?.string(),
      message: try failure.member("message").string(),
      stderrTail: try failure.optional("stderr_tail")?.string() ?? "")
  }
}

extension TrialWarning {
  package init(_ warning: RecordCursor) throws(RecordError) {
    self.init(
      code: try warning.member("code").string(), text: try warning.member("text").string())
  }
}

extension GroupRecord {
  fileprivate init(_ group: RecordCursor) throws(RecordError) {
    try self.init(
      head: group, metrics: try group.member("metrics").mapMembers(MetricValue.init(_:)))
  }

  /// Reads what the group is; its values stand elsewhere.
  package init(
    head group: RecordCursor, metrics: [String: MetricValue] = [:]
  ) throws(RecordError) {
    let role = try group.optional("role").map { cursor throws(RecordError) in
      guard let role = Role(rawValue: try cursor.string()) else {
        throw cursor.unlike("one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return role
    }
    let isPart = try group.optional("part")?.bool() ?? false
    self.init(
      try GroupID(group, role ?? .rows, isPart: isPart), n: try group.member("n").count(),
      metrics: metrics, isPart: isPart,
      isSmall: role == .small, reference: try group.optional("reference")?.string())
  }
}

extension GroupID {
  /// Reads what tells groups apart: the members, never the texts that are made of it.
  fileprivate init(
    _ group: RecordCursor, _ role: GroupRecord.Role, isPart: Bool
  ) throws(RecordError) {
    let (by, key) = (try group.member("by").string(), try group.member("key").string())
    switch role {
    case .worst: self = .worst(by: by)
    case .gap: self = .gap(by: by)
    case .difference: self = .difference(by: by, key: try group.member("of").string())
    case .rows, .small:
      if let shift = try group.optional("shift") {
        self = .part(
          .shift(
            ShiftID(
              try shift.member("name").string(),
              corruption: try shift.optional("corruption")?.string(),
              severity: try shift.optional("severity")?.int())))
      } else if let shifts = try group.optional("behind") {
        let names = try shifts.map { name throws(RecordError) in try name.string() }
        self = .part(.clean(Part.Clean(key, behind: names)))
      } else if try group.optional("mean") != nil {
        self = .harmonicMean
      } else if isPart,
        let part = [Part.base, .calibration, .decision].first(where: { $0.by == by })
      {
        self = .part(part)
      } else {
        self = .rows(by: by, key: key)
      }
    }
  }
}

extension MetricValue {
  /// Reads a value.
  package init(_ metric: RecordCursor) throws(RecordError) {
    self.init(
      value: try metric.optional("value")?.double(), n: try metric.member("n").count(),
      interval: try metric.optional("interval").map(Interval.init(_:)),
      reason: try metric.optional("reason")?.string())
    expected = try metric.optional("expected")?.double()
    p = try metric.optional("p_alike")?.double()
    isLeftOut = try metric.optional("left_out")?.bool() ?? false
  }
}

extension Interval {
  /// Reads an interval.
  package init(_ interval: RecordCursor) throws(RecordError) {
    self.init(
      lower: try interval.member("lower").double(), upper: try interval.member("upper").double(),
      level: try interval.member("level").double(),
      method: try interval.member("method").string(),
      resamples: try interval.optional("resamples")?.int())
  }
}
