package import Documents

/// Something about a dataset that whoever reads its numbers must know.
///
/// What makes numbers wrong without doubt, such as NaN or labels that no class has, is no finding:
/// such a dataset does not open.
package struct DataFinding: Equatable, Sendable {
  /// How much weight it has.
  package enum Severity: String, Sendable, Comparable, CaseIterable {
    /// The numbers do not mean what their names say; `validate` refuses the dataset, and a run says so
    /// and does not end with exit code 0.
    case error
    /// Said on the console and in every report.
    case warning
    /// Said by `assay data audit` alone.
    case note

    package static func < (left: Severity, right: Severity) -> Bool {
      allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
  }

  package let severity: Severity
  /// A key of the kind, such as `shared-rows`.
  package let code: String
  /// The place in the manifest.
  package let pointer: String
  package let message: String

  package init(_ severity: Severity, _ code: String, at pointer: String, _ message: String) {
    self.severity = severity
    self.code = code
    self.pointer = pointer
    self.message = message
  }

  /// The finding as a document.
  package var json: JSON {
    [
      "severity": .string(severity.rawValue), "code": .string(code), "where": .string(pointer),
      "text": .string(message),
    ]
  }
}
