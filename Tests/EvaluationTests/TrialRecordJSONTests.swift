import Datasets
import Documents
import Evaluation
import Metrics
import PluginHost
import Suites
import Testing

@Suite("Trial records as JSON")
struct TrialRecordJSONTests {
  private static let digest = Digest(of: "x")

  private var full: TrialRecord {
    TrialRecord(
      id: Digest(of: "id"), key: Digest(of: "key"), method: "gda", methodVersion: "1.2",
      pluginDigest: Self.digest, label: "gda:alpha=1", config: ["alpha": 1, "deep": ["a": [1.5]]],
      suite: "few-shot", suiteDigest: Self.digest, task: "classify", contract: "classify/1.0",
      dataset: "pets", datasetDigest: Self.digest, setting: ["shots": 4, "shift": "blur"], seed: 3,
      status: .ok, selection: .oracle, rows: ["train": 40, "query": 3000],
      metrics: [
        "accuracy": MetricValue(
          value: 0.1 + 0.2, n: 3000,
          interval: Interval(lower: 0.29, upper: 0.31, level: 0.9, method: "wilson")),
        "nll": MetricValue(
          value: 1, n: 3000,
          interval: Interval(lower: 0.5, upper: 2, method: "bootstrap-percentile", resamples: 9)),
        "auroc": .undefined(n: 0, "only one class is present"),
      ],
      groups: [
        GroupRecord(
          .rows(by: "sex*age", key: "f / 30"), n: 7, metrics: ["f1": MetricValue(value: 0, n: 7)]),
        // Names that look like others.
        GroupRecord(.rows(by: "shift", key: "worst group"), n: 1, metrics: [:], isSmall: true),
        GroupRecord(.worst(by: "shift"), n: 1, metrics: [:]),
        GroupRecord(.gap(by: "sex*age"), n: 9, metrics: [:]),
        GroupRecord(.difference(by: "sex*age", key: "x less all"), n: 9, metrics: [:]),
        GroupRecord(.rows(by: "classes", key: "harmonic mean"), n: 9, metrics: [:]),
        GroupRecord(.harmonicMean, n: 9, metrics: [:]),
        GroupRecord(
          .part(.shift(ShiftID("blur", corruption: "lens", severity: 2))), n: 5, metrics: [:],
          isPart: true, reference: "clean-x (unshifted)"),
        GroupRecord(.part(.shift(ShiftID("clean-x"))), n: 5, metrics: [:], isPart: true),
        GroupRecord(
          .part(.clean(Part.Clean("clean-x (unshifted)", behind: ["x"]))), n: 5, metrics: [:],
          isPart: true),
        GroupRecord(.part(.base), n: 5, metrics: [:], isPart: true),
        GroupRecord(.part(.calibration), n: 5, metrics: [:], isPart: true),
        GroupRecord(.part(.decision), n: 5, metrics: [:], isPart: true),
      ],
      calibration: [
        CalibrationRecord(
          by: "shortcut", key: "with",
          curve: CalibrationCurve(bins: [.init(place: 3, probability: 0.31, share: 0.5, n: 4)]))
      ], selfReported: ["steps": 12], notes: ["a \"note\"\n"],
      warnings: [TrialWarning(code: "fp-state", text: "flush to zero")], predictions: Self.digest,
      samples: ["label": Self.digest], partSamples: ["label": Self.digest],
      groupSamples: ["sex*age": Self.digest],
      cost: TrialCost(
        loadSeconds: 0.1, fitSeconds: 1e-7, predictSeconds: 3, wallSeconds: 4, cpuSeconds: 5,
        peakResidentBytes: 1 << 40))
  }

  private var failed: TrialRecord {
    var record = full
    record.metrics = [:]
    record.predictions = nil
    record.samples = [:]
    record.status = .crashed
    record.failure = TrialFailure(
      stage: "fit", kind: "signal", signal: "SIGSEGV", message: "died", stderrTail: "at 0x7f")
    return record
  }

  @Test("a record comes back equal from its text, with a result and without")
  func roundTrip() throws {
    for record in [full, failed] {
      let text = record.json.canonicalText
      let back = try TrialRecord(json: JSON(parsing: text))
      #expect(back == record)
      #expect(back.json.canonicalText == text)
    }
  }

  @Test("a group of a shift names its reference, another has no such member")
  func references() throws {
    let groups = try #require(full.json["groups"]?.array)
    #expect(groups.compactMap { $0["reference"]?.string } == ["clean-x (unshifted)"])
    #expect(groups[0]["reference"] == nil)
  }

  @Test("every status comes back", arguments: TrialStatus.allCases)
  func statuses(status: TrialStatus) throws {
    var record = failed
    record.status = status
    #expect(try TrialRecord(json: record.json).status == status)
  }

  @Test("stripping leaves no cost and nothing that the worker printed")
  func stripping() throws {
    let stripped = failed.strippingVolatile()
    #expect(stripped.json["timing"] == nil)
    #expect(stripped.json["memory"] == nil)
    #expect(stripped.json["failure"]?["stderr_tail"] == nil)
    #expect(stripped.json["failure"]?["signal"] == "SIGSEGV")
    #expect(try TrialRecord(json: stripped.json) == stripped)
  }

  @Test("a value that is not finite is written as null")
  func notFinite() throws {
    var record = full
    record.metrics = ["nll": MetricValue(value: .nan, n: 3)]
    record.selfReported = ["loss": .infinity]
    #expect(record.json["metrics"]?["nll"]?["value"] == .some(.null))
    let back = try TrialRecord(json: record.json)
    #expect(back.metrics["nll"]?.value == nil)
    #expect(back.json == record.json)
  }

  @Test("members of later minor versions are left alone")
  func extraMembers() throws {
    guard case .object(var members) = full.json else { return }
    members["colour"] = "red"
    #expect(try TrialRecord(json: .object(members)) == full)
  }

  @Test(
    "what is wrong is a sentence with the place",
    arguments: [
      (["seed": "one"], "at /seed: should be a whole number but is the string 'one'"),
      (["seed": 1.5], "at /seed: should be a whole number but is the number 1.5"),
      (["id": "12"], "at /id: should be a SHA-256 digest of 64 lower-case hexadecimal digits"),
      (["status": "great"], "at /status: should be one of ok, error, crashed"),
      (["metrics": ["a/b~c": ["n": 1], "z": 2]], "at /metrics/z: should be an object"),
      (["metrics": ["a/b~c": [:]]], "at /metrics/a~1b~0c: lacks the member 'n'"),
      (["groups": [1]], "at /groups/0: should be an object but is the number 1"),
      (["notes": "x"], "at /notes: should be an array but is the string 'x'"),
      (["timing": [:]], "at /timing: lacks the member 'load_seconds'"),
    ] as [([String: JSON], String)])
  func problems(change: [String: JSON], sentence: String) throws {
    let members = try #require(full.json.object).merging(change) { _, new in new }
    let error = try #require(throws: RecordError.self) {
      try TrialRecord(json: .object(members))
    }
    #expect(error.description.hasPrefix(sentence))
  }

  @Test("a document that is no object, or lacks a member, says so")
  func notAnObject() throws {
    #expect(throws: RecordError(pointer: "", message: "should be an object but is an array")) {
      try TrialRecord(json: [])
    }
    var members = try #require(full.json.object)
    members["label"] = nil
    #expect(throws: RecordError(pointer: "", message: "lacks the member 'label'")) {
      try TrialRecord(json: .object(members))
    }
  }
}
