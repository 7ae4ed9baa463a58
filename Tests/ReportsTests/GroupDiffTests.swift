import Documents
import Estimates
import Evaluation
import Metrics
import Tensors
import Testing

@testable import Reports

/// A measured trial whose rows fall into groups of equal size, one after the other.
private func grouped(
  _ keys: [String], seed: Int = 1, correct: [Bool], version: String = "1.0",
  codes: [Int32]? = nil, in store: TrialStore
) throws -> TrialRecord {
  var record = try measured(seed: seed, correct: correct, version: version, in: store)
  let table = outcomes(correct: correct)
  let size = correct.count / keys.count
  let codes = codes ?? correct.indices.map { Int32($0 / size) }
  var accuracies: [Double] = []
  for (place, key) in keys.enumerated() {
    let rows = codes.indices.filter { codes[$0] == place }
    let metrics = measure(
      ["accuracy"], on: table.selecting(rows: rows), bootstrap: Bootstrap(resamples: 64, key: 1))
    accuracies.append(metrics["accuracy"]?.value ?? .nan)
    record.groups.append(GroupRecord(by: "age", key: key, n: rows.count, metrics: metrics))
  }
  let grouping = Grouping(by: "age", keys: keys, codes: codes)
  let disparities = try measureFairness(
    of: table, by: grouping, bootstrap: Bootstrap(resamples: 64, key: 1))
  for (role, value) in [
    (GroupRecord.Role.worst, accuracies.min()),
    (.gap, (accuracies.max() ?? 0) - (accuracies.min() ?? 0)),
  ] {
    record.groups.append(
      GroupRecord(
        by: "age", key: role == .worst ? "worst group" : "gap", n: codes.count,
        metrics: ["accuracy": MetricValue(value: value, n: codes.count)], role: role))
  }
  record.groups[record.groups.count - 1].metrics.merge(disparities.values) { first, _ in first }
  record.groupSamples = try store.write(["age": Tensor(codes, shape: [codes.count])])
  return record
}

/// A measured trial with a shifted test set for each row of `parts`.
private func shifted(
  _ parts: [(key: String, correct: [Bool])], correct: [Bool], version: String = "1.0",
  in store: TrialStore
) throws -> TrialRecord {
  var record = try measured(correct: correct, version: version, in: store)
  for part in parts {
    record.groups.append(
      GroupRecord(
        by: "shift", key: part.key, n: part.correct.count,
        metrics: measure(
          ["accuracy"], on: outcomes(correct: part.correct),
          bootstrap: Bootstrap(resamples: 64, key: 1)), isPart: true))
  }
  record.predictions = Digest(of: "\(parts)")
  let tables = parts.map { outcomes(correct: $0.correct).columns }
  let names = tables.first.map { Array($0.keys) } ?? []
  record.partSamples = try store.write(
    Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, Tensor(concatenating: tables.compactMap { $0[name] }))
      }))
  return record
}

@Suite("Diff: groups")
struct GroupDiffTests {
  private let folder = TemporaryFolder()
  private var store: TrialStore { TrialStore(path: folder.path + "/r.store") }
  private let ages = ["18-25", "25-50", "50-65", "80+"]

  private func compare(
    _ old: [TrialRecord], _ new: [TrialRecord], failOn rules: String...
  ) throws -> ReportDiff {
    let metrics =
      classificationMetrics
      + MetricInfo.fairness.map {
        MetricEntry(
          key: $0.key, title: $0.title, version: $0.version, higherIsBetter: $0.higherIsBetter)
      }
    return try diff(
      baseline: report(old, metrics: metrics), candidate: report(new, metrics: metrics),
      samplesA: store, samplesB: store,
      options: DiffOptions(
        rules: rules.map { try GateRule(parsing: $0, metrics: metrics) }, resamples: 512))
  }

  private func group(_ key: String, in row: DiffRow?) throws -> Comparison {
    let group = try #require(row?.groups.first { $0.name.key == key })
    return try #require(group.comparisons.first { $0.metric == "accuracy" })
  }

  @Test("a loss in one group is found there, by exact McNemar on the rows of that group")
  func oneGroup() throws {
    // Ten right rows of the last hundred become wrong.
    let lost = (0..<10).map { 301 + 5 * $0 }
    let old = try grouped(ages, correct: rows(400), in: store)
    let new = try grouped(ages, correct: rows(400, flipping: lost), version: "2.0", in: store)
    let row = try compare([old], [new]).pooledRows.first
    let weak = try group("80+", in: row)
    #expect(weak.test == .exactMcNemar)
    // Ten lost and none won: 2 / 2^10.
    #expect(abs((weak.p ?? 0) - 2 / 1024.0) < 1e-12)
    #expect(weak.verdict == .regressed)
    #expect(try group("18-25", in: row).verdict == .sameScoreOtherPredictions)
    #expect(row?.groupText == "groups: 1 worse and 0 better of 14")
  }

  @Test("Holm adjusts over the groups of a row, not over other rows")
  func adjusted() throws {
    let lost = (0..<6).map { 301 + 5 * $0 }
    let old = try grouped(ages, correct: rows(400), in: store)
    let new = try grouped(ages, correct: rows(400, flipping: lost), version: "2.0", in: store)
    let weak = try group("80+", in: try compare([old], [new]).pooledRows.first)
    // 2 / 2^6, the third smallest of six behind worst group and gap.
    #expect(abs((weak.p ?? 0) - 0.03125) < 1e-12)
    #expect((weak.adjustedP ?? 0) >= 0.09375)
    #expect(weak.verdict == .withinNoise)
  }

  @Test("worst group and gap are tested as wholes, and a gap is better when it is smaller")
  func functionals() throws {
    let lost = (300..<400).filter { $0 % 5 == 1 || $0 % 5 == 2 }
    let old = try grouped(ages, correct: rows(400), in: store)
    let new = try grouped(ages, correct: rows(400, flipping: lost), version: "2.0", in: store)
    let row = try compare([old], [new]).pooledRows.first
    for key in ["worst group", "gap"] {
      let found = try group(key, in: row)
      #expect(found.test == .pairedRandomisation)
      #expect(found.verdict == .regressed)
      #expect(found.interval != nil)
    }
    let back = try compare([new], [old]).pooledRows.first
    #expect(try group("gap", in: back).verdict == .improved)
  }

  @Test("the gate on the worst group is paired, so that it sees what two intervals cannot")
  func worstGate() throws {
    // The last group is the worst in both, and loses 8 more of its 300 rows.
    let weak = (900..<1200).filter { $0 % 5 == 1 }
    let lost = weak + (0..<8).map { 902 + 5 * $0 }
    let old = try grouped(ages, correct: rows(1200, flipping: weak), in: store)
    let new = try grouped(ages, correct: rows(1200, flipping: lost), version: "2.0", in: store)
    let found = try compare([old], [new], failOn: "worst-group-accuracy:-1pp")
    let comparison = try #require(
      found.pooledRows.first?.comparisons.first { $0.metric == "worst_group_accuracy" })
    #expect(comparison.test == .pairedRandomisation)
    #expect(found.gates.first?.outcome == .failed)
  }

  @Test("the gate on any group fails for one group although the whole is within its limit")
  func anyGate() throws {
    let lost = (0..<12).map { 301 + 5 * $0 }
    let old = try grouped(ages, correct: rows(400), in: store)
    let new = try grouped(ages, correct: rows(400, flipping: lost), version: "2.0", in: store)
    let found = try compare(
      [old], [new], failOn: "accuracy:-5pp", "any-group-accuracy:-5pp",
      "any-group-accuracy:-20pp")
    #expect(found.gates.map(\.outcome) == [.passed, .failed, .passed])
    #expect(found.gates[1].judged == 4)
    #expect(found.gates[1].findings.map(\.row) == ["few-shot / pets / shots=4 / gda / age 80+"])
  }

  @Test("a disparity between groups can be gated, and is tested as a whole")
  func disparity() throws {
    // Twenty of the 40 right positives of the last group are lost: its TPR halves.
    let lost = (300..<400).filter { $0 % 10 == 1 || $0 % 10 == 3 }
    let old = try grouped(ages, correct: rows(400), in: store)
    let new = try grouped(ages, correct: rows(400, flipping: lost), version: "2.0", in: store)
    let found = try compare(
      [old], [new], failOn: "equalised-odds-gap:+10pp", "demographic-parity-ratio:-90pp")
    #expect(found.gates.map(\.outcome) == [.failed, .passed])
    #expect(found.gates[0].findings.map(\.row) == ["few-shot / pets / shots=4 / gda / age gap"])
    let gap = try #require(found.pooledRows.first?.groups.first { $0.name.role == .gap })
    let odds = try #require(gap.comparisons.first { $0.metric == "equalised_odds_gap" })
    #expect(odds.test == .pairedRandomisation)
    #expect(abs((odds.delta ?? 0) - 0.4) < 1e-12)
    let back = try compare([new], [old], failOn: "equalised-odds-gap:+10pp")
    #expect(back.gates.first?.outcome == .passed)
  }

  @Test("a group that is worse by no more than chance is spared, and said")
  func spared() throws {
    let old = try grouped(ages, correct: rows(400), in: store)
    let new = try grouped(
      ages, correct: rows(400, flipping: [301, 306, 311]), version: "2.0", in: store)
    let gate = try #require(
      try compare([old], [new], failOn: "any-group-accuracy:-1pp").gates.first)
    #expect(gate.outcome == .passed)
    #expect(gate.spared.count == 1)
  }

  @Test("seeds pool in a group with the row as the unit")
  func seeds() throws {
    let lost = [301, 306, 311]
    let old = try (1...3).map {
      try grouped(ages, seed: $0, correct: rows(400), in: store)
    }
    let new = try (1...3).map {
      try grouped(
        ages, seed: $0, correct: rows(400, flipping: lost), version: "2.0", in: store)
    }
    let pooled = try group("80+", in: try compare(old, new).pooledRows.first)
    let single = try group("80+", in: try compare([old[0]], [new[0]]).pooledRows.first)
    #expect(pooled.test == .pairedRandomisation)
    #expect(pooled.interval?.lower == single.interval?.lower)
  }

  @Test("each shift is compared on its own rows")
  func shifts() throws {
    let old = try shifted(
      [("blur-3", rows(100)), ("noise-3", rows(100))], correct: rows(100), in: store)
    let new = try shifted(
      [
        ("blur-3", rows(100, flipping: (0..<12).map { 5 * $0 + 1 })),
        ("noise-3", rows(100, flipping: [5, 10])),
      ], correct: rows(100), version: "2.0", in: store)
    let row = try compare([old], [new], failOn: "any-group-accuracy:significant")
    #expect(try group("blur-3", in: row.pooledRows.first).verdict == .regressed)
    #expect(try group("noise-3", in: row.pooledRows.first).verdict == .withinNoise)
    #expect(
      row.gates.first?.findings.map(\.row) == ["few-shot / pets / shots=4 / gda / shift blur-3"])
  }

  @Test("groups of other rows are compared unpaired, and the reason says so")
  func otherGroups() throws {
    let old = try grouped(ages, correct: rows(400), in: store)
    let codes = (0..<400).map { Int32(3 - $0 / 100) }
    let new = try grouped(
      ages, correct: rows(400, flipping: [1]), version: "2.0", codes: codes, in: store)
    let found = try group("80+", in: try compare([old], [new]).pooledRows.first)
    #expect(found.test == .unpaired)
    #expect(found.reason == "the groups by 'age' are not the same in the two reports")
  }

  @Test("a report that does not say which rows are in the groups is compared unpaired")
  func withoutMembership() throws {
    var old = try grouped(ages, correct: rows(400), in: store)
    old.groupSamples = [:]
    let new = try grouped(ages, correct: rows(400, flipping: [1]), version: "2.0", in: store)
    let found = try group("18-25", in: try compare([old], [new]).pooledRows.first)
    #expect(found.test == .unpaired)
    #expect(
      found.reason
        == "which rows are in the groups by 'age' was not kept; run the trials again")
  }

  @Test("small groups, differences and the rows that settle a threshold are not compared")
  func leftOut() throws {
    var old = try grouped(ages, correct: rows(400), in: store)
    old.groups[0].isSmall = true
    old.groups.append(
      GroupRecord(by: "decision", key: "val", n: 9, metrics: old.groups[1].metrics))
    old.groups.append(
      GroupRecord(
        by: "age", key: "80+ less all", n: 9, metrics: old.groups[1].metrics, role: .difference))
    var new = try grouped(ages, correct: rows(400, flipping: [1]), version: "2.0", in: store)
    new.groups = old.groups
    let row = try #require(try compare([old], [new]).pooledRows.first)
    #expect(
      row.groups.map(\.name.key) == ["25-50", "50-65", "80+", "worst group", "gap"])
  }

  @Test("text, Markdown and CSV name the groups that changed")
  func renderings() throws {
    let lost = (0..<12).map { 301 + 5 * $0 }
    let old = try grouped(ages, correct: rows(400), in: store)
    let new = try grouped(ages, correct: rows(400, flipping: lost), version: "2.0", in: store)
    let found = try compare([old], [new])
    #expect(found.text().contains("  worse: age 80+: accuracy 0.8000 -> 0.6800"))
    #expect(found.markdown().contains("| few-shot / pets / shots=4 / gda | age 80+ | regressed |"))
    #expect(found.csv().contains(",age,80+,accuracy,0.8,0.68,"))
  }
}
