internal import ArgumentParser
internal import Contracts
internal import Datasets
internal import Documents
internal import Metrics
internal import PluginHost
internal import Reports

/// The names that a shell may complete, looked up when they are asked for.
enum Completions {
  /// Suites by name, and JSON files.
  static let suites = CompletionKind.custom { _, _, prefix in
    Locations.suites.map(\.name) + files(prefix, ending: ".json")
  }
  static let methods = CompletionKind.custom { _, _, _ in methodNames }
  static let metrics = CompletionKind.custom { _, _, _ in MetricInfo.all.map(\.key) }
  static let datasets = CompletionKind.custom { _, _, _ in datasetNames }
  static let schemas = CompletionKind.custom { _, _, _ in SchemaCommand.schemas.keys.sorted() }
  static let baselines = CompletionKind.custom { _, _, _ in BaselineFolder().names }
  /// Everything that `info` knows.
  static let everything = CompletionKind.custom { _, _, prefix in
    Contract.all.map(\.task) + MetricInfo.all.map(\.key) + methodNames
      + Locations.suites.map(\.name) + datasetNames + files(prefix, ending: ".json")
  }

  private static var datasetNames: [String] {
    DatasetShelves(Locations.environmentData + Locations.shippedData).all.map(\.id)
  }

  private static var methodNames: [String] {
    let host = PluginHost()
    let found = PluginHost.find(paths: PluginOptions.standardPaths)
    let ids = found.files.flatMap { file -> [String] in
      guard case .success(let plugin) = host.describe(file) else { return [] }
      return plugin.methods.map(\.id)
    }
    return Set(ids).sorted()
  }

  /// The files with an ending, and the folders, that a word may become.
  private static func files(_ prefix: String, ending: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    return Locations.entries(of: folder.isEmpty ? "." : folder).compactMap { name in
      let path = folder + name
      guard !name.hasPrefix(".") else { return nil }
      if Locations.isFolder(path) { return path + "/" }
      return name.hasSuffix(ending) ? path : nil
    }
  }
}
