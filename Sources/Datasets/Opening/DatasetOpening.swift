internal import Documents
internal import Tensors

/// The steps from a manifest to a dataset; each step ends with all its problems at once.
struct DatasetOpening {
  let document: Document
  private let folder: DatasetFolder
  let manifest: DatasetManifest
  var problems: [DocumentProblem] = []
  /// Resolved paths by the manifest's paths.
  var files: [String: String] = [:]
  var fileDigests: [String: Digest] = [:]
  /// Files that are open already, by resolved path: stacked arrays are mapped once.
  var mapped: [String: Tensor] = [:]
  var safetensors: [String: SafetensorsFile] = [:]
  var digest = Digest(of: "")

  init(document: Document, folder: DatasetFolder) {
    self.document = document
    self.folder = folder
    manifest = DatasetManifest(document.value)
  }

  mutating func open() throws(DatasetError) -> Dataset {
    let dataset = try examine()
    try endStep(.badShape)
    return dataset
  }

  /// Opens the dataset as far as its files can be read: what does not fit stays among the problems.
  mutating func examine() throws(DatasetError) -> Dataset {
    resolveFiles()
    try endStep(.badFile)
    hashFiles()
    let classes = names(manifest.classes, "/classes")
    let templates = names(manifest.templates, "/templates")
    let groupNames = manifest.groups.sorted { $0.key < $1.key }.map {
      ($0.key, names($0.value.names, JSONPointer.appending($0.key, to: "/groups") + "/names"))
    }
    let targetClasses = manifest.targets.map { names($0.classes, "\($0.pointer)/classes") }
    let shiftClasses = manifest.shifts.map { names($0.classes, "\($0.pointer)/classes") }
    var loaded: [ArrayReference: DatasetArray] = [:]
    for reference in manifest.references { loaded[reference] = load(reference) }
    try endStep(.badFile)
    var checks = DatasetChecks(
      manifest: manifest, classes: classes, templates: templates, arrays: loaded,
      groupNames: Dictionary(uniqueKeysWithValues: groupNames), targetClasses: targetClasses)
    let groups = checks.groups()
    let splitLabels = checks.splits()
    let units = checks.units()
    let targets = checks.targets()
    let shots = checks.shots(trainLabels: splitLabels["train"])
    var shiftRows: [Int: [Int]] = [:]
    for (index, shift) in manifest.shifts.enumerated() {
      guard let selection = shift.testRows else { continue }
      let count = manifest.arrays["test.features"].flatMap { loaded[$0]?.shape[0] } ?? 0
      shiftRows[index] = rows(selection, of: count, "\(shift.pointer)/test_rows")
    }
    let shifts = checks.shifts(
      testRows: shiftRows, classNames: shiftClasses, testLabels: splitLabels["test"])
    let outOfDistribution = checks.outOfDistribution()
    let cases = manifest.cases.map { Dataset.Case($0, arrays: loaded) }
    checks.cases(cases)
    checks.names()
    let parts = checks.parts(labels: splitLabels, shots: shots, shifts: shifts, cases: cases)
    checks.classCounts(in: parts)
    checks.overlaps(among: parts)
    checks.repeats(in: parts)
    problems += checks.problems
    return Dataset(
      folder: folder.path, manifest: manifest, digest: digest, classes: classes,
      templates: templates,
      arrays: manifest.arrays.compactMapValues { loaded[$0] }, shots: shots, shifts: shifts,
      outOfDistribution: outOfDistribution, groups: groups, units: units, targets: targets,
      cases: cases, extra: manifest.extra.compactMapValues { loaded[$0.array] },
      findings: checks.findings.sorted { $0.severity < $1.severity }, comparedParts: parts,
      splitLabels: splitLabels)
  }

  func endStep(_ code: DatasetError.Code) throws(DatasetError) {
    guard problems.isEmpty else { throw DatasetError(code, document.error(problems)) }
  }

  // MARK: Files

  /// An error of what a schema has against the manifest, and of the files that are not there.
  mutating func error(beside found: [DocumentProblem]) -> DocumentError {
    resolveFiles()
    return DocumentError(path: document.source.path, problems: document.joining(found, problems))
  }

  private mutating func resolveFiles() {
    let ofArrays = manifest.references.flatMap { reference in
      reference.files.map { ($0, reference.pointer) }
    }
    // A reference without a file has been told of.
    for (file, pointer) in manifest.plainFiles.map({ ($0.file, $0.pointer) }) + ofArrays
    where !file.isEmpty {
      do throws(DatasetFolder.Refusal) {
        files[file] = try folder.file(file)
      } catch {
        report(pointer, error.message)
      }
    }
  }

  private mutating func hashFiles() {
    for (file, resolved) in files {
      if let digest = digestOfFile(resolved) {
        fileDigests[file] = digest
      } else {
        report("", "'\(file)' cannot be read")
      }
    }
    digest = Digest(of: [
      "manifest": document.value,
      "files": .object(fileDigests.mapValues { .string($0.description) }),
    ])
  }

  mutating func names(_ list: NameList?, _ pointer: String) -> [String] {
    switch list {
    case .inline(let names): return names
    case .file(let file):
      guard let text = files[file].flatMap(textOfFile) else {
        report(pointer, "'\(file)' is not a UTF-8 text file")
        return []
      }
      // A mark at the start says how the file is encoded, and is no part of the first line.
      var unmarked = text.unicodeScalars[...]
      if unmarked.first == "\u{FEFF}" { unmarked = unmarked.dropFirst() }
      // Scalars, not characters: "\r\n" is one character.
      var lines = unmarked.split(separator: "\n", omittingEmptySubsequences: false)
        .map { String($0.last == "\r" ? $0.dropLast() : $0) }
      if lines.last == "" { lines.removeLast() }
      if let empty = lines.firstIndex(of: "") {
        report(pointer, "line \(empty + 1) of '\(file)' is empty")
      }
      return lines
    case nil: return []
    }
  }

  mutating func report(_ pointer: String, _ message: String) {
    problems.append(DocumentProblem(pointer: pointer, message: message))
  }
}
