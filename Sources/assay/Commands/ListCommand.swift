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
    commandName: "list", abstract: "Lists methods, suites, tasks, metrics or datasets.",
    discussion: """
      Suites are listed by the names that 'assay run' takes: those of publications' claims begin \
      with claims/, those on features of your own with local/. 'assay list claims' lists the former.
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case methods, suites, claims, tasks, metrics, datasets
  }

  @Argument(help: "methods, suites, claims, tasks, metrics or datasets.")
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
      case .suites: suites { _ in true }
      case .claims: suites { $0.hasPrefix("claims/") }
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
          ("tasks", tasks(of: method).joined(separator: ",")), ("summary", method.summary),
        ], hidden: [("plugin", plugin.path)])
    }
  }

  /// The tasks in the order of the claims, of which several may be of one task.
  private func tasks(of method: MethodDescription) -> [String] {
    method.claims.map(\.task).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func suites(_ isWanted: (String) -> Bool) -> [Row] {
    Locations.suites.filter { isWanted($0.name) }.compactMap { name, path in
      let shipped = DataPaths(named: [], shipped: Locations.shippedData)
      guard let suite = SuiteHead(path, dataPaths: shipped) else { return nil }
      return Row(
        [
          ("name", name), ("version", suite.version), ("task", suite.task),
          ("title", suite.title),
        ], hidden: [("id", suite.id), ("path", path)])
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
