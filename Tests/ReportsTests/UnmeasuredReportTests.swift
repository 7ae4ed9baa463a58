import Evaluation
import Metrics
import PluginHost
import Suites
import Testing

@testable import Reports

@Suite("Reports without a value")
struct UnmeasuredReportTests {
  private let empty = trial("empty", metrics: ["accuracy": .undefined(n: 0, "there are no rows")])

  @Test("trials that came to no value have measured nothing")
  func exitCode() {
    #expect(report([empty]).exitCode == .nothingMeasured)
    #expect(report([empty, trial()]).exitCode == .trialsFailed)
    #expect(report([trial()]).exitCode == .fine)
    #expect(report([trial(status: .unsupported)]).exitCode == .nothingMeasured)
    var grouped = empty
    grouped.groups = [
      GroupRecord(by: "sex", key: "f", n: 5, metrics: ["accuracy": MetricValue(value: 1, n: 5)])
    ]
    #expect(report([grouped]).exitCode == .fine)
  }

  @Test("a plugin that did not load is code 3 and named in every rendering")
  func loadFailure() {
    let warning = ReportWarning.loadFailure(plugin: "libassay-knn.so", reason: "it is cut short")
    let found = report([trial()], warnings: [warning])
    #expect(found.exitCode == .trialsFailed)
    for text in [found.text(), found.markdown(), found.junit(), found.annotations()] {
      #expect(text.contains("libassay-knn.so"))
    }
    #expect(found.junit().contains("<failure"))
    #expect(found.annotations().contains("::error title=libassay-knn.so"))
  }

  @Test("JUnit of a run that measured nothing has a failed test case")
  func junit() {
    for trials in [[], [trial(status: .unsupported)], [empty]] {
      #expect(report(trials).junit().contains("<failure"), "\(trials.map(\.label))")
    }
    #expect(!report([trial()]).junit().contains("<failure"))
    var cut = report([trial()])
    cut.run.isComplete = false
    #expect(cut.junit().contains("<failure"))
  }

  @Test("data that is not here is told of once, whatever the number of suites")
  func absentData() {
    let warnings = ["one", "two"].flatMap { suite in
      ["coat", "cars"].map { ReportWarning.absent(.init(suite: suite, dataset: $0)) }
    }
    let shown = report([trial()], warnings: warnings).warnings.shown
    #expect(shown.count == 1)
    #expect(shown.first?.text.contains("2 suites: cars, coat") == true)
  }
}
