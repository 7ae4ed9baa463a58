package import Evaluation

/// A report to be merged.
package struct MergeInput: Sendable {
  /// What messages call it.
  package var name: String
  package var report: Report
  package var samples: TrialStore

  package init(name: String, report: Report, samples: TrialStore) {
    self.name = name
    self.report = report
    self.samples = samples
  }
}

/// Which of two different results of one trial stays.
package enum DuplicateRule: String, CaseIterable, Sendable {
  case first, last
}

/// Why reports cannot be merged, one sentence each.
package struct MergeRefusal: Error, Equatable, CustomStringConvertible {
  package var reasons: [String]
  package var description: String { reasons.joined(separator: "\n") }
}
