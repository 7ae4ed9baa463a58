internal import Contracts
internal import Documents
internal import Glibc
internal import Metrics

/// A method that is a file of Python: its own files, copied, and what it may read of the interpreter.
struct PythonMethod: Sendable {
  /// Such as `Python 3.11.7, numpy 2.4.6`.
  let runtime: String
  /// The folder with copies of the method's own files.
  let sources: String
  /// Lines that tell it from others, besides the library that runs it.
  let identity: [String]
  /// Files and folders that a worker may read: the interpreter's, the copies, and nothing else.
  let readable: [String]
  /// Files that stand where packages look for others: copies of what says which processor this is, and
  /// bytes in place of a device.
  let standIns: [StandIn]
  /// Variables of its workers.
  let environment: [String]
  private let card: String

  /// Whether a path is that of a file of Python.
  static func isNamed(by path: String) -> Bool { path.hasSuffix(".py") }

  /// The library that runs such files.
  static let libraryName = "libassay-python.so"

  /// Copies the file at `path` and the files beside it that it imports into a part of `base`.
  init(_ path: String, folder base: String, _ room: inout Int) throws(PluginError) {
    let interpreter = try PythonInterpreter(for: path)
    sources = "\(base)/python"
    card = "\(base)/card"
    let root = folder(of: path)
    var lines: [String] = []
    for source in interpreter.sources where source.hasPrefix(root + "/") {
      let name = String(source.dropFirst(root.utf8.count + 1))
      PythonMethod.makeFolders(for: "python/\(name)", in: base)
      let copy = try StagedPlugin.copy(
        try StagedPlugin.open(source), source, into: sources, as: name, &room)
      lines.append("\(name) \(copy.digest)\n")
    }
    let versions = interpreter.packages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    runtime = (["Python \(interpreter.version)"] + versions).joined(separator: ", ")
    identity = lines.sorted() + [runtime + "\n"]
    standIns = try StandIn.make(in: base)
    readable =
      PythonMethod.files(of: interpreter)
      + [SystemLibraries.cachePath, sources, card] + standIns.map(\.path)
    environment =
      [
        "ASSAY_PYTHON_LIBRARY=\(interpreter.library)",
        "ASSAY_PYTHON_EXECUTABLE=\(interpreter.executable)",
        "ASSAY_PYTHON_METHOD=\(sources)/\(lastName(of: path))", "ASSAY_PYTHON_CARD=\(card)",
        "PYTHONDONTWRITEBYTECODE=1", "PYTHONHASHSEED=0", "PYTHONUTF8=1", "PYTHONUNBUFFERED=1",
      ] + (interpreter.userBase.isEmpty ? [] : ["PYTHONUSERBASE=\(interpreter.userBase)"])
  }

  private static func makeFolders(for name: String, in base: String) {
    var path = base
    for part in name.split(separator: "/").dropLast() {
      path += "/\(part)"
      mkdir(path, 0o755)
    }
  }

  /// The folders of the interpreter, the libraries that its modules need, and no other folder.
  private static func files(of interpreter: PythonInterpreter) -> [String] {
    let folders = interpreter.folders.filter { folder in
      !interpreter.folders.contains { folder.hasPrefix($0 + "/") }
    }
    var search = LibrarySearch(mostNames: 4096, mostTries: 200_000)
    for path in [interpreter.library] + folders.flatMap({ libraries(in: $0, depth: 0) }) {
      guard let file = try? LibraryFile(path), let elf = ELFFile(file.descriptor) else { continue }
      search.add(neededBy: elf, at: path)
    }
    let own = search.own.map(\.path).filter { path in
      !folders.contains { path.hasPrefix($0 + "/") }
    }
    return folders + interpreter.files + [interpreter.library] + (own + search.system).sorted()
  }

  /// The shared libraries below a folder.
  private static func libraries(in folder: String, depth: Int) -> [String] {
    guard depth < 16, let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." || name == "__pycache__" { continue }
      if entry.pointee.d_type == DT_DIR {
        found += libraries(in: "\(folder)/\(name)", depth: depth + 1)
      } else if name.hasSuffix(".so") || name.contains(".so.") {
        found.append("\(folder)/\(name)")
      }
    }
    return found
  }

  /// The library that runs methods in Python: beside the executable, or where plugins are installed.
  static func library(_ executable: String) throws(PluginError) -> String {
    let home = folder(of: linkTarget(executable) ?? executable)
    for folder in [home, "\(home)/../lib/assay/plugins"] {
      if let path = realpath("\(folder)/\(libraryName)", nil) {
        defer { free(path) }
        return String(cString: path)
      }
    }
    throw PythonInterpreter.problem(
      "\(libraryName), which runs methods in Python, is not beside the executable in \(home)")
  }

  /// Keeps what the method says of itself, so that its next workers start Python only for a trial.
  func keep(_ description: PluginDescription) {
    guard access(card, F_OK) != 0, let text = PythonMethod.card(of: description) else { return }
    var template = Array("\(card)-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return }
    let isWritten = writeAll(Array(text.utf8), to: descriptor)
    fchmod(descriptor, 0o444)
    close(descriptor)
    if !isWritten || rename(template, card) != 0 { unlink(template) }
  }

  /// The form of `card.h`.
  private static func card(of description: PluginDescription) -> String? {
    guard let method = description.methods.first else { return nil }
    var strings = [
      method.id, method.version, method.summary, method.license, method.references,
      method.configSchema.canonicalText, "\(method.flags.rawValue)", "\(method.claims.count)",
    ]
    for claim in method.claims {
      strings += [claim.task, "\(claim.version.major)", "\(claim.version.minor)"]
      strings.append("\(claim.inputs.count)")
      for input in claim.inputs { strings += [input.name, input.isRequired ? "1" : "0"] }
    }
    for claim in method.claims {
      guard let contract = Contract.named(claim.task) else { continue }
      for spec in contract.fit + contract.predict + contract.outputs {
        strings += [
          spec.name, spec.dtypes.map(\.rawValue).joined(separator: " "),
          spec.shape.map(PythonMethod.word).joined(separator: " "), spec.rebinds ?? "",
        ]
      }
    }
    return strings.map { $0 + "\0" }.joined()
  }
}

extension PythonMethod {
  private static func word(_ dimension: Dimension) -> String {
    switch dimension {
    case .fixed(let extent): "\(extent)"
    case .symbol(let symbol): symbol
    case .successor(let symbol): "\(symbol)+1"
    }
  }
}

extension StagedPlugin {
  /// The seconds for loading and `create`: interpreters and their packages take longer than
  /// libraries, on a busy machine much longer.
  func loadSeconds(_ asked: Double) -> Double { python == nil ? asked : max(asked, 120) }
}
