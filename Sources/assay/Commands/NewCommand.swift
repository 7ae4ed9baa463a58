internal import ArgumentParser
internal import Glibc
internal import Scaffolding

/// `assay new`.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Makes a plugin, a suite or a dataset to start from.",
    discussion: """
      The folder holds all that is needed, a test ('make test'), and a CI file that runs the suite \
      and posts the difference to the baseline 'main' on each pull request.

      Examples:
        assay new plugin my-method --lang c
        assay new plugin my-method --lang python
        assay new suite my-suite
        assay new dataset my-data -o data/my-data
      """,
    subcommands: [Plugin.self, Suite.self, Dataset.self])

  /// What all kinds share.
  struct Place: ParsableArguments {
    @Argument(help: "Lower-case letters, digits and '-', such as my-method.")
    var name: String
    @Option(name: .shortAndLong, help: "The folder; the name by default.", completion: .directory)
    var output: String?

    func write(_ scaffold: Scaffold) throws {
      let folder = output ?? name
      try scaffold.write(to: folder)
      Console.note(
        "made \(scaffold.paths.count) files in \(folder); next: cd \(folder) && make test"
          + setting)
    }

    /// What make has to be told where the shell would not find `assay`.
    private var setting: String {
      let folders = (Console.environment("PATH") ?? "").split(separator: ":")
      if folders.contains(where: { access("\($0)/assay", X_OK) == 0 }) { return "" }
      let path = Locations.executable
      return path.contains(" ") ? " ASSAY='\(path)'" : " ASSAY=\(path)"
    }
  }

  struct Plugin: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A method plugin that builds and runs as it is.")
    @OptionGroup var place: Place
    @Option(name: .customLong("lang"), help: "c, swift or python.") var language: Scaffold.Language

    func run() throws {
      // Without one, the package says where it would lie and ASSAY_SOURCE where it does.
      let kit = Locations.kit ?? "../assay"
      try place.write(.plugin(place.name, language: language, kit: kit))
    }
  }

  struct Suite: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A suite with planted data of its own.")
    @OptionGroup var place: Place
    func run() throws { try place.write(.suite(place.name)) }
  }

  struct Dataset: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A dataset folder of planted data, to be filled with real arrays.")
    @OptionGroup var place: Place
    func run() throws { try place.write(.dataset(place.name)) }
  }
}

extension Scaffold.Language: ExpressibleByArgument {}
