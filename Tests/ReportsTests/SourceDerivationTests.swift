import Datasets
import Documents
import Evaluation
import Glibc
import Metrics
import Suites
import Testing

@testable import Reports

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

@Suite("What models of sources and mixtures amount to")
struct SourceDerivationTests {
  /// One trial for each size, on a known line under each of two shifts.
  private func source(
    _ mix: String, _ first: Double, _ second: Double, logits: [Double] = [0, 0.5, 1, 1.5, 2]
  ) -> [TrialRecord] {
    logits.enumerated().map { place, logit in
      var record = trial("probe", shots: place + 1000 * mix.utf8.count, accuracy: sigmoid(logit))
      record.setting = ["mix": .string(mix), "size": JSON(20 << place)]
      record.mixture = mix == "50% A + 50% B" ? Mixture(["A": 1, "B": 1]) : Mixture([mix: 1])
      record.groups = [("favours-A", first), ("favours-B", second)].map { key, intercept in
        GroupRecord(
          by: "shift", key: key, n: 100,
          metrics: ["accuracy": MetricValue(value: sigmoid(intercept + 0.8 * logit), n: 100)])
      }
      return record
    }
  }

  private var planted: [TrialRecord] {
    source("A", 0.4, -0.4) + source("B", -0.4, 0.4) + source("50% A + 50% B", 0, 0.6)
  }

  @Test("a source may be called like a mixture")
  func sourceCalledLikeMixture() {
    let found = derived(source("A", 0.4, -0.4) + source("25% A + 75% B", -0.4, 0.4))
    #expect(!found.contains { $0.metric == "dilution_position" })
    #expect(found.count { $0.metric == "source_rank" } == 4)
  }

  private func derived(
    _ trials: [TrialRecord], family: [ShiftReferences.Members] = []
  ) -> [DerivedValue] {
    let suite = SuiteEntry(
      id: "few-shot", version: "1", digest: Digest(of: "suite"),
      references: ShiftReferences(baseline: nil, family: family))
    return derive(from: trials, suites: [suite], samples: nil)
  }

  private func value(
    _ metric: String, _ mix: String?, _ key: String?, in values: [DerivedValue]
  ) -> DerivedValue? {
    values.first {
      $0.metric == metric && $0.row.setting["mix"]?.string == mix && $0.key == key
    }
  }

  @Test("each mixture has its line under each shift, and its accuracy at the common reference")
  func lines() throws {
    let found = derived(planted)
    for (mix, key, intercept) in [("A", "favours-A", 0.4), ("B", "favours-A", -0.4)] {
      #expect(
        abs(try #require(value("line_slope", mix, key, in: found)?.value) - 0.8) < 1e-9)
      #expect(
        abs(try #require(value("line_intercept", mix, key, in: found)?.value) - intercept) < 1e-9)
      #expect(
        abs(try #require(value("line_r_squared", mix, key, in: found)?.value) - 1) < 1e-9)
      #expect(
        abs(
          try #require(value("accuracy_at", mix, key, in: found)?.value)
            - sigmoid(intercept + 0.8)) < 1e-9)
    }
    #expect(
      abs(try #require(value("reference_accuracy", nil, nil, in: found)?.value) - sigmoid(1)) < 1e-9
    )
  }

  @Test("a shift with a reference of its own has its line, and a common accuracy, over that")
  func ownReferences() throws {
    // The own accuracies of the trials are those of the other shift.
    let trials = planted.map { record in
      var record = record
      let place = record.groups[0].metrics["accuracy"]?.value ?? 0
      record.groups[0].id = .part(.shift(ShiftID("cleaner")))
      record.groups[0].reference = "clean-cleaner"
      record.groups[1].reference = "test"
      record.groups.append(
        GroupRecord(
          by: "shift", key: "clean-cleaner", n: 40,
          metrics: ["accuracy": MetricValue(value: place, n: 40)]))
      return record
    }
    let found = derived(trials)
    #expect(abs(try #require(value("line_slope", "A", "cleaner", in: found)?.value) - 1) < 1e-9)
    #expect(abs(try #require(value("line_slope", "A", "favours-B", in: found)?.value) - 0.8) < 1e-9)
    #expect(value("line_slope", "A", "clean-cleaner", in: found) == nil)
    let places = found.filter { $0.metric == "reference_accuracy" }
    #expect(places.map(\.key) == ["clean-cleaner", "test"])
    #expect(abs(try #require(places[1].value) - sigmoid(1)) < 1e-9)
    // The median of what A reaches from 0.4, B up to 1.2 and the mixture in between.
    let reached = try #require(places[0].value)
    #expect(reached > sigmoid(0.4) && reached < sigmoid(1.2))
    #expect(
      abs(try #require(value("accuracy_at", "B", "cleaner", in: found)?.value) - reached) < 1e-9)
    // All stand on one line under one shift, and apart under the other.
    #expect(value("source_rank", "A", "cleaner", in: found)?.value != nil)
    #expect(value("rank_agreement", nil, nil, in: found) != nil)
    var written = report(trials)
    written.derived = found
    #expect(written.text().contains("on 'clean-cleaner', 0.7311 on 'test'"))
  }

  @Test("sources are ranked under each shift, and shifts that disagree have W 0")
  func ranks() throws {
    let found = derived(planted)
    #expect(value("source_rank", "A", "favours-A", in: found)?.value == 1)
    #expect(value("source_rank", "A", "favours-B", in: found)?.value == 2)
    #expect(value("source_rank", "50% A + 50% B", "favours-A", in: found) == nil)
    #expect(value("rank_agreement", nil, nil, in: found)?.value == 0)
    let correlation = value("rank_correlation", nil, "favours-A / favours-B", in: found)
    #expect(abs(try #require(correlation?.value) + 1) < 1e-12)
  }

  @Test("a mixture stands between its parts under one shift and above them under the other")
  func dilution() throws {
    let found = derived(planted)
    let mix = "50% A + 50% B"
    let first = try #require(value("dilution_position", mix, "favours-A", in: found))
    #expect(first.verdict == .between)
    let (low, high) = (sigmoid(0.4), sigmoid(1.2))
    #expect(abs(try #require(first.value) - (sigmoid(0.8) - low) / (high - low)) < 1e-9)
    #expect(value("dilution_position", mix, "favours-B", in: found)?.verdict == .above)
    #expect(value("dilution_position", "A", "favours-A", in: found) == nil)
  }

  @Test("sources that reach no common reference accuracy are not compared, and the value says so")
  func apart() throws {
    let found = derived(source("A", 0, 0) + source("B", 0, 0, logits: [3, 3.5, 4]))
    let place = try #require(value("reference_accuracy", nil, nil, in: found))
    #expect(place.value == nil && place.reason?.contains("no common reference") == true)
    #expect(value("accuracy_at", "A", "favours-A", in: found)?.value == nil)
    #expect(value("line_slope", "A", "favours-A", in: found)?.value != nil)
  }

  @Test("a mixture can be the family: effective robustness is measured from its line")
  func family() throws {
    let found = derived(
      planted, family: [ShiftReferences.Members("probe", setting: ["mix": "A"])])
    let row = try #require(
      found.first {
        $0.metric == "effective_robustness" && $0.key == "favours-A"
          && $0.row.setting["mix"]?.string == "B" && $0.row.setting["size"] == JSON(80)
      })
    #expect(abs(try #require(row.value) - (sigmoid(0.4) - sigmoid(1.2))) < 1e-9)
  }

  @Test("the values and verdicts survive writing and reading, and the text shows the lines")
  func roundTrip() throws {
    var written = report(planted)
    written.derived = derived(planted)
    #expect(try Report(json: written.json).derived == written.derived)
    #expect(written.text().contains("lines on logit axes"))
    #expect(written.text().contains("above"))
  }
}
