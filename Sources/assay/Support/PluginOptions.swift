internal import ArgumentParser
internal import Documents
internal import Evaluation
internal import Glibc
internal import PluginHost
internal import Reports
internal import Suites

/// Where plugins are looked for.
struct PluginOptions: ParsableArguments {
  @Option(
    name: [.customShort("p"), .customLong("plugin")],
    help: ArgumentHelp("A plugin file, or a folder of them. May be repeated.", valueName: "path"),
    completion: .file())
  var paths: [String] = []

  /// Where plugins are looked for after the named ones: ASSAY_PLUGIN_PATH, the user's data, beside the
  /// executable.
  static var standardPaths: [String] {
    var result: [String] = []
    if let list = Console.environment("ASSAY_PLUGIN_PATH") {
      result += list.split(separator: ":").map(String.init)
    }
    result.append(Locations.userData + "/plugins")
    result.append(Locations.executableFolder)
    result.append(Locations.executableFolder + "/../lib/assay/plugins")
    return result
  }

  /// Describes every plugin found; a file that cannot be described is told of and left out.
  ///
  /// Plugins that run files name come after those of the command line. That such a one is not there,
  /// or is broken, is for those to tell who check the run file.
  func load(
    with host: PluginHost, pythonFiles: [String] = [], runFiles: [String] = [],
    limits: Limits = Limits()
  ) throws -> Plugins {
    for path in pythonFiles where access(path, R_OK) != 0 {
      throw UsageError(description: "--method \(path.oneLine): there is no such file")
    }
    for path in paths where access(path, R_OK) != 0 {
      throw UsageError(description: "--plugin \(path.oneLine): there is no such file or folder")
    }
    // Files of methods are named as plugins are.
    let paths = pythonFiles + paths
    let named = runFiles.flatMap { (try? RunFile.reading($0).run.plugins) ?? [] }
    let found = PluginHost.find(paths: paths + named + PluginOptions.standardPaths)
    var plugins = Plugins()
    for path in found.files {
      switch host.describe(path, limits: limits) {
      case .success(let description):
        try plugins.add(description, from: path, named: paths + named)
      case .failure(let error):
        // A file that the user named must work; one that merely lies around need not.
        if paths.contains(path) { throw UsageError(description: "\(error)") }
        if named.contains(path) {
          plugins.broken[path] = "\(error)"
        } else {
          Console.complain("warning: \(error)")
          plugins.failures.append(
            Plugins.Failure(path: path, reason: "\(error)", isNamed: isNamed(path)))
        }
      }
    }
    for shadowed in found.shadowed {
      if paths.contains(shadowed.path) {
        Console.complain(
          "warning: \(shadowed.path.oneLine) is not used, for \(shadowed.by.oneLine) has the same "
            + "name and came first")
      } else if case .success(let description) = host.describe(shadowed.path) {
        plugins.note(hidden: description)
      }
    }
    tell(of: plugins.hidden)
    return plugins
  }

  /// Whether the user named the folder of a plugin, by an option or a variable.
  private func isNamed(_ path: String) -> Bool {
    let variable = Console.environment("ASSAY_PLUGIN_PATH") ?? ""
    let folders = paths + variable.split(separator: ":").map(String.init)
    return folders.contains { Plugins.trimmed($0) == Plugins.folder(of: path) }
  }

  private func tell(of hidden: [Plugins.Hidden]) {
    for one in hidden.prefix(3) {
      Console.complain(
        "note: '\(one.id)' of \(one.by.path.oneLine) hides that of \(one.plugin.path.oneLine)")
    }
    if hidden.count > 3 {
      Console.complain("note: \(hidden.count - 3) more methods are hidden by others with their ids")
    }
  }
}

/// The plugins at hand.
struct Plugins {
  /// A method that is not used, for one with its id came first.
  struct Hidden {
    var id: String
    var plugin: PluginDescription
    var by: PluginDescription
  }

  /// A plugin that was found and does not load.
  struct Failure {
    var path: String
    var reason: String
    /// Whether it lies where the user said that plugins are.
    var isNamed: Bool
  }

  private(set) var descriptions: [PluginDescription] = []
  private(set) var hidden: [Hidden] = []
  /// Why plugins that a run file names cannot be used, by path.
  var broken: [String: String] = [:]
  /// The plugins of searched folders that do not load.
  var failures: [Failure] = []
  /// The files found so far, as they were found.
  private var files: [String] = []

  /// Every method with its plugin, sorted by id; the first plugin that has an id wins.
  var methods: [(plugin: PluginDescription, method: MethodDescription)] {
    var seen: Set<String> = []
    let all = descriptions.flatMap { plugin in plugin.methods.map { (plugin, $0) } }
    return all.filter { seen.insert($0.1.id).inserted }.sorted { $0.1.id < $1.1.id }
  }

  /// Whether a method is named by its file in Python.
  static func isPythonFile(_ name: String) -> Bool { name.hasSuffix(".py") }

  /// The id of the method that a name of the command line means: an id itself, or a file in Python.
  func id(of name: String) -> String {
    guard Plugins.isPythonFile(name), let path = Locations.realPath(name) else { return name }
    return descriptions.first { $0.path == path }?.methods.first?.id ?? name
  }

  /// Adds a plugin; throws where a folder that the user named leaves open which of two is meant,
  /// unless the one is a copy of the other.
  mutating func add(
    _ plugin: PluginDescription, from file: String, named: [String]
  ) throws {
    let folder = Plugins.folder(of: file)
    let isScanned = !named.contains(file) && named.contains { Plugins.trimmed($0) == folder }
    for (earlier, path) in zip(descriptions, files) where isScanned && !named.contains(path) {
      let ids = Set(earlier.methods.map(\.id)).intersection(plugin.methods.map(\.id))
      guard let id = ids.min(), earlier.digest != plugin.digest,
        Plugins.folder(of: path) == folder
      else { continue }
      throw UsageError(
        description: "--plugin \(folder.oneLine): both \(path.oneLine) and \(file.oneLine) have a "
          + "method '\(id)'; take one of them away, or name the file that is meant")
    }
    note(hidden: plugin)
    descriptions.append(plugin)
    files.append(file)
  }

  /// Takes note of the methods of `plugin` that are not used; those of a copy are no loss.
  mutating func note(hidden plugin: PluginDescription) {
    for method in plugin.methods {
      guard
        let by = descriptions.first(where: { $0.methods.contains { $0.id == method.id } }),
        by.digest != plugin.digest
      else { continue }
      hidden.append(Hidden(id: method.id, plugin: plugin, by: by))
    }
  }

  /// What a report says of hidden methods whose ids it uses, without the paths of this machine.
  func warnings(on plan: RunPlan) -> [ReportWarning] {
    let used = Set(plan.choices.map(\.method.id))
    func name(_ plugin: PluginDescription) -> String {
      "\(plugin.path.split(separator: "/").last ?? "") (\(plugin.digest.short))"
    }
    return hidden.filter { used.contains($0.id) }.map {
      ReportWarning(
        code: "hidden-method", place: $0.id,
        text: "'\($0.id)' of \(name($0.by)) hides that of \(name($0.plugin))")
    }
  }

  /// What a report says of plugins that did not load, without the paths of this machine.
  ///
  /// Where methods were chosen, a broken file that merely lies around is not of the run.
  func loadFailures(choosing isChosen: Bool) -> [ReportWarning] {
    failures.filter { $0.isNamed || !isChosen }.map { failure in
      let file = (failure.path.split(separator: "/").last.map(String.init) ?? failure.path).oneLine
      let words = failure.reason.split(separator: "'", omittingEmptySubsequences: false).map {
        $0.hasSuffix("/\(file)") ? file : String($0)
      }
      return .loadFailure(plugin: file, reason: words.joined(separator: "'"))
    }
  }

  fileprivate static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { trimmed(String(path[..<$0])) } ?? "."
  }

  fileprivate static func trimmed(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return String(path)
  }
}
