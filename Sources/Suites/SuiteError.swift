package import Documents

/// Why a suite or run file cannot be used: everything that was found wrong in one step.
package struct SuiteError: Error, Equatable, CustomStringConvertible {
  /// What kind of step failed.
  package enum Code: String, Sendable {
    /// The file is not there, is not JSON, or breaks its schema.
    case badFile = "bad-file"
    /// A dataset is not where the suite looks for it.
    case absentDataset = "absent-dataset"
    /// A dataset was found but cannot be used here.
    case badDataset = "bad-dataset"
  }

  package var code: Code
  /// One or more lines, each a place and a sentence.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  package init(_ code: Code, _ findings: DocumentError) {
    self.init(code, findings.description)
  }
}
