package import Documents
internal import Tensors

/// All that can be said of a dataset's data, near duplicates among it.
///
/// ```swift
/// var audit = try Dataset.audit("suites/data/fashion")
/// audit.findNearDuplicates(above: 0.999)
/// print(audit.findings.map(\.message))
/// ```
package struct DataAudit: Sendable {
  package let dataset: Dataset
  /// The gravest first.
  package private(set) var findings: [DataFinding]
  /// The cosine above which rows count as near duplicates; nil where nobody looked.
  package private(set) var threshold: Double?
  /// Pairs of parts that were looked through for near duplicates.
  package private(set) var comparisons = 0

  init(dataset: Dataset, findings: [DataFinding]) {
    self.dataset = dataset
    self.findings = findings
  }

  package var hasErrors: Bool { findings.contains { $0.severity == .error } }

  /// Looks for rows of two parts whose cosine is at least `threshold`.
  package mutating func findNearDuplicates(above threshold: Double) {
    self.threshold = threshold
    var search = NearDuplicates(threshold: threshold)
    search.run(dataset.comparedParts)
    comparisons = search.comparisons
    findings = (findings + search.findings).sorted { $0.severity < $1.severity }
  }

  /// How many findings of each severity there are.
  package func count(_ severity: DataFinding.Severity) -> Int {
    findings.count { $0.severity == severity }
  }

  /// The audit as a document.
  package var json: JSON {
    [
      "dataset": .string(dataset.id), "version": .string(dataset.version),
      "digest": .string(dataset.digest.description), "folder": .string(dataset.folder),
      "near": threshold.map { .number($0) } ?? .null, "compared": JSON(comparisons),
      "counts": .object(
        Dictionary(
          uniqueKeysWithValues: DataFinding.Severity.allCases.map {
            ($0.rawValue, JSON(count($0)))
          })),
      "findings": .array(findings.map(\.json)),
    ]
  }
}
