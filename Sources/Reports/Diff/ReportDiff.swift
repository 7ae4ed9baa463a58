package import Evaluation
package import Metrics
package import PluginHost
internal import Statistics

/// What became of a row between two reports.
package enum Verdict: String, CaseIterable, Sendable {
  /// The same predictions to the bit.
  case identical
  /// Other predictions that come to the same value.
  case sameScoreOtherPredictions = "same-score-other-predictions"
  case improved
  case regressed
  /// Another value, by no more than chance explains.
  case withinNoise = "within-noise"
  /// Another value, on so few units that no change could be told from chance.
  case notResolvable = "not-resolvable"
  /// The two numbers do not measure the same thing.
  case incomparable
  /// In the baseline only.
  case missing
  /// The baseline has a value, the candidate none.
  case undefined = "became-undefined"
  /// In the candidate only.
  case new
  case newlyFailing = "newly-failing"
  case fixed
  /// Neither report, or not both, have a value to compare; or the metric is better neither way.
  case noResult = "no-result"
}

/// How a difference was tested.
package enum DifferenceTest: String, Sendable {
  /// Exact two-sided binomial test of the discordant pairs, whatever their number.
  case exactMcNemar = "exact-mcnemar"
  /// The sides of the test rows exchanged: exact, or by the tail of what exchanges give.
  case pairedRandomisation = "paired-randomisation"
  /// From the two reported intervals as if the runs were independent: much weaker than a paired test.
  case unpaired
  /// Nothing says how large the noise is.
  case none
}

/// One metric of one row in two reports.
package struct Comparison: Equatable, Sendable {
  package var metric: String
  package var baseline: Double?
  package var candidate: Double?
  /// The candidate's value less the baseline's.
  package var delta: Double?
  /// The interval of `delta`.
  package var interval: Interval?
  package var test: DifferenceTest
  /// Of other test rows under these draws.
  package var p: Double?
  /// The independent units that the test rests on; nil without paired rows.
  package var units: Int?
  /// The spread of the difference over the seeds; nil for one seed, or where seeds change nothing.
  package var seeds: SeedSpread?
  /// Of other draws too, on the differences of the seeds; nil where they were not looked at.
  package var drawsP: Double?
  /// The greater of the two after Holm over the family; nil for a metric outside it.
  package var adjustedP: Double?
  /// The number of tests that it is adjusted for.
  package var familySize = 1
  /// The standard deviation of the difference were the methods alike; nil without paired rows.
  package var nullDeviation: Double?
  package var verdict: Verdict
  package var reason: String?

  package init(
    metric: String, baseline: Double?, candidate: Double?, delta: Double? = nil,
    interval: Interval? = nil, test: DifferenceTest = .none, p: Double? = nil,
    adjustedP: Double? = nil, verdict: Verdict, reason: String? = nil
  ) {
    self.metric = metric
    self.baseline = baseline
    self.candidate = candidate
    self.delta = delta
    self.interval = interval
    self.test = test
    self.p = p
    self.adjustedP = adjustedP
    self.verdict = verdict
    self.reason = reason
  }

  /// The smallest change of the test rows' mean that this comparison sees four times in five, at
  /// `alpha` shared by all tests of the family; nil where nothing differs.
  package func detectable(alpha: Double) -> Double? {
    guard let nullDeviation, nullDeviation > 0, alpha > 0 else { return nil }
    let level = normalQuantile(1 - alpha / 2 / Double(familySize))
    return nullDeviation * (level + normalQuantile(0.8))
  }

  /// Puts a clause before what is said already.
  mutating func add(reason clause: String) {
    reason = reason.map { "\(clause); \($0)" } ?? clause
  }
}

/// How the difference of a metric spreads over the seeds of a row.
package struct SeedSpread: Equatable, Sendable {
  package var count: Int
  package var mean: Double
  /// The standard deviation of the differences, with count - 1.
  package var deviation: Double

  package init(count: Int, mean: Double, deviation: Double) {
    self.count = count
    self.mean = mean
    self.deviation = deviation
  }
}

/// The test rows that only one of two reports gets right, as indices into the evaluated rows.
package struct Flips: Equatable, Sendable {
  /// Right in the baseline, wrong in the candidate.
  package var lost: [Int]
  /// Wrong in the baseline, right in the candidate.
  package var won: [Int]
  package init(lost: [Int], won: [Int]) {
    self.lost = lost
    self.won = won
  }
}

/// A cost in two reports, run by run.
package struct CostChange: Equatable, Sendable {
  /// In seconds or bytes, one for each seed.
  package var baseline: [Double]
  package var candidate: [Double]

  package init(baseline: [Double], candidate: [Double]) {
    self.baseline = baseline
    self.candidate = candidate
  }

  /// The median of the baseline's runs, and of the candidate's.
  package var medians: (baseline: Double, candidate: Double) {
    (median(baseline), median(candidate))
  }

  /// How far medians of runs of this spread fall apart by chance: three standard errors, the
  /// spread taken from the median absolute deviation; 0 where one run shows none.
  package var noise: Double {
    func square(_ runs: [Double]) -> Double {
      let middle = median(runs)
      let deviation = 1.4826 * median(runs.map { abs($0 - middle) })
      return deviation * deviation * Double.pi / 2 / Double(max(runs.count, 1))
    }
    return 3 * (square(baseline) + square(candidate)).squareRoot()
  }

  private func median(_ values: [Double]) -> Double {
    quantile(0.5, ofSorted: values.sorted()) ?? .nan
  }
}

/// A result of the baseline that has nothing to be held against.
package struct LostResult: Equatable, Sendable {
  /// What became of the trial in the candidate.
  package enum Reason: CaseIterable, Sendable {
    case missing
    case newlyFailing
    case incomparable

    /// What became of it, as a clause.
    package var clause: String {
      switch self {
      case .missing: "is missing in the candidate"
      case .newlyFailing: "newly fails"
      case .incomparable: "cannot be compared"
      }
    }
  }

  package var trial: TrialRecord
  package var reason: Reason

  package init(trial: TrialRecord, reason: Reason) {
    self.trial = trial
    self.reason = reason
  }
}

/// One row of a diff: a trial, or all trials of one method in one setting.
package struct DiffRow: Equatable, Sendable {
  package var key: RowKey
  /// The one seed of the row, or the seeds that both reports have a result for.
  package var seeds: [Int]
  /// Tells whether this row stands for all seeds of its method and setting: what gates judge.
  package var isPooled: Bool
  package var verdict: Verdict
  package var reason: String?
  package var notes: [String]
  /// The worst of the seeds' statuses for a pooled row; nil where the report has no such trial.
  package var baselineStatus: TrialStatus?
  package var candidateStatus: TrialStatus?
  /// The candidate's seeds that fail although the baseline's did not.
  package var newlyFailing: [Int]
  /// The results of the baseline that nothing of the candidate is held against.
  package var lost: [LostResult] = []
  /// Tells whether test labels chose something in either report.
  package var isOracle: Bool
  /// Tells whether any output differs; nil without outputs in both.
  package var predictionsChanged: Bool?
  package var comparisons: [Comparison]
  /// The groups of a pooled row, by the metrics that are judged or shown first.
  package var groups: [GroupComparison]
  /// Nil without per-sample outcomes; of a pooled row the rows that more seeds lose, or win.
  package var flips: Flips?
  package var costs: [CostKey: CostChange]

  package init(
    key: RowKey, seeds: [Int], isPooled: Bool, verdict: Verdict, reason: String? = nil,
    notes: [String] = [], baselineStatus: TrialStatus? = nil,
    candidateStatus: TrialStatus? = nil, newlyFailing: [Int] = [], isOracle: Bool = false,
    predictionsChanged: Bool? = nil, comparisons: [Comparison] = [],
    groups: [GroupComparison] = [], flips: Flips? = nil,
    costs: [CostKey: CostChange] = [:]
  ) {
    self.key = key
    self.seeds = seeds
    self.isPooled = isPooled
    self.verdict = verdict
    self.reason = reason
    self.notes = notes
    self.baselineStatus = baselineStatus
    self.candidateStatus = candidateStatus
    self.newlyFailing = newlyFailing
    self.isOracle = isOracle
    self.predictionsChanged = predictionsChanged
    self.comparisons = comparisons
    self.groups = groups
    self.flips = flips
    self.costs = costs
  }

  /// The row's name, such as `few-shot / pets / shots=4 / gda / seed 1`.
  package var name: String {
    var parts = [key.suite, key.dataset, TrialOrder.text(key.setting), key.label]
    if !isPooled { parts += seeds.map { "seed \($0)" } }
    return parts.joined(separator: " / ")
  }
}

/// The difference of two reports, schema `assay.diff/1`.
package struct ReportDiff: Equatable, Sendable {
  package static let schema = "assay.diff/1"

  package var options: DiffOptions
  /// Every metric of either report, the candidate's headline first.
  package var metrics: [MetricEntry]
  /// Pooled rows first to last in the order of trials, each followed by its seeds.
  package var rows: [DiffRow]
  /// The resamples and exchanges that each comparison drew.
  package var resamples: Int
  /// The number of tests that Holm's adjustment counted.
  package var familySize: Int
  /// Why costs cannot be compared; nil when they can.
  package var costObstacle: String?
  /// The plugins that did not load for the candidate although they did for the baseline.
  package var loadFailures: [ReportWarning]
  package var gates: [GateResult]

  package init(
    options: DiffOptions, metrics: [MetricEntry], rows: [DiffRow], resamples: Int,
    familySize: Int, costObstacle: String?, loadFailures: [ReportWarning] = [],
    gates: [GateResult] = []
  ) {
    self.options = options
    self.metrics = metrics
    self.rows = rows
    self.resamples = resamples
    self.familySize = familySize
    self.costObstacle = costObstacle
    self.loadFailures = loadFailures
    self.gates = gates
  }

  /// The rows that stand for all seeds.
  package var pooledRows: [DiffRow] { rows.filter(\.isPooled) }

  /// The rows that stand for one trial.
  package var trialRows: [DiffRow] { rows.filter { !$0.isPooled } }

  /// Every code that applies, in order of precedence.
  package var exitCodes: [ExitCode] {
    var codes: Set<ExitCode> = []
    let isMeasured = trialRows.contains { $0.comparisons.contains { $0.delta != nil } }
    let isIncomparable = rows.contains { row in
      row.verdict == .incomparable
        || (row.comparisons + row.groups.flatMap(\.comparisons)).contains {
          $0.verdict == .incomparable
        }
    }
    if isIncomparable { codes.insert(.notComparable) }
    if !isMeasured && !isIncomparable { codes.insert(.nothingMeasured) }
    for gate in gates {
      // Beside rows that were measured, a rule that matches none of them is a wrong rule.
      let isWrong = gate.outcome == .nothingToJudge && isMeasured
      codes.insert(isWrong ? .usage : gate.outcome.exitCode)
    }
    codes.remove(.fine)
    return ExitCode.precedence.filter(codes.contains)
  }

  /// The code to leave with.
  package var exitCode: ExitCode { ExitCode.leading(of: exitCodes) }
}

/// How two reports are compared.
package struct DiffOptions: Equatable, Sendable {
  /// What must not happen.
  package var rules: [GateRule]
  /// The chance of a false alarm over the whole family of tests.
  package var alpha: Double
  /// The resamples of each interval, and the exchanges of each test that has no closed form.
  package var resamples: Int

  package init(rules: [GateRule] = [], alpha: Double = 0.05, resamples: Int = 2000) {
    self.rules = rules
    self.alpha = alpha
    self.resamples = resamples
  }
}

/// The costs that a rule can name.
package enum CostKey: String, CaseIterable, Sendable {
  case cpu
  case wall
  case load
  case fit
  case predict
  case peakRSS = "peak_rss"

  /// Below so much a change is the machine's, not the method's: 50 ms, or 16 MiB.
  package var floor: Double { self == .peakRSS ? 16 * 1_048_576 : 0.05 }

  /// The cost in seconds or bytes.
  package func value(of cost: TrialCost) -> Double {
    switch self {
    case .cpu: cost.cpuSeconds
    case .wall: cost.wallSeconds
    case .load: cost.loadSeconds
    case .fit: cost.fitSeconds
    case .predict: cost.predictSeconds
    case .peakRSS: Double(cost.peakResidentBytes)
    }
  }
}
