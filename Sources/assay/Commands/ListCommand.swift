internal import ArgumentParser
internal import Contracts
internal import Datasets
internal import Documents
internal import Metrics
internal import PluginHost
internal import Suites

/// `assay list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists methods, suites, tasks, metrics or datasets.")

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case methods, suites, tasks, metrics, datasets
  }

  @Argument(help: "methods, suites, tasks, metrics or datasets.")
  var kind = Kind.methods
  @Flag(help: "As JSON.")
  var json = false
  @OptionGroup var pluginOptions: PluginOptions
  @OptionGroup var dataOptions: DataOptions

  func run() throws {
    let folders = try dataOptions.searchPaths
    let rows =
      switch kind {
      case .methods: try methods()
      case .suites: suites()
      case .tasks: tasks()
      case .metrics: metrics()
      case .datasets: datasets(in: folders)
      }
    if json {
      Console.say(JSON.object([kind.rawValue: .array(rows.map(\.json))]).prettyText)
    } else {
      Console.say(rows.isEmpty ? "there are no \(kind.rawValue)" : Row.table(rows))
    }
  }

  private func methods() throws -> [Row] {
    try pluginOptions.load(with: PluginHost()).methods.map { plugin, method in
      Row(
        [
          ("id", method.id), ("version", method.version),
          ("tasks", method.claims.map(\.task).joined(separator: ",")), ("summary", method.summary),
        ], hidden: [("plugin", plugin.path)])
    }
  }

  private func suites() -> [Row] {
    Locations.suiteFolders.flatMap { folder in
      Locations.entries(of: folder).filter { $0.hasSuffix(".json") }.compactMap { name in
        let path = "\(folder)/\(name)"
        guard let suite = try? Document.read(path: path, schema: SuiteSchema.schema()) else {
          return nil
        }
        return Row(
          [
            ("id", suite["id"]?.string ?? ""), ("version", suite["version"]?.string ?? ""),
            ("task", suite["task"]?.string ?? ""), ("title", suite["title"]?.string ?? ""),
          ], hidden: [("path", path)])
      }
    }
  }

  private func tasks() -> [Row] {
    Contract.all.map { contract in
      Row([
        ("task", contract.task), ("version", contract.version.description),
        ("summary", contract.summary),
      ])
    }
  }

  private func metrics() -> [Row] {
    MetricInfo.all.map { metric in
      Row([
        ("key", metric.key),
        ("better", metric.direction == .neutral ? "neither" : metric.direction.rawValue),
        ("summary", metric.summary),
      ])
    }
  }

  /// Every dataset once, the one that its id stands for; what is hidden or broken is told of.
  private func datasets(in folders: [String]) -> [Row] {
    var rows: [(id: String, row: Row)] = []
    let shelves = DatasetShelves(folders)
    var seen: Set<String> = []
    for (id, folder) in shelves.all where seen.insert(id).inserted {
      guard case .found(let chosen, let hidden) = shelves.find(id) else {
        Console.complain("warning: several folders beside \(folder) have the id '\(id)'")
        continue
      }
      do {
        let dataset = try Dataset.open(chosen)
        Locations.tell(of: hidden, hiddenBy: chosen, id)
        rows.append(
          (
            id,
            Row(
              [
                ("id", dataset.id), ("version", dataset.version),
                ("title", dataset.manifest.title),
              ], hidden: [("path", chosen), ("digest", dataset.digest.description)])
          ))
      } catch {
        Console.complain("warning: \(chosen) cannot be opened: \(error)")
      }
    }
    return rows.map(\.row)
  }
}
