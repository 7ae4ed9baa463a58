internal import Glibc
internal import Reports

/// The files of one run: `report.json`, and beside it `report.store`.
struct OutputFiles {
  let report: String
  let store: String

  /// Makes the report's folder if need be; throws when nothing can be written there.
  init(report path: String) throws {
    guard path.hasSuffix(".json") else {
      throw UsageError(description: "--output \(path): a report's name ends in .json")
    }
    report = path
    store = String(path.dropLast(".json".count)) + ".store"
    try OutputFiles.checkPlace(path)
  }

  /// Writes the report and returns where it is.
  ///
  /// One in which nothing was measured does not take the place of one with results: it lies beside it.
  func write(_ report: Report) throws -> String {
    guard !report.isMeasured, let old = try? Report(path: self.report), old.isMeasured else {
      try report.write(to: self.report)
      return self.report
    }
    let aside = String(self.report.dropLast(".json".count)) + ".unmeasured.json"
    try report.write(to: aside)
    Console.complain(
      "nothing was measured: \(self.report) is kept as it was, this report is \(aside)")
    return aside
  }

  /// Throws when no file can be made or replaced at a path; makes its folder if need be.
  ///
  /// Called before the work, whose result would be lost.
  static func checkPlace(_ path: String) throws {
    if Locations.isStream(path) { return }
    func refusal(_ reason: String) -> UsageError {
      UsageError(description: "--output \(path): \(reason)")
    }
    guard !path.isEmpty, !path.hasSuffix("/"), !Locations.isFolder(path) else {
      throw refusal("is a folder; name a file in it")
    }
    var folder = "."
    if let slash = path.lastIndex(of: "/") {
      folder = slash == path.startIndex ? "/" : String(path[..<slash])
      try makeFolder(folder)
    }
    // A file is replaced by renaming, so that it is the folder that must be writable.
    guard access(folder, W_OK | X_OK) == 0 else {
      throw refusal(
        "nothing can be written to the folder \(folder): \(String(cString: strerror(errno)))")
    }
  }

  var hasStore: Bool { access(store, F_OK) == 0 }

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
