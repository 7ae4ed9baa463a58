package import Documents

/// Why a dataset cannot be used: everything that was found wrong with it in one step.
package struct DatasetError: Error, Equatable, CustomStringConvertible {
  /// What kind of step failed.
  package enum Code: String, Sendable {
    /// There is no readable folder or manifest.
    case notFound = "not-found"
    /// The manifest breaks its schema.
    case badManifest = "bad-manifest"
    /// A file is missing, lies outside the folder, or is not an array.
    case badFile = "bad-file"
    /// Arrays do not fit each other.
    case badShape = "bad-shape"
  }

  package var code: Code
  /// The problems, with their places in the manifest.
  package var findings: DocumentError

  package init(_ code: Code, _ findings: DocumentError) {
    self.code = code
    self.findings = findings
  }

  /// One line for each problem: `file:line:column: at /pointer: sentence`.
  package var description: String { findings.description }
}
