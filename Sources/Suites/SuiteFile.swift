internal import Documents

/// A file that says what is measured: a suite, or a claims document that names one.
struct SuiteFile {
  let document: Document
  /// The suite with its defaults.
  let value: JSON
  /// What the schemas have against it.
  let problems: [DocumentProblem]
  /// Nil for a suite.
  let claims: ClaimsFile?

  /// Reads a file by what it says of itself.
  ///
  /// - Throws: An error only where there is no JSON to read.
  init(_ path: String, dataPaths: DataPaths) throws(SuiteError) {
    do throws(DocumentError) {
      let schema = try SuiteSchema.schema()
      let (document, found) = try Document.reading(path: path, schema: nil)
      self.document = document
      guard document.value["schema"] == "assay.claims/1" else {
        claims = nil
        problems = found + schema.validate(document.value, source: document.source)
        value = schema.completing(document.value)
        return
      }
      let own = found + (try ClaimsSchema.schema().validate(document.value))
      let file = ClaimsFile(document, found: own, dataPaths: dataPaths)
      let suite = JSON.object(file.suite)
      let inherited = schema.validate(suite).map { found in
        var problem = found
        problem.pointer = file.places.pointer(found.pointer)
        return problem
      }
      claims = file
      problems = document.joining(file.problems, inherited)
      value = schema.completing(suite)
    } catch {
      throw SuiteError(.badFile, error)
    }
  }
}

/// What a suite or a claims document is known by, without its data.
package struct SuiteHead: Sendable {
  package let id: String
  package let version: String
  package let task: String
  package let title: String

  /// Nil where the file is neither, or breaks its schema.
  package init?(_ path: String, dataPaths: DataPaths) {
    guard let file = try? SuiteFile(path, dataPaths: dataPaths), file.problems.isEmpty else {
      return nil
    }
    id = file.value["id"]?.string ?? ""
    version = file.value["version"]?.string ?? ""
    task = file.value["task"]?.string ?? ""
    title = file.value["title"]?.string ?? ""
  }
}
