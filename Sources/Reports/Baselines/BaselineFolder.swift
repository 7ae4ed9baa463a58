internal import Documents
package import Evaluation
internal import Glibc

/// The named baselines of a working directory: `.assay/baselines/NAME/` with the report and its
/// per-sample outcomes, small enough to be committed.
package struct BaselineFolder: Sendable {
  package let path: String

  package init(path: String = ".assay/baselines") { self.path = path }

  /// The names of the baselines, sorted.
  package var names: [String] {
    entries(of: path).filter {
      BaselineFolder.isName($0) && access(reportPath($0), F_OK) == 0
    }.sorted()
  }

  /// Where the report of a baseline lies; throws when there is no such baseline.
  package func report(named name: String) throws(ReportError) -> String {
    let names = names
    guard names.contains(name) else {
      let hint = nearestName(to: name, in: names).map { "; did you mean '\($0)'?" }
      let known = names.isEmpty ? "" : "; there are \(names.joined(separator: ", "))"
      throw ReportError(
        description: "there is no baseline '\(name)' in \(path)" + (hint ?? known)
          + (names.isEmpty ? "; save one with 'assay baseline save NAME REPORT'" : ""))
    }
    return reportPath(name)
  }

  /// Keeps a report with its per-sample outcomes under a name, in place of what had that name.
  ///
  /// Returns whether something was replaced. The baseline changes at once or not at all.
  package func save(
    _ report: Report, samples: TrialStore, named name: String
  ) throws -> Bool {
    guard BaselineFolder.isName(name) else {
      throw ReportError(
        description: "'\(name)' is no name for a baseline: letters, digits, '.', '_' and '-', "
          + "at most 100, not beginning with '.' or '-'")
    }
    let place = "\(path)/\(name)"
    let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let fresh = "\(path)/.\(name).\(suffix).new"
    let old = "\(path)/.\(name).\(suffix).old"
    do {
      try makeFolders(fresh)
      let store = TrialStore(besideReport: "\(fresh)/report.json")
      let missing = try store.copy(report.sampleDigests, from: samples)
      guard missing.isEmpty else {
        throw ReportError(
          description: "\(samples.path) lacks \(missing.count) of the report's per-sample "
            + "columns, without which nothing can be compared row by row; run the trials again")
      }
      store.close()
      try report.write(to: "\(fresh)/report.json")
      let replaces = rename(place, old) == 0
      guard rename(fresh, place) == 0 else {
        let reason = systemMessage()
        if replaces { rename(old, place) }
        throw ReportError(description: "\(place) cannot be written: \(reason)")
      }
      if replaces { removeFolder(old) }
      return replaces
    } catch {
      removeFolder(fresh)
      throw error
    }
  }

  private func reportPath(_ name: String) -> String { "\(path)/\(name)/report.json" }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.first, first != ".", first != "-", name.utf8.count <= 100 else {
      return false
    }
    return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }

  private func makeFolders(_ path: String) throws(ReportError) {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + part
      guard mkdir(partial, 0o777) == 0 || errno == EEXIST else {
        throw ReportError(description: "the folder \(partial) cannot be made: \(systemMessage())")
      }
    }
  }

  /// Removes a folder that this type made: a report and its store.
  private func removeFolder(_ path: String) {
    for name in entries(of: path) {
      if unlink("\(path)/\(name)") != 0 { removeFolder("\(path)/\(name)") }
    }
    rmdir(path)
  }

  private func entries(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.filter { $0 != "." && $0 != ".." }
  }
}
