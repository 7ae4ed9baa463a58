internal import ArgumentParser
internal import Datasets
internal import Documents
internal import Glibc
internal import Suites

/// Where data is looked for.
struct DataOptions: ParsableArguments {
  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      "A folder that holds dataset folders, or is one; wins over data elsewhere. May be repeated.",
      valueName: "path"),
    completion: .directory)
  var paths: [String] = []

  /// The folders for suites, which put those of ASSAY_DATA_PATH and of their own in between.
  ///
  /// Throws when a named folder is not there.
  var dataPaths: DataPaths {
    get throws {
      for path in paths where !Locations.isFolder(path) {
        throw UsageError(description: "--data \(path): there is no such folder")
      }
      return DataPaths(named: paths, shipped: Locations.shippedData)
    }
  }

  /// The named folders, then those of ASSAY_DATA_PATH, then the data beside the suites.
  ///
  /// Throws when a named folder is not there.
  var searchPaths: [String] {
    get throws {
      let paths = try dataPaths
      return paths.named + Locations.environmentData + paths.shipped
    }
  }

  /// The folder of a dataset, by its id or as a path.
  ///
  /// A bare name is an id before it is a folder of the working directory, unless nobody named a
  /// folder that has it. Throws where several folders answer; nil where none does.
  func folder(of name: String) throws -> String? {
    let paths = try dataPaths
    if name.contains("/") { return Locations.isDataset(name) ? name : nil }
    let named = paths.named + Locations.environmentData
    if let folder = try find(name, in: named, beside: paths.shipped) { return folder }
    return Locations.isDataset(name) ? name : try find(name, in: paths.shipped)
  }

  private func find(
    _ id: String, in folders: [String], beside others: [String] = []
  ) throws -> String? {
    switch DatasetShelves(folders).find(id) {
    case .absent: return nil
    case .found(let folder, let hidden):
      var all = hidden
      if case .found(let other, _) = DatasetShelves(others).find(id) { all.append(other) }
      Locations.tell(of: all, hiddenBy: folder, id)
      return folder
    case .ambiguous(let places):
      throw UsageError(
        description:
          "\(places.joined(separator: " and ")) all have the id '\(id)'; give the path of "
          + "the one that is meant")
    }
  }
}

/// Folders of this installation and this user.
enum Locations {
  static var executableFolder: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(
      decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// The running executable.
  static var executable: String { executableFolder + "/assay" }

  static var userData: String {
    if let folder = Console.environment("XDG_DATA_HOME") { return folder + "/assay" }
    return (Console.environment("HOME") ?? "") + "/.local/share/assay"
  }

  /// The file of a suite or run: a path, or the name of a suite in a `suites` folder, such as
  /// `few-shot` or `claims/gda`.
  static func suiteFile(_ name: String) throws -> String {
    if access(name, R_OK) == 0, !isFolder(name) {
      try refuseOther(name)
      return name
    }
    let folders = suiteFolders
    for folder in folders where !name.hasPrefix("/") {
      let path = "\(folder)/\(name).json"
      if access(path, R_OK) == 0 { return path }
    }
    let near = nearestName(to: name, in: suites.map(\.name))
    throw UsageError(
      description: "there is no suite '\(name)': no such file, and no \(name).json in "
        + folders.joined(separator: ", ") + "; "
        + (near.map { "did you mean '\($0)'?" } ?? "'assay list suites' names what is there"))
  }

  /// Refuses a file that says it is something else than a suite or a run, in place of all that its
  /// schema would find missing.
  private static func refuseOther(_ path: String) throws {
    // What can be read only once is left to the one who reads it.
    guard !isStream(path) else { return }
    let document = try? Document.reading(path: path, schema: nil).document
    let others = [
      "assay.dataset/1": "the manifest of a dataset", "assay.diff/1": "a diff",
      "assay.ledger/1": "a ledger", "assay.report/2": "a report",
    ]
    guard let schema = document?.value["schema"]?.string, let kind = others[schema] else { return }
    let more = schema == "assay.report/2" ? "; 'assay rerun \(path)' runs its trials again" : ""
    throw UsageError(
      description: "\(path): is \(kind) ('\(schema)'), where a suite or a run file is wanted"
        + more)
  }

  /// The files of suites or runs; the error names all that are not there.
  static func suiteFiles(_ names: [String]) throws -> [String] {
    var files: [String] = []
    var failures: [String] = []
    for name in names {
      do {
        files.append(try suiteFile(name))
      } catch {
        failures.append("\(error)")
      }
    }
    guard failures.isEmpty else {
      throw UsageError(description: failures.joined(separator: "\n"))
    }
    return files
  }

  /// The file of a suite that a run file names: a path, or the bare name of a suite that ships.
  static func suiteFile(ofRunFile path: String) throws -> String {
    if path.hasSuffix(".json") || access(path, R_OK) == 0 { return path }
    return try suiteFile(path.split(separator: "/").last.map(String.init) ?? path)
  }

  /// The file of a suite by its id or path, and the ids of all suites that are there.
  static func suite(named name: String) -> (path: String?, names: [String]) {
    let isNamed = suites.contains { $0.name == name }
    if !isNamed, name.contains("/") || name.hasSuffix(".json") {
      let isSuite = access(name, R_OK) == 0 && !isFolder(name) && !name.hasSuffix("dataset.json")
      return (isSuite ? name : nil, [])
    }
    let all = suites
    // The part of a name after its folder will do where no suite has the whole of it.
    let found = all.first { $0.name == name } ?? all.first { $0.name.hasSuffix("/\(name)") }
    return (found?.path, all.map(\.name))
  }

  /// The suites that can be named, and their files: those of each folder, then those of its folders
  /// `claims` and `local`.
  static var suites: [(name: String, path: String)] {
    var seen: Set<String> = []
    return suiteFolders.flatMap { folder in
      ["", "claims/", "local/"].flatMap { part in
        entries(of: "\(folder)/\(part)").filter { $0.hasSuffix(".json") }.map { file in
          (name: part + file.dropLast(".json".count), path: "\(folder)/\(part)\(file)")
        }
      }
    }.filter { seen.insert($0.name).inserted }
  }

  /// Whether a path is a dataset folder, or its manifest.
  static func isDataset(_ path: String) -> Bool {
    path.hasSuffix("/dataset.json") || access("\(path)/dataset.json", R_OK) == 0
  }

  /// Tells of datasets that are not used, for another with their id came first; copies are no loss.
  static func tell(of hidden: [String], hiddenBy folder: String, _ id: String) {
    guard !hidden.isEmpty, let own = try? Dataset.open(folder) else { return }
    for other in hidden where (try? Dataset.open(other))?.digest != own.digest {
      Console.complain("warning: '\(id)' of \(folder) hides that of \(other)")
    }
  }

  /// The folders of ASSAY_DATA_PATH.
  static var environmentData: [String] {
    Console.environment("ASSAY_DATA_PATH")?.split(separator: ":").map(String.init) ?? []
  }

  /// The data beside the suites that ship.
  static var shippedData: [String] {
    suiteFolders.map { $0 + "/data" }.filter(isFolder)
  }

  /// Folders whose `*.json` files are suites.
  static var suiteFolders: [String] {
    let listed = Console.environment("ASSAY_SUITE_PATH")?.split(separator: ":").map(String.init)
    // Installed, or built in a checkout: three folders up from .build/<platform>/release.
    let own = realPath("suites")
    return (listed ?? []) + ["suites"]
      + ["/../share/assay/suites", "/../../../suites"].compactMap {
        realPath(executableFolder + $0)
      }
      .filter { isFolder($0) && $0 != own }
  }

  /// The published values, in the working directory or beside the suites that ship.
  static func publishedLedger() throws -> String {
    let places = ["ledger"] + suiteFolders.map { "\($0)/../ledger" }
    let files = places.map { "\($0)/published.json" }
    if let file = files.first(where: { access($0, R_OK) == 0 }) { return realPath(file) ?? file }
    throw UsageError(
      description: "there is no ledger/published.json, neither here nor beside the suites; "
        + "name one with --ledger")
  }

  /// The folder of AssayKit's package: installed, or the checkout that this was built in.
  static var kit: String? {
    ["/../share/assay/AssayKit", "/../../.."].compactMap { realPath(executableFolder + $0) }
      .first { access("\($0)/Sources/AssayKit", R_OK) == 0 }
  }

  /// The path without links and dots; nil where nothing is there.
  static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a path is a pipe or a device, which can be read only once.
  static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// The names in a folder, sorted; empty when it cannot be read.
  static func entries(of folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
