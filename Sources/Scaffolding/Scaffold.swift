internal import Glibc
internal import Tensors

/// Why a scaffold cannot be made.
package struct ScaffoldError: Error, Equatable, CustomStringConvertible {
  package var description: String
}

/// A folder of files to start from, made in memory and written at once.
///
///     let scaffold = try Scaffold.plugin("my-method", language: .c)
///     try scaffold.write(to: "my-method")
package struct Scaffold: Sendable {
  package enum Language: String, CaseIterable, Sendable { case c, swift, python }

  /// The text files by their paths in the folder.
  package private(set) var texts: [String: String] = [:]
  private var arrays: [String: Tensor] = [:]
  /// The suite that continuous integration runs.
  private var suiteFile = ""

  /// Every path, sorted.
  package var paths: [String] { (Array(texts.keys) + arrays.keys).sorted() }

  // MARK: Kinds

  /// A plugin with one method, and a test that runs it on planted data.
  ///
  /// `kit` is the folder of AssayKit's package, which a plugin in Swift builds on.
  package static func plugin(
    _ name: String, language: Language, kit: String
  ) throws(ScaffoldError) -> Scaffold {
    let words = try Words(name)
    var scaffold = Scaffold()
    switch language {
    case .c:
      scaffold.add("\(name).c", cPlugin, words)
      scaffold.texts["assay.h"] = assayHeader
      scaffold.texts["assay_helpers.h"] = assayHelpers
      scaffold.add("Makefile", cMakefile, words)
      scaffold.add("README.md", cReadme, words)
      scaffold.add(".github/workflows/assay.yml", pluginWorkflow, words)
    case .swift:
      scaffold.add("Sources/\(words.type)/\(words.type).swift", swiftPlugin, words)
      scaffold.texts["Package.swift"] = words.fill(swiftPackage).replacing("{{kit}}", with: kit)
      scaffold.add("Makefile", swiftMakefile, words)
      scaffold.add("README.md", swiftReadme, words)
      scaffold.add(".github/workflows/assay.yml", pluginWorkflow, words)
    case .python:
      scaffold.add("\(words.symbol).py", pythonMethod, words)
      scaffold.add("Makefile", pythonMakefile, words)
      scaffold.add("README.md", pythonReadme, words)
      scaffold.add(".github/workflows/assay.yml", pythonWorkflow, words)
    }
    scaffold.add(".gitignore", ignored, words)
    scaffold.addSuite("test/suite.json", id: "\(name)-test", ledger: "test/ledger.json", words)
    return scaffold
  }

  /// A suite with data of its own.
  package static func suite(_ name: String) throws(ScaffoldError) -> Scaffold {
    let words = try Words(name)
    var scaffold = Scaffold()
    scaffold.suiteFile = "\(name).json"
    scaffold.addSuite("\(name).json", id: name, ledger: "ledger.json", words)
    scaffold.add("Makefile", suiteMakefile, words)
    scaffold.add("README.md", suiteReadme, words)
    scaffold.add(".gitignore", ignored, words)
    scaffold.add(".github/workflows/assay.yml", suiteWorkflow, words)
    return scaffold
  }

  /// A dataset folder of planted data, to be filled with real arrays.
  package static func dataset(_ name: String) throws(ScaffoldError) -> Scaffold {
    let words = try Words(name)
    var scaffold = Scaffold()
    scaffold.suiteFile = "suite.json"
    scaffold.addData("", id: name, words)
    scaffold.add("suite.json", datasetSuite, words)
    scaffold.add("Makefile", datasetMakefile, words)
    scaffold.add("README.md", datasetReadme, words)
    scaffold.add(".gitignore", ignored, words)
    scaffold.add(".github/workflows/assay.yml", suiteWorkflow, words)
    return scaffold
  }

  private mutating func add(_ path: String, _ template: String, _ words: Words) {
    texts[path] = words.fill(template).replacing("{{suite_file}}", with: suiteFile)
  }

  /// A suite file with its planted data and the ledger that its test is held against.
  private mutating func addSuite(_ path: String, id: String, ledger: String, _ words: Words) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    texts[path] = words.fill(plantedSuite).replacing("{{suite}}", with: id)
    texts[ledger] = words.fill(plantedLedger).replacing("{{suite}}", with: id)
    addData("\(folder)data/planted/", id: "planted", words)
  }

  private mutating func addData(_ folder: String, id: String, _ words: Words) {
    texts["\(folder)dataset.json"] = words.fill(plantedManifest).replacing("{{id}}", with: id)
    for (name, tensor) in plantedArrays() { arrays["\(folder)\(name)"] = tensor }
  }

  // MARK: Writing

  /// Writes the files into a folder that is not there yet, or is empty.
  package func write(to folder: String) throws {
    try makeFolder(folder)
    guard isEmpty(folder) else {
      throw ScaffoldError(
        description: "the folder \(folder) is not empty; name one that is not there yet")
    }
    for path in paths {
      let place = "\(folder)/\(path)"
      if let slash = place.lastIndex(of: "/") { try makeFolder(String(place[..<slash])) }
      if let text = texts[path] {
        try write(text, to: place)
      } else {
        try arrays[path]?.writeNPY(to: place)
      }
    }
  }

  private func write(_ text: String, to path: String) throws(ScaffoldError) {
    guard let file = fopen(path, "we") else {
      throw ScaffoldError(description: "cannot write \(path): \(String(cString: strerror(errno)))")
    }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else {
      throw ScaffoldError(description: "cannot write \(path): the disk may be full")
    }
  }

  private func makeFolder(_ path: String) throws(ScaffoldError) {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + part
      guard mkdir(partial, 0o777) == 0 || errno == EEXIST else {
        throw ScaffoldError(
          description: "cannot make the folder \(partial): \(String(cString: strerror(errno)))")
      }
    }
  }

  private func isEmpty(_ path: String) -> Bool {
    guard let folder = opendir(path) else { return false }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count == 2
  }
}

/// The names that a scaffold is made of.
struct Words {
  /// As given: `my-method`.
  let name: String
  /// As a C identifier: `my_method`.
  let symbol: String
  /// As a Swift type: `MyMethod`.
  let type: String

  init(_ name: String) throws(ScaffoldError) {
    let isFine =
      name.utf8.count <= 64 && name.first?.isLetter == true && name.last != "-"
      && !name.contains("--")
      && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    guard isFine else {
      throw ScaffoldError(
        description: "'\(name)' is no name here: lower-case letters, digits and single '-', "
          + "beginning with a letter, at most 64; such as my-method")
    }
    self.name = name
    symbol = name.replacing("-", with: "_")
    type = name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  func fill(_ template: String) -> String {
    template.replacing("{{name}}", with: name).replacing("{{symbol}}", with: symbol)
      .replacing("{{type}}", with: type)
  }
}
