internal import Glibc
internal import Reports

/// The files of one run: `report.json`, and beside it `report.journal.jsonl` and `report.samples/`.
struct OutputFiles {
  let report: String
  let journal: String
  let samples: SampleStore

  /// Makes the report's folder if need be; throws when it cannot be written.
  init(report path: String) throws {
    guard path.hasSuffix(".json") else {
      throw UsageError(description: "--output \(path): a report's name ends in .json")
    }
    report = path
    let stem = String(path.dropLast(".json".count))
    journal = stem + ".journal.jsonl"
    samples = SampleStore(directory: stem + ".samples")
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try OutputFiles.makeFolder(String(path[..<slash]))
    }
  }

  var hasJournal: Bool { access(journal, F_OK) == 0 }

  /// Makes a folder with all its parents.
  static func makeFolder(_ path: String) throws {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + part
      if mkdir(partial, 0o755) != 0, errno != EEXIST {
        let reason = String(cString: strerror(errno))
        throw UsageError(description: "cannot make the folder \(partial): \(reason)")
      }
    }
    guard Locations.isFolder(path) else {
      throw UsageError(description: "\(path) is not a folder; choose another --output")
    }
  }
}
