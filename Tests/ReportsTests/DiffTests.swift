import Documents
import Evaluation
import Metrics
import PluginHost
import Random
import Statistics
import Testing

@testable import Reports

@Suite("Diff: joining and verdicts")
struct DiffTests {
  private func only(_ baseline: [TrialRecord], _ candidate: [TrialRecord]) throws -> DiffRow {
    let found = diff(baseline: report(baseline), candidate: report(candidate))
    #expect(found.trialRows.count == 1)
    return try #require(found.trialRows.first)
  }

  @Test("equal predictions are identical, without a test")
  func identical() throws {
    let row = try only([trial()], [trial(version: "1.1")])
    #expect(row.verdict == .identical)
    #expect(row.predictionsChanged == false)
    #expect(row.comparisons.allSatisfy { $0.verdict == .identical && $0.p == nil })
    #expect(row.notes == ["version 1.0 -> 1.1"])
  }

  @Test("other predictions of the same score are told apart from identical ones")
  func sameScore() throws {
    let row = try only([trial()], [trial(predictions: "other")])
    #expect(row.verdict == .sameScoreOtherPredictions)
    #expect(row.predictionsChanged == true)
  }

  @Test("what only one report has is missing or new")
  func missingAndNew() throws {
    #expect(try only([trial()], []).verdict == .missing)
    #expect(try only([], [trial()]).verdict == .new)
  }

  @Test(
    "a change of status is newly failing, fixed or no result",
    arguments: [
      (.ok, .crashed, .newlyFailing), (.crashed, .ok, .fixed), (.crashed, .timeout, .noResult),
      (.unsupported, .unsupported, .noResult), (.unsupported, .crashed, .newlyFailing),
      (.ok, .unsupported, .newlyFailing), (.unsupported, .ok, .fixed),
    ] as [(TrialStatus, TrialStatus, Verdict)])
  func statuses(old: TrialStatus, new: TrialStatus, verdict: Verdict) throws {
    let row = try only([trial(status: old)], [trial(status: new)])
    #expect(row.verdict == verdict)
    #expect(row.newlyFailing == (verdict == .newlyFailing ? [1] : []))
    #expect(row.reason?.isEmpty == false)
  }

  @Test("another suite, dataset or contract is incomparable, and the reason names which")
  func incomparable() throws {
    var other = trial(suiteDigest: "another")
    other.contract = "classify/2.0"
    let row = try only([trial()], [other])
    #expect(row.verdict == .incomparable)
    #expect(row.reason?.contains("the suite changed") == true)
    #expect(row.reason?.contains("the contract changed from classify/1.0 to classify/2.0") == true)
    #expect(row.reason?.contains("dataset") == false)
    #expect(row.comparisons.isEmpty)
  }

  @Test("a trial whose key changed is found by its name")
  func joinedByName() throws {
    var other = trial(accuracy: 0.9)
    other.key = Digest(of: "another key")
    other.config = ["alpha": 2]
    let row = try only([trial()], [other])
    #expect(row.verdict == .identical)
    #expect(row.notes == ["config differs: alpha"])
  }

  @Test("two trials of one name pair in order and none is lost")
  func equalNames() {
    let found = diff(
      baseline: report([trial(), trial()]), candidate: report([trial(), trial(), trial()]))
    let verdicts = found.trialRows.map(\.verdict.rawValue).sorted()
    #expect(verdicts == ["identical", "identical", "new"])
  }

  @Test("a metric of another version is incomparable, the others are not")
  func metricVersion() throws {
    var metrics = classificationMetrics
    metrics[0].version += 1
    let values = [
      "accuracy": MetricValue(value: 0.9, n: 9), "nll": MetricValue(value: 1, n: 9),
    ]
    let old = report([trial(metrics: values)])
    let new = report([trial(metrics: values)], metrics: metrics)
    let found = diff(baseline: old, candidate: new)
    let row = try #require(found.trialRows.first)
    #expect(row.comparisons.map(\.verdict) == [.incomparable, .identical])
    #expect(
      row.comparisons[0].reason == "the definition of accuracy changed from version 1 to 2")
    #expect(found.exitCode == .notComparable)
  }

  @Test("without outcomes the reported intervals decide, marked as unpaired")
  func unpaired() throws {
    let worse = try only([trial()], [trial(accuracy: 0.7, predictions: "b")])
    let comparison = try #require(worse.comparisons.first)
    #expect(worse.verdict == .regressed)
    #expect(comparison.test == .unpaired)
    // Two half-widths of 0.05 add as squares: 0.0707.
    let interval = try #require(comparison.interval)
    #expect(abs(interval.lower - (-0.2 - 0.0707107)) < 1e-6)
    #expect(abs(interval.upper - (-0.2 + 0.0707107)) < 1e-6)
    #expect(comparison.reason?.contains("no per-sample outcomes") == true)
    #expect(try only([trial()], [trial(accuracy: 0.89, predictions: "b")]).verdict == .withinNoise)
  }

  @Test("without any interval the sign decides, and the reason says that the noise is not known")
  func noNoise() throws {
    let old = trial(metrics: ["ece15_width": MetricValue(value: 0.1, n: 9)])
    let new = trial(predictions: "b", metrics: ["ece15_width": MetricValue(value: 0.2, n: 9)])
    let row = try only([old], [new])
    #expect(row.verdict == .regressed)
    #expect(row.comparisons.first?.test == DifferenceTest.none)
    #expect(row.comparisons.first?.reason?.contains("the noise is not known") == true)
    #expect(try only([new], [old]).verdict == .improved)
  }

  @Test("a metric that the candidate lacks has a verdict of its own and a reason")
  func undefined() throws {
    let new = trial(predictions: "b", metrics: ["accuracy": .undefined(n: 0, "no rows")])
    let row = try only([trial()], [new])
    #expect(row.comparisons.first?.verdict == .undefined)
    #expect(row.comparisons.first?.reason == "undefined in the candidate (no rows)")
    #expect(row.comparisons.first?.baseline == 0.9)
  }

  @Test("empty reports measure nothing")
  func empty() {
    let found = diff(baseline: report([]), candidate: report([]))
    #expect(found.rows.isEmpty)
    #expect(found.exitCode == .nothingMeasured)
    #expect(
      diff(baseline: report([trial(status: .error)]), candidate: report([trial(status: .error)]))
        .exitCode == .nothingMeasured)
  }

  @Test("a pooled row leaves out the seeds without two results, and names them")
  func pooledGaps() throws {
    let old = [trial(seed: 1), trial(seed: 2), trial(seed: 3)]
    let new = [trial(seed: 1), trial(seed: 2, status: .crashed)]
    let found = diff(baseline: report(old), candidate: report(new))
    let pooled = try #require(found.pooledRows.first)
    #expect(pooled.verdict == .newlyFailing)
    #expect(pooled.newlyFailing == [2])
    #expect(pooled.seeds == [1])
    #expect(pooled.notes == ["seed 2 left out: newly-failing", "seed 3 left out: missing"])
    #expect(found.rows.map(\.isPooled) == [true, false, false, false])
  }
}

@Suite("Diff: paired tests")
struct PairedDiffTests {
  private let folder = TemporaryFolder()
  private var store: TrialStore { TrialStore(path: folder.path + "/r.store") }

  private func compare(
    _ old: [TrialRecord], _ new: [TrialRecord],
    options: DiffOptions = DiffOptions(resamples: 512)
  ) -> ReportDiff {
    diff(
      baseline: report(old), candidate: report(new), samplesA: store, samplesB: store,
      options: options)
  }

  @Test("accuracy is tested by exact McNemar on the flips, which are listed")
  func mcnemar() throws {
    let flipped = [1, 2, 3, 4, 6, 7, 8, 9, 11, 12, 0, 5]
    let old = try measured(correct: rows(100), in: store)
    let new = try measured(correct: rows(100, flipping: flipped), version: "2.0", in: store)
    let found = compare([old], [new])
    for row in found.rows {
      #expect(row.flips == Flips(lost: [1, 2, 3, 4, 6, 7, 8, 9, 11, 12], won: [0, 5]))
      let accuracy = try #require(row.comparisons.first { $0.metric == "accuracy" })
      #expect(accuracy.test == .exactMcNemar)
      #expect(abs((accuracy.p ?? 0) - 0.03857421875) < 1e-12)
      #expect(abs((accuracy.delta ?? 0) + 0.08) < 1e-12)
      // Without a gate the family is the three metrics of the row.
      #expect((accuracy.adjustedP ?? 0) > 0.05 && accuracy.verdict == .withinNoise)
      let interval = try #require(accuracy.interval)
      #expect(interval.lower < -0.08 && interval.upper > -0.08 && interval.upper < 0)
    }
  }

  @Test("a paired test sees what the two intervals cannot")
  func pairedIsSharper() throws {
    let old = try measured(correct: rows(1000), in: store)
    let new = try measured(
      correct: rows(1000, flipping: (0..<8).map { 5 * $0 + 1 }), version: "2.0", in: store)
    #expect(compare([old], [new]).pooledRows.first?.verdict == .regressed)
    let blind = diff(baseline: report([old]), candidate: report([new]))
    #expect(
      blind.pooledRows.first?.comparisons.first { $0.metric == "accuracy" }?.verdict
        == .withinNoise)
  }

  @Test("a confidence that changes everywhere is the same accuracy, other predictions, another ECE")
  func calibration() throws {
    let old = try measured(correct: rows(500), confidence: 0.8, in: store)
    let new = try measured(correct: rows(500), confidence: 0.95, in: store)
    let row = try #require(compare([old], [new]).pooledRows.first)
    let verdicts = Dictionary(uniqueKeysWithValues: row.comparisons.map { ($0.metric, $0) })
    #expect(verdicts["accuracy"]?.verdict == .sameScoreOtherPredictions)
    #expect(verdicts["ece15_width"]?.verdict == .regressed)
    #expect(verdicts["ece15_width"]?.test == .pairedRandomisation)
    #expect(row.flips == Flips(lost: [], won: []))
  }

  @Test("the test and the interval of one seed are those of the metrics module")
  func sameAsMetrics() throws {
    let old = outcomes(correct: rows(300), confidence: 0.7)
    let new = outcomes(correct: rows(300, flipping: [1, 2, 5]), confidence: 0.7)
    let first = try measured(correct: rows(300), confidence: 0.7, in: store)
    let second = try measured(
      correct: rows(300, flipping: [1, 2, 5]), confidence: 0.7, in: store)
    let row = try #require(compare([first], [second]).trialRows.first)
    let found = try #require(row.comparisons.first { $0.metric == "nll" })
    let key = rowsKey("diff", first, given: old.givenColumns)
    let pair = try OutcomePair(old, new, task: "classify", key: key)
    let evidence = try #require(
      pair.evidence(["nll"], DrawPlan(resamples: 512, lists: true))["nll"])
    let expected = try #require(
      PooledEvidence([evidence], seedCount: 1, difference: found.delta ?? 0))
    #expect(found.interval == expected.interval().interval)
    #expect(found.p == expected.p && found.units == 300)
  }

  @Test("seeds pool with the test row as the unit")
  func pooled() throws {
    // The same rows get lost with every seed: five seeds are no more evidence than one.
    let seeds = 1...5
    let old = try seeds.map { try measured(seed: $0, correct: rows(200), in: store) }
    let new = try seeds.map {
      try measured(seed: $0, correct: rows(200, flipping: [1, 2, 3]), in: store)
    }
    let found = compare(old, new)
    let pooled = try #require(found.pooledRows.first)
    let accuracy = try #require(pooled.comparisons.first { $0.metric == "accuracy" })
    #expect(accuracy.test == .pairedRandomisation)
    #expect(pooled.seeds == [1, 2, 3, 4, 5])
    #expect(pooled.flips == Flips(lost: [1, 2, 3], won: []))
    let single = try #require(
      found.trialRows.first?.comparisons.first { $0.metric == "accuracy" })
    #expect(abs((accuracy.interval?.lower ?? 0) - (single.interval?.lower ?? 1)) < 1e-9)
    #expect(abs((accuracy.interval?.upper ?? 0) - (single.interval?.upper ?? 1)) < 1e-9)
  }

  @Test("an identical seed halves the difference of the other")
  func pooledWithIdentical() throws {
    let old = try [1, 2].map { try measured(seed: $0, correct: rows(200), in: store) }
    let new = [
      old[0],
      try measured(seed: 2, correct: rows(200, flipping: Array(31..<35)), in: store),
    ]
    let found = compare(old, new)
    let pooled = try #require(found.pooledRows.first?.comparisons.first)
    let single = try #require(found.trialRows.last?.comparisons.first)
    #expect(found.trialRows.first?.verdict == .identical)
    #expect(abs(2 * (pooled.delta ?? 0) - (single.delta ?? 1)) < 1e-12)
    #expect(abs(2 * (pooled.interval?.lower ?? 0) - (single.interval?.lower ?? 1)) < 1e-9)
  }

  @Test("rows that share a unit are drawn together: no McNemar, and a wider interval")
  func units() throws {
    // Twelve flips that are all images of two patients.
    let flipped = [21, 22, 23, 24, 26, 27, 61, 62, 63, 64, 66, 67]
    func comparison(_ units: [Int]?) throws -> (DiffRow, Comparison) {
      let old = try measured(correct: rows(200), units: units, in: store)
      let new = try measured(
        correct: rows(200, flipping: flipped), version: "2.0", units: units, in: store)
      let row = try #require(compare([old], [new]).pooledRows.first)
      return (row, try #require(row.comparisons.first { $0.metric == "accuracy" }))
    }
    let (_, byRows) = try comparison(nil)
    let (row, byUnits) = try comparison((0..<200).map { $0 / 20 })
    #expect(byRows.test == .exactMcNemar && byRows.verdict == .regressed)
    #expect(byUnits.test == .pairedRandomisation && byUnits.verdict == .withinNoise)
    #expect(row.flips == nil && byUnits.delta == byRows.delta)
    let (wide, narrow) = (try #require(byUnits.interval), try #require(byRows.interval))
    #expect(wide.upper - wide.lower > 2 * (narrow.upper - narrow.lower))
  }

  @Test("outcomes of other units cannot be paired")
  func otherUnits() throws {
    let old = try measured(correct: rows(100), units: (0..<100).map { $0 / 2 }, in: store)
    let new = try measured(
      correct: rows(100, flipping: [1]), units: (0..<100).map { $0 / 4 }, in: store)
    let comparison = try #require(compare([old], [new]).trialRows.first?.comparisons.first)
    #expect(comparison.test == .unpaired)
    #expect(comparison.reason == "the test rows of the two reports are not the same")
  }

  @Test("other test rows cannot be paired, and the reason says so")
  func otherRows() throws {
    let old = try measured(correct: rows(100), in: store)
    let new = try measured(correct: rows(101), in: store)
    let comparison = try #require(compare([old], [new]).trialRows.first?.comparisons.first)
    #expect(comparison.test == .unpaired)
    #expect(comparison.reason == "the test rows of the two reports are not the same")
  }

  @Test("Holm counts the pooled rows times the gated metrics, and nothing else")
  func family() throws {
    var old: [TrialRecord] = []
    var new: [TrialRecord] = []
    for label in ["a", "b", "c"] {
      old.append(try measured(label, correct: rows(100), in: store))
      new.append(
        try measured(label, correct: rows(100, flipping: [1, 2, 3, 4, 6, 7]), in: store))
    }
    let rule = try GateRule(parsing: "accuracy:significant", metrics: classificationMetrics)
    let found = compare(old, new, options: DiffOptions(rules: [rule], resamples: 512))
    #expect(found.familySize == 3)
    // Exact McNemar of 6 lost and 0 won is 1/32; three of them adjust to 3/32.
    for row in found.pooledRows {
      let accuracy = try #require(row.comparisons.first { $0.metric == "accuracy" })
      #expect(abs((accuracy.p ?? 0) - 0.03125) < 1e-12)
      #expect(abs((accuracy.adjustedP ?? 0) - 0.09375) < 1e-12)
      #expect(accuracy.verdict == .withinNoise)
    }
    #expect(found.exitCode == .fine)
  }

  @Test("a fall from all right to all wrong is seen among a thousand rows")
  func manyRows() throws {
    var (old, new) = ([TrialRecord](), [TrialRecord]())
    for index in 0..<1000 {
      let isOther = index == 0
      old.append(try measured("m\(index)", correct: rows(60), in: store))
      new.append(
        try measured(
          "m\(index)", correct: isOther ? rows(60, wrongEvery: 1) : rows(60, flipping: [1]),
          in: store))
    }
    let rule = try GateRule(parsing: "accuracy:significant", metrics: classificationMetrics)
    let found = compare(old, new, options: DiffOptions(rules: [rule], resamples: 64))
    #expect(found.gates.first?.findings.map(\.row) == ["few-shot / pets / shots=4 / m0"])
    #expect(found.exitCode == .gateFailed)
  }

  @Test("so few rows that nothing could be told are named, and fail a gate on significance")
  func notResolvable() throws {
    let old = try measured(correct: [true, true, true], in: store)
    let new = try measured(correct: [false, false, true], in: store)
    let rule = try GateRule(parsing: "accuracy:significant", metrics: classificationMetrics)
    let found = compare([old], [new], options: DiffOptions(rules: [rule], resamples: 64))
    let accuracy = try #require(found.pooledRows.first?.comparisons.first)
    #expect(accuracy.verdict == .notResolvable && accuracy.p == 0.5)
    #expect(found.pooledRows.first?.verdict == .notResolvable)
    #expect(found.gates.first?.outcome == .failed)
    // A change for the better is not held against the candidate.
    let back = compare([new], [old], options: DiffOptions(rules: [rule], resamples: 64))
    #expect(back.gates.first?.outcome == .passed)
  }

  @Test("a rule of non-inferiority fails until the interval lies above its margin")
  func noninferior() throws {
    func outcome(_ n: Int, lost: Int, won: Int) throws -> GateOutcome? {
      let old = try measured(correct: (0..<n).map { $0 % 5 != 0 || $0 < lost }, in: store)
      let new = try measured(
        correct: (0..<n).map { ($0 % 5 != 0 && $0 >= lost) || ($0 % 5 == 0 && $0 > n - 5 * won) },
        in: store)
      let rule = try GateRule(parsing: "accuracy:noninferior-2pp", metrics: classificationMetrics)
      return compare([old], [new], options: DiffOptions(rules: [rule], resamples: 256)).gates.first?
        .outcome
    }
    #expect(try outcome(2000, lost: 4, won: 4) == .passed)
    #expect(try outcome(60, lost: 1, won: 1) == .failed)
    #expect(try outcome(2000, lost: 80, won: 4) == .failed)
    let text = "accuracy:noninferior+2pp"
    #expect(throws: GateRuleError.self) {
      try GateRule(parsing: text, metrics: classificationMetrics)
    }
  }

  @Test("what could have been seen shrinks with the rows, and is found four times in five")
  func power() throws {
    func size(_ n: Int) throws -> Double {
      let old = try measured(correct: rows(n), in: store)
      let new = try measured(
        correct: rows(n, flipping: (0..<(n / 10)).map { 10 * $0 + $0 % 10 }), in: store)
      let found = compare([old], [new]).pooledRows.first?.comparisons.first {
        $0.metric == "accuracy"
      }
      return try #require(found?.detectable(alpha: 0.05))
    }
    let (few, many) = (try size(200), try size(3200))
    // Four times as sharp with sixteen times the rows.
    #expect(abs(few / many - 4) < 0.2)
  }

  @Test("a fall of every row has an interval of some width")
  func wholeFall() throws {
    let old = try measured(correct: rows(60, wrongEvery: 61).map { _ in true }, in: store)
    let new = try measured(correct: rows(60, wrongEvery: 1), in: store)
    let found = try #require(
      compare([old], [new]).pooledRows.first?.comparisons.first { $0.metric == "accuracy" })
    let interval = try #require(found.interval)
    // Newcombe's method 10 for 60 pairs of right and wrong: 1 - sqrt(2) z^2 / (60 + z^2).
    #expect(interval.lower == -1 && abs(interval.upper + 0.914904) < 1e-5)
  }

  @Test("a method against itself with other draws is not called changed")
  func otherDraws() throws {
    var random = Philox(key: 17)
    // The share of right rows is that of the method and of the draw.
    func run(_ label: String, seed: Int) throws -> TrialRecord {
      let share = 0.7 + 0.05 * random.normal()
      return try measured(
        label, seed: seed, correct: (0..<400).map { _ in random.uniform() < share }, in: store)
    }
    var (old, new) = ([TrialRecord](), [TrialRecord]())
    for row in 0..<40 {
      for seed in 1...3 {
        old.append(try run("m\(row)", seed: seed))
        new.append(try run("m\(row)", seed: seed))
      }
    }
    let found = compare(old, new, options: DiffOptions(resamples: 64))
    let changed = found.pooledRows.count { [.regressed, .improved].contains($0.verdict) }
    // Rows alone call most of them changed; alpha is 5 % for a row, and 40 rows are looked at.
    let byRows = found.pooledRows.count { ($0.comparisons.first?.p ?? 1) < 0.05 }
    #expect(byRows > 10 && changed <= 6)
    #expect(found.pooledRows.allSatisfy { $0.comparisons.first?.drawsP != nil })
  }

  @Test("a gain that every seed shows is seen with three seeds")
  func seedsAgree() throws {
    var random = Philox(key: 4)
    var (old, new) = ([TrialRecord](), [TrialRecord]())
    for seed in 1...3 {
      let before = (0..<500).map { _ in random.uniform() < 0.7 }
      let after = before.map { $0 || random.uniform() < 0.2 }
      old.append(try measured(seed: seed, correct: before, in: store))
      new.append(try measured(seed: seed, correct: after, in: store))
    }
    let row = try #require(compare(old, new).pooledRows.first)
    #expect(row.comparisons.first { $0.metric == "accuracy" }?.verdict == .improved)
  }

  @Test("the diff comes out the same twice")
  func deterministic() throws {
    let old = try measured(correct: rows(120), in: store)
    let new = try measured(correct: rows(120, flipping: [1, 5, 7]), in: store)
    #expect(compare([old], [new]).json == compare([old], [new]).json)
  }
}
