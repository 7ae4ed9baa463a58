import Documents
import Estimates
import Evaluation
import Metrics
import PluginHost
import Suites
import Testing

@testable import Reports

@Suite("What became of claims")
struct ClaimTests {
  private let folder = TemporaryFolder()
  private var store: TrialStore { TrialStore(path: folder.path + "/r.store") }

  private func claim(_ holds: String, id: String = "a") throws -> SuiteClaim {
    let claim = try #require(
      PublishedClaim(json: [
        "id": .string(id), "text": "It is so.", "source": "Somebody", "holds": .string(holds),
      ]))
    return SuiteClaim(suite: "few-shot", claim: claim)
  }

  private func evaluate(_ holds: String, on trials: [TrialRecord]) throws -> ClaimRecord {
    try #require(
      Reports.evaluate([try claim(holds)], on: trials, samples: store, resamples: 500).first)
  }

  private func pair() throws -> [TrialRecord] {
    [
      try measured("gda", correct: rows(200, wrongEvery: 10), in: store),
      try measured("knn", correct: rows(200, wrongEvery: 5), in: store),
    ]
  }

  @Test("a difference that holds with its whole interval is reproduced")
  func reproduced() throws {
    let found = try evaluate("accuracy(gda) > accuracy(knn)", on: try pair())
    #expect(abs((found.value ?? 0) - 0.1) < 1e-12)
    #expect(found.verdict == .reproduced)
    #expect((found.interval?.lower ?? 0) > 0)
  }

  @Test("the interval is paired: of a method with itself it is a point")
  func paired() throws {
    let found = try evaluate("accuracy(gda) >= accuracy(gda)", on: try pair())
    #expect(found.interval?.lower == 0 && found.interval?.upper == 0)
  }

  @Test("two methods that decide alike on every row may yet differ on others")
  func alike() throws {
    let trials = try ["gda", "knn"].map { try measured($0, correct: rows(50), in: store) }
    let found = try evaluate(
      "accuracy(gda) >= accuracy(knn)", on: trials)
    let interval = try #require(found.interval)
    #expect(found.value == 0 && interval.lower < -0.05 && interval.upper > 0.05)
    #expect(found.verdict == .withinNoise)
  }

  @Test("one number has one interval: in its trials, the mean over them and a claim")
  func oneInterval() throws {
    let one = try measured("gda", correct: rows(90, wrongEvery: 7), resamples: 2000, in: store)
    let seeds = try (1...3).map {
      try measured("knn", seed: $0, correct: rows(90, flipping: [$0, 11]), in: store)
    }
    let names = ["accuracy", "nll", "ece15_width"].flatMap { metric in
      ["gda", "knn"].map { (metric: metric, method: $0, id: "\(metric)-\($0)") }
    }
    let claims = try names.map { try claim("\($0.metric)(\($0.method)) >= 0", id: $0.id) }
    let report = Report(
      tool: ToolEntry(version: "0.1.0", abi: "1.0"),
      run: RunEntry(
        suites: ["few-shot"], methods: ["gda", "knn"], seeds: [1, 2, 3], jobs: 1,
        isolation: "process", isComplete: true, arguments: []),
      environment: nil, plugins: [], suites: [], datasets: [], metrics: [],
      trials: [one] + seeds, samples: store, claims: claims)
    for name in names {
      let record = try #require(report.claims.first { $0.asserted.claim.id == name.id })
      let mean = try #require(
        report.aggregates.first { $0.label == name.method && $0.metric == name.metric })
      #expect(record.value == mean.mean && record.interval == mean.interval, "\(name.id)")
      #expect(record.interval != nil)
    }
    #expect(report.claims.count == 6)
    let own = try #require(report.aggregates.first { $0.label == "gda" && $0.metric == "nll" })
    #expect(own.interval == one.metrics["nll"]?.interval?.rounded())
    // From the stored outcomes anew, as it less nothing.
    let again = try claim("nll(gda) - 0 >= 0")
    let found = Reports.evaluate([again], on: [one], samples: store)
    #expect(found.first?.interval?.rounded() == own.interval)
  }

  @Test("a value that holds and an interval that does not are within noise")
  func withinNoise() throws {
    let found = try evaluate("accuracy(gda) - accuracy(knn) > 0.09", on: try pair())
    #expect(found.verdict == .withinNoise)
  }

  @Test("a value beyond the bound is not reproduced, and stays in sight")
  func notReproduced() throws {
    let found = try evaluate("accuracy(knn) >= 0.95", on: try pair())
    #expect(found.verdict == .notReproduced)
    #expect(found.value == 0.8)
  }

  @Test("seeds are averaged")
  func seeds() throws {
    let trials = [
      try measured("gda", seed: 1, correct: rows(100, wrongEvery: 10), in: store),
      try measured("gda", seed: 2, correct: rows(100, wrongEvery: 5), in: store),
    ]
    #expect(
      abs((try evaluate("accuracy(gda) > 0", on: trials).value ?? 0) - 0.85) < 1e-12)
  }

  @Test("a method that failed leaves the claim unmeasured, with the reason")
  func failed() throws {
    let found = try evaluate("accuracy(gda) > 0", on: [trial("gda", status: .crashed)])
    #expect(found.verdict == .notMeasured && found.value == nil)
    #expect(found.reason?.contains("it died") == true)
  }

  @Test("a method that did not run leaves the claim unmeasured")
  func absent() throws {
    let found = try evaluate("accuracy(tip) > 0", on: try pair())
    #expect(found.verdict == .notMeasured)
    #expect(found.reason?.contains("'tip'") == true)
  }

  @Test("groups that are queries of their own are resampled by their rows")
  func parts() throws {
    var record = try measured("gda", correct: rows(100), in: store)
    let tables = [rows(60, wrongEvery: 2), rows(40, wrongEvery: 4)].map { outcomes(correct: $0) }
    record.groups = zip(["blur", "fog"], tables).map { key, table in
      GroupRecord(
        by: "shift", key: key, n: table.n,
        metrics: measure(["accuracy"], on: table, bootstrap: Bootstrap(resamples: 0, key: 1)),
        isPart: true)
    }
    let both = outcomes(correct: rows(60, wrongEvery: 2) + rows(40, wrongEvery: 4))
    record.partSamples = try store.write(both.columns)
    let fog = try evaluate("accuracy(gda, by: shift, group: fog) > 0", on: [record])
    #expect(fog.value == 0.75)
    #expect(fog.interval != nil)
    let mean = try evaluate("accuracy(gda, by: shift) > 0", on: [record])
    #expect(mean.value == 0.625)
    let left = try evaluate("accuracy(gda, by: shift, except: [fog]) > 0", on: [record])
    #expect(left.value == 0.5)
  }

  /// Models of three sizes, as accurate under the shift `odd` as on the rows behind it.
  private func models(reference: String?, clean: [Double] = [0.6, 0.7, 0.8]) -> [TrialRecord] {
    clean.enumerated().map { place, clean in
      var record = trial("probe", shots: place, accuracy: 0.5)
      record.setting = ["size": JSON(place)]
      record.groups = ["clean-odd", "odd"].map { key in
        GroupRecord(
          by: "shift", key: key, n: 50, metrics: ["accuracy": MetricValue(value: clean, n: 50)],
          reference: key == "odd" ? reference : nil)
      }
      return record
    }
  }

  private func line(at place: String) -> String {
    "accuracy_at(\(place), [accuracy(probe, size: n, unshifted: odd) for n in [0, 1, 2]], "
      + "[accuracy(probe, size: n, by: shift, group: odd) for n in [0, 1, 2]]) > 0"
  }

  @Test("a line over settings is over the reference that the shift names")
  func linesOfShifts() throws {
    let trials = models(reference: "clean-odd")
    let found = try evaluate(line(at: "0.7"), on: trials)
    #expect(abs((found.value ?? 0) - 0.7) < 1e-9)
    // The whole test set has one accuracy, and so no line.
    let flat = try evaluate(
      line(at: "0.7"), on: models(reference: "test"))
    #expect(flat.verdict == .notMeasured)
  }

  @Test("a line read beyond its models leaves the claim unmeasured, with the range")
  func extrapolated() throws {
    let found = try evaluate(
      line(at: "0.85"), on: models(reference: "clean-odd"))
    #expect(found.verdict == .notMeasured && found.value == nil)
    #expect(found.reason?.contains("at the reference accuracy 0.85, beyond its models") == true)
    #expect(found.reason?.contains("from 0.6 to 0.8") == true)
  }

  @Test("accuracies of 1 are clipped at half a row of the rows behind them")
  func clippedLines() throws {
    let found = try evaluate(
      line(at: "0.99"), on: models(reference: "clean-odd", clean: [0.6, 0.8, 1]))
    #expect(abs((found.value ?? 0) - 0.99) < 1e-9)
  }

  @Test("a group may be called as what groups come down to: its rows are meant")
  func groupCalledWorst() throws {
    var record = try measured("gda", correct: rows(100), in: store)
    func group(_ id: GroupID, _ value: Double) -> GroupRecord {
      GroupRecord(id, n: 50, metrics: ["accuracy": MetricValue(value: value, n: 50)])
    }
    record.groups = [
      group(.rows(by: "site", key: "worst group"), 0.75), group(.worst(by: "site"), 0.25),
      group(.gap(by: "site"), 0.5),
    ]
    let rows = try evaluate("accuracy(gda, by: site, group: 'worst group') > 0", on: [record])
    #expect(rows.value == 0.75)
    let gap = try evaluate("accuracy(gda, by: site, group: gap) > 0", on: [record])
    #expect(gap.value == 0.5)
    #expect(try TrialRecord(json: record.json).groups == record.groups)
  }

  @Test("a number that a method reports of itself has the spread of its trials")
  func reported() throws {
    let trials = (1...4).map { seed in
      var record = trial("gda", seed: seed)
      record.selfReported = ["alpha": Double(seed)]
      return record
    }
    let found = try evaluate("1 <= reported(gda, alpha) <= 4", on: trials)
    #expect(found.value == 2.5)
    // Four trials: 1.3 times Student's t on three degrees of freedom, 3.18 sqrt(5 / 3 / 4).
    let interval = try #require(found.interval)
    #expect(abs(interval.upper - 5.171) < 0.01 && abs(interval.lower + 0.171) < 0.01)
  }

  @Test("a report keeps its claims when it is written and read again")
  func roundTrip() throws {
    let trials = try pair()
    var written = report(trials)
    written.claims = [
      try evaluate("accuracy(gda) > accuracy(knn)", on: trials),
      try evaluate("0 <= accuracy(tip) <= 1", on: trials),
    ]
    #expect(try Report(json: written.json).claims == written.claims)
  }

  @Test("text, Markdown and page show value, interval, bound and verdict")
  func renderings() throws {
    let trials = try pair()
    var shown = report(trials)
    shown.claims = [try evaluate("accuracy(knn) >= 0.95", on: trials)]
    let pages = [
      shown.text(), shown.markdown(), HTMLRendering.page(report: shown, samples: nil),
    ]
    for page in pages {
      #expect(page.contains("not reproduced here"))
      #expect(page.contains("at least 0.95") && page.contains("0.8000"))
      #expect(page.contains("It is so."))
    }
  }
}
