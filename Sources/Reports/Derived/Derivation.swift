package import Evaluation
internal import PluginHost
internal import Suites

/// What is made of several groups or rows of a report, suite by suite: of results under shifts, with
/// several sources of training data and with several prompts.
func derive(
  from trials: [TrialRecord], suites: [SuiteEntry], samples: TrialStore?, resamples: Int = 2000
) -> [DerivedValue] {
  concurrentMap(Set(trials.map(\.suite)).sorted()) { id -> [DerivedValue] in
    let own = trials.filter { $0.suite == id }
    var source = MeasurementSource(samples: samples, resamples: resamples)
    let references = suites.first { $0.id == id }?.references ?? ShiftReferences()
    return ShiftDerivation.values(of: own, references: references, source: &source)
      + SourceDerivation.values(of: own, source: &source)
      + promptValues(of: own, source: &source)
  }.flatMap(\.self)
}
