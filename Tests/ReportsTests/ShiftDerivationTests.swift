import Datasets
import Documents
import Evaluation
import Metrics
import Suites
import Testing

@testable import Reports

@Suite("What results under shifts amount to")
struct ShiftDerivationTests {
  private func shifted(_ label: String, _ accuracies: [String: Double]) -> TrialRecord {
    var record = trial(label)
    record.groups = accuracies.sorted { $0.key < $1.key }.map { key, accuracy in
      GroupRecord(
        by: "shift", key: key, n: 500,
        metrics: ["accuracy": MetricValue(value: accuracy, n: 500)],
        reference: accuracies["clean"] == nil || key == "clean" ? nil : "clean")
    }
    return record
  }

  private func derived(
    _ trials: [TrialRecord], baseline: String? = nil, base: String? = nil, family: [String] = []
  ) -> [DerivedValue] {
    let suite = SuiteEntry(
      id: "few-shot", version: "1", digest: Digest(of: "suite"),
      references: ShiftReferences(
        baseline: baseline, base: base, family: family.map { ShiftReferences.Members($0) }))
    return derive(from: trials, suites: [suite], samples: nil)
  }

  private func value(
    _ metric: String, _ key: String? = nil, of label: String, in values: [DerivedValue]
  ) -> Double? {
    values.first { $0.metric == metric && $0.key == key && $0.row.label == label }?.value
  }

  private var pair: [TrialRecord] {
    [
      shifted("gda", ["clean": 0.9, "blur-1": 0.8, "blur-2": 0.6, "fog-1": 0.7, "fog-2": 0.5]),
      shifted("zero", ["clean": 0.8, "blur-1": 0.6, "blur-2": 0.4, "fog-1": 0.5, "fog-2": 0.3]),
    ]
  }

  @Test("mCE is the mean of the errors in per cent of the baseline's, by hand")
  func corruptionErrors() throws {
    let found = derived(pair, baseline: "zero")
    #expect(abs(try #require(value("ce", "blur", of: "gda", in: found)) - 60) < 1e-9)
    #expect(abs(try #require(value("ce", "fog", of: "gda", in: found)) - 200.0 / 3) < 1e-9)
    #expect(abs(try #require(value("mce", of: "gda", in: found)) - 190.0 / 3) < 1e-9)
    #expect(abs(try #require(value("mce", of: "zero", in: found)) - 100) < 1e-9)
  }

  @Test("relative mCE takes the clean errors off first, by hand")
  func relative() throws {
    let found = derived(pair, baseline: "zero")
    let expected = 100 * (0.4 / 0.6 + 0.6 / 0.8) / 2
    #expect(abs(try #require(value("relative_mce", of: "gda", in: found)) - expected) < 1e-9)
  }

  /// A trial whose groups are as the planner names them: each shift with its reference.
  private func referring(
    _ label: String, own: Double, _ groups: [(key: String, accuracy: Double, reference: String?)]
  ) -> TrialRecord {
    var record = trial(label, accuracy: own)
    record.groups = groups.map { group in
      GroupRecord(
        by: "shift", key: group.key, n: 500,
        metrics: ["accuracy": MetricValue(value: group.accuracy, n: 500)],
        reference: group.reference)
    }
    return record
  }

  @Test("relative mCE takes the errors of each corruption's own reference off")
  func relativeOfReferences() throws {
    let trials = [("gda", 0.0), ("zero", 0.1)].map { label, less in
      referring(
        label, own: 0.95 - less,
        [
          ("clean-blur-1", 0.9 - less, nil), ("clean-fog-1", 0.8 - 2 * less, nil),
          ("blur-1", 0.8 - 2 * less, "clean-blur-1"), ("blur-2", 0.6 - less, "clean-blur-1"),
          ("fog-1", 0.7 - 3 * less, "clean-fog-1"), ("hail-1", 0.55 - less, "test"),
        ])
    }
    let found = derived(trials, baseline: "zero")
    // blur: (0.1 + 0.3) / (0.2 + 0.3), fog: 0.1 / 0.2, hail: 0.4 / 0.4
    let expected = 100 * (0.8 + 0.5 + 1) / 3
    #expect(abs(try #require(value("relative_mce", of: "gda", in: found)) - expected) < 1e-9)
    #expect(Set(found.filter { $0.metric == "ce" }.compactMap(\.key)) == ["blur", "fog", "hail"])
  }

  @Test(
    "effective robustness is that from the reference which a shift names",
    arguments: ["clean-view", "test"])
  func namedReference(_ reference: String) throws {
    // On the line through the logits of the named reference; far from it with another.
    let points = [
      (0.5, 0.5), (0.7310586, 0.6224593), (0.8807971, 0.7310586), (0.9525741, 0.8175745),
    ]
    let trials = points.enumerated().map { place, point in
      let other = 0.9 - 0.1 * Double(place)
      return referring(
        "row \(place)", own: reference == "test" ? point.0 : other,
        [
          ("clean", other, nil), ("clean-view", reference == "test" ? other : point.0, nil),
          ("cleaner", other - 0.01, "clean"), ("view", point.1 - 0.1, reference),
          ("late", point.1, reference),
        ])
    }
    let found = derived(trials, family: ["row 0", "row 1", "row 2"]).filter {
      $0.metric == "effective_robustness"
    }
    #expect(Set(found.compactMap(\.key)) == ["cleaner", "view", "late"])
    #expect(abs(try #require(value("effective_robustness", "late", of: "row 3", in: found))) < 1e-6)
    #expect(
      found.first { $0.key == "late" && $0.row.label == "row 3" }?.reason?.contains("extrapolated")
        == true)
  }

  @Test("only shifts are compared, each with the rows that it names")
  func compared() {
    let shown = referring(
      "gda", own: 0.9, [("clean", 0.9, nil), ("cleaner", 0.5, "clean"), ("view", 0.7, "test")])
    #expect(shown.comparedShifts.map(\.group.key) == ["cleaner", "view"])
    #expect(shown.comparedShifts.map { $0.reference?.key } == ["clean", nil])
    #expect(shown.comparedShifts.map(\.referenceRows) == [500, 100])
  }

  @Test("a corruption is what the dataset calls one, whatever the shift's name looks like")
  func names() {
    var record = trial("gda")
    record.groups = [
      GroupID.part(.shift(ShiftID("gaussian_noise-3"))),
      .part(.shift(ShiftID("fog", corruption: "weather", severity: 2))),
    ].map { GroupRecord($0, n: 9, metrics: ["accuracy": MetricValue(value: 0.5, n: 9)]) }
    let found = derived([record], baseline: "gda").filter { $0.by == "corruption" }
    #expect(found.map(\.key) == ["weather"])
  }

  @Test("a baseline that gets no worse leaves relative mCE undefined, with a reason")
  func flatBaseline() {
    let flat = shifted("zero", ["clean": 0.5, "blur-1": 0.5, "blur-2": 0.5])
    let bent = shifted("gda", ["clean": 0.9, "blur-1": 0.8, "blur-2": 0.6])
    let found = derived([flat, bent], baseline: "zero").first {
      $0.metric == "relative_mce" && $0.row.label == "gda"
    }
    #expect(found?.value == nil)
    #expect(found?.reason?.contains("gets no worse") == true)
  }

  @Test("without a baseline there is the mean corruption accuracy alone")
  func noBaseline() throws {
    let found = derived(pair)
    #expect(Set(found.map(\.metric)) == ["mean_corruption_accuracy"])
    #expect(
      abs(try #require(value("mean_corruption_accuracy", of: "gda", in: found)) - 0.65) < 1e-12)
  }

  @Test("relative robustness is the accuracy above that of the base, in each shift")
  func relativeRobustness() throws {
    let found = derived(pair, base: "zero").filter { $0.metric == "relative_robustness" }
    #expect(Set(found.map(\.row.label)) == ["gda"])
    #expect(found.compactMap(\.key) == ["blur-1", "blur-2", "fog-1", "fog-2"])
    #expect(found.allSatisfy { abs(($0.value ?? .nan) - 0.2) < 1e-12 && $0.by == "shift" })
    let absent = derived(pair, base: "other").filter { $0.metric == "relative_robustness" }
    #expect(absent.count == 8)
    #expect(absent.allSatisfy { $0.value == nil && $0.reason?.contains("no trial") == true })
  }

  @Test("a model on the line of the family has no effective robustness, one above it has")
  func effectiveRobustness() throws {
    // Accuracies whose logits are 0, 1 and 2, and half of that under the shift.
    let family = [(0.5, 0.5), (0.7310586, 0.6224593), (0.8807971, 0.7310586)].enumerated().map {
      shifted("family \($0)", ["clean": $1.0, "view": $1.1])
    }
    let on = shifted("on", ["clean": 0.9525741, "view": 0.8175745])
    let above = shifted("above", ["clean": 0.9525741, "view": 0.9])
    let found = derived(
      family + [on, above], family: ["family 0", "family 1", "family 2"])
    let line = try #require(value("effective_robustness", "view", of: "on", in: found))
    #expect(abs(line) < 1e-6)
    let gain = try #require(value("effective_robustness", "view", of: "above", in: found))
    #expect(abs(gain - (0.9 - 0.8175745)) < 1e-6)
  }

  @Test("a family of two gives no line, and the value says so")
  func smallFamily() {
    let found = derived(pair, family: ["gda", "zero"]).first { $0.metric == "effective_robustness" }
    #expect(found?.value == nil && found?.reason?.contains("fewer than three") == true)
  }

  @Test("a visual factor has the error on its rows over that on all rows")
  func factors() throws {
    var record = trial("gda", accuracy: 0.9)
    record.groups = [
      GroupRecord(
        by: "pose", key: "odd", n: 40, metrics: ["accuracy": MetricValue(value: 0.7, n: 40)])
    ]
    let suite = SuiteEntry(
      id: "few-shot", version: "1", digest: Digest(of: "suite"),
      references: ShiftReferences(baseline: nil, family: [], factors: ["pose"]))
    let found = derive(from: [record], suites: [suite], samples: nil)
    #expect(found.map(\.metric) == ["error_ratio"])
    #expect(abs(try #require(value("error_ratio", "odd", of: "gda", in: found)) - 3) < 1e-9)
  }

  @Test("a clean accuracy outside the family's is told to be extrapolated")
  func extrapolated() {
    let found = derived(
      [0.5, 0.6, 0.7, 0.9].enumerated().map {
        shifted("row \($0)", ["clean": $1, "view": $1 - 0.1])
      }, family: ["row 0", "row 1", "row 2"])
    #expect(found.first { $0.row.label == "row 3" }?.reason?.contains("extrapolated") == true)
    #expect(found.first { $0.row.label == "row 1" }?.reason?.contains("extrapolated") != true)
  }

  @Test("a row of the family takes no part in the line that judges it")
  func leavesOut() throws {
    // Three on a line and one far above it; the line of the three judges the fourth.
    let family = [(0.5, 0.5), (0.7310586, 0.6224593), (0.8807971, 0.7310586), (0.7310586, 0.9)]
      .enumerated().map { shifted("row \($0)", ["clean": $1.0, "view": $1.1]) }
    let found = derived(family, family: family.map(\.label))
    let outlier = try #require(value("effective_robustness", "view", of: "row 3", in: found))
    #expect(abs(outlier - (0.9 - 0.6224593)) < 1e-6)
    let reason = found.first { $0.row.label == "row 3" && $0.metric == "effective_robustness" }
    #expect(reason?.reason?.contains("the line has 3 models") == true)
  }

  @Test("results without shifts derive nothing")
  func noShifts() { #expect(derived([trial()], baseline: "gda").isEmpty) }

  @Test("a report keeps its derived values when it is written and read again")
  func roundTrip() throws {
    var written = report(pair)
    written.derived = derived(pair, baseline: "zero")
    let read = try Report(json: written.json)
    #expect(read.derived == written.derived)
    #expect(written.text().contains("Relative mCE"))
    #expect(HTMLRendering.page(report: written, samples: nil).contains("Relative mCE"))
  }
}
