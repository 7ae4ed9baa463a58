internal import Documents

extension Dataset {
  /// Opens a dataset folder (or its `dataset.json`): reads the manifest, maps and checks all arrays.
  ///
  /// - Throws: one `DatasetError` with everything that is wrong in the first step that fails: the
  ///   manifest, with what files it lacks; the arrays; how they fit each other.
  package static func open(_ path: String) throws(DatasetError) -> Dataset {
    var opening = try opening(path)
    return try opening.open()
  }

  /// Opens a folder as far as the files, and tells everything that is wrong with what they hold.
  ///
  /// - Throws: What `open` throws where the manifest or a file cannot be read.
  package static func audit(_ path: String) throws(DatasetError) -> DataAudit {
    var opening = try opening(path)
    let dataset = try opening.examine()
    let refused = opening.document.error(opening.problems).problems.map {
      DataFinding(.error, "refused", at: $0.pointer, $0.message)
    }
    return DataAudit(dataset: dataset, findings: refused + dataset.findings)
  }

  /// Reads the manifest.
  private static func opening(_ path: String) throws(DatasetError) -> DatasetOpening {
    let isManifest = path == "dataset.json" || path.hasSuffix("/dataset.json")
    let folderPath = isManifest ? String(path.dropLast("dataset.json".count)) : path
    guard let folder = DatasetFolder(folderPath.isEmpty ? "." : folderPath) else {
      throw DatasetError(.notFound, DocumentError(path: path, message: "there is no such folder"))
    }
    do throws(DatasetFolder.Refusal) {
      _ = try folder.file("dataset.json")
    } catch {
      throw DatasetError(.notFound, DocumentError(path: path, message: error.message))
    }
    let read: (document: Document, problems: [DocumentProblem])
    do throws(DocumentError) {
      read = try Document.reading(
        path: isManifest ? path : "\(path)/dataset.json", schema: DatasetSchema.schema())
    } catch {
      throw DatasetError(.badManifest, error)
    }
    var opening = DatasetOpening(document: read.document, folder: folder)
    guard read.problems.isEmpty else {
      throw DatasetError(.badManifest, opening.error(beside: read.problems))
    }
    return opening
  }
}
