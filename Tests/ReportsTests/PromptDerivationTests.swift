import Documents
import Evaluation
import Metrics
import PluginHost
import Testing

@testable import Reports

@Suite("What results with several prompts amount to")
struct PromptDerivationTests {
  private func prompted(_ number: Int, _ record: TrialRecord) -> TrialRecord {
    var record = record
    record.id = Digest(of: "\(record.id) \(number)")
    record.setting = ["prompt": JSON(number)]
    record.notes = ["The prompt is 'a photo of {}, \(number)'."]
    return record
  }

  private func prompted(_ number: Int, accuracy: Double, label: String = "gda") -> TrialRecord {
    prompted(number, trial(label, accuracy: accuracy))
  }

  private func derived(
    _ trials: [TrialRecord], samples: TrialStore? = nil
  ) -> [String: DerivedValue] {
    let values = derive(from: trials, suites: [], samples: samples, resamples: 200)
    return Dictionary(uniqueKeysWithValues: values.map { ($0.metric, $0) })
  }

  @Test("mean, standard deviation and range over the prompts, by hand")
  func byHand() throws {
    let found = derived([
      prompted(1, accuracy: 0.6), prompted(2, accuracy: 0.7), prompted(3, accuracy: 0.5),
    ])
    #expect(abs(try #require(found["prompt_mean"]?.value) - 0.6) < 1e-12)
    #expect(abs(try #require(found["prompt_sd"]?.value) - 0.1) < 1e-12)
    #expect(abs(try #require(found["prompt_range"]?.value) - 0.2) < 1e-12)
    #expect(found.values.allSatisfy { $0.row.setting.isEmpty && $0.key == nil })
    #expect(found.values.allSatisfy { $0.interval == nil && $0.reason != nil })
  }

  @Test("the intervals resample the same rows for all prompts")
  func intervals() throws {
    let folder = TemporaryFolder()
    let store = TrialStore(path: folder.path + "/r.store")
    // The second prompt is right on the same rows and on 20 more, whatever rows are drawn.
    let first = rows(200, wrongEvery: 2)
    let second = rows(200, wrongEvery: 2, flipping: (0..<20).map { 2 * $0 })
    let found = derived(
      [
        prompted(1, try measured(correct: first, in: store)),
        prompted(2, try measured(seed: 1, correct: second, in: store)),
      ], samples: store)
    let range = try #require(found["prompt_range"])
    #expect(abs(try #require(range.value) - 0.1) < 1e-12)
    // A share of 20 rows in 200 has a standard error of 0.021; unpaired accuracies would have 0.05.
    let interval = try #require(range.interval)
    #expect(interval.lower > 0.04 && interval.upper < 0.17 && interval.lower < 0.1)
    let sd = try #require(found["prompt_sd"]?.interval)
    #expect(abs(sd.upper - interval.upper / 2.0.squareRoot()) < 1e-9)
  }

  @Test("one prompt, and rows without prompts, derive nothing")
  func nothing() {
    #expect(derived([prompted(1, accuracy: 0.6)]).isEmpty)
    #expect(derived([trial(shots: 1), trial(shots: 2)]).isEmpty)
  }

  @Test("a prompt that failed leaves the whole undefined, with the reason")
  func failed() {
    let found = derived([
      prompted(1, accuracy: 0.6), prompted(2, trial(status: .crashed)),
      prompted(3, accuracy: 0.5),
    ])
    #expect(found["prompt_sd"]?.value == nil)
    #expect(found["prompt_sd"]?.reason?.contains("it died") == true)
  }

  @Test("a part of a report keeps the derived values of its rows alone")
  func part() {
    let trials = [
      prompted(1, accuracy: 0.5), prompted(2, accuracy: 0.8),
      prompted(1, accuracy: 0.6, label: "other"), prompted(2, accuracy: 0.6, label: "other"),
    ]
    let part = report(trials).filtering { $0.label == "gda" }
    #expect(Set(part.derived.map(\.row.label)) == ["gda"] && part.derived.count == 3)
  }

  @Test("the page's first table has the mean over the prompts, not one of them")
  func page() {
    let trials = [
      prompted(1, accuracy: 0.5), prompted(2, accuracy: 0.8),
      prompted(1, accuracy: 0.6, label: "other"), prompted(2, accuracy: 0.6, label: "other"),
    ]
    let report = report(trials)
    let page = HTMLRendering.page(report: report, samples: nil)
    #expect(PageChecker(page).problems == [])
    #expect(page.contains("mean over 2 prompts"))
    #expect(page.contains("Wording of the prompt") && page.contains("Sd over prompts"))
    #expect(page.contains("The prompt is &#39;a photo of {}, 2&#39;."))
    // Prompts are no scale to draw a line along.
    #expect(!page.contains("id=\"curves\""))
    #expect(report.text().contains("few-shot / pets: over all prompts"))
    #expect(report.markdown().contains("| gda | - | 0.6500 | 0.2121 | 0.3000 |"))
  }
}
