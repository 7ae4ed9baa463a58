internal import ArgumentParser
internal import Documents
internal import PluginHost
internal import Scenes

extension DataCommand {
  /// `assay data plant`.
  struct Plant: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a dataset of pictures, the same bytes for a seed on every machine.",
      discussion: """
        Sets:
        \(SceneSet.allCases.map { "  \($0): \($0.title)" }.joined(separator: "\n"))

        Extents: full has 8000 scenes to learn from, 1000 to choose by, 2000 to judge by and 400 \
        of kinds that only these show; ci has 1000, 200, 400 and 200; tiny has 40, 20, 20 and 20. \
        Other sets than 'scenes' have a quarter or less of it.

        Examples:
          assay data plant scenes --preset default --seed 1 --output data/scenes
          assay data plant count --extent ci --output data/crowds
          assay data plant refer            # into the cache, or what is there already
        """)

    @Argument(help: "The set.")
    var set: SceneSet
    @Option(help: "How hard it is: \(Preset.all.map(\.name).joined(separator: ", ")).")
    var preset = Preset.standard.name
    @Option(help: "Equal seeds give equal bytes.")
    var seed: UInt64 = 1
    @Option(
      help: ArgumentHelp(
        "The pixels along an edge: a multiple of 16 from 32 to 256.", valueName: "pixels"))
    var side = 64
    @Option(help: "How large it is.")
    var extent = Extent.full
    @Option(
      name: [.short, .long],
      help: ArgumentHelp(
        "A folder that holds no dataset yet; without it a folder of the user's cache, where the "
          + "dataset is made once.", valueName: "folder"),
      completion: .directory)
    var output: String?

    func validate() throws {
      if Preset.named(preset) == nil {
        let hint = nearestName(to: preset, in: Preset.all.map(\.name))
          .map { "; did you mean '\($0)'?" }
        throw ValidationError("There is no preset '\(preset)'\(hint ?? ".")")
      }
      if !SceneRecipe.sides.contains(side) || side % 16 != 0 {
        throw ValidationError("--side is a multiple of 16 from 32 to 256, not \(side).")
      }
    }

    func run() throws {
      let recipe = SceneRecipe(
        preset: Preset.named(preset) ?? .standard, seed: seed, side: side)
      let plan = ScenePlan(set, extent: extent, recipe: recipe)
      let folder = try output.map { try write(plan, to: $0) } ?? (try cached(plan))
      let digest = ScenePlan.verifiedDigest(of: folder)?.description ?? ""
      Console.say("\(digest)  \(plan.id)")
      Console.note("'assay data inspect \(folder)/test.safetensors' shows what it holds")
    }

    private func write(_ plan: ScenePlan, to folder: String) throws -> String {
      guard !Locations.isDataset(folder) else {
        throw UsageError(description: "--output \(folder): holds a dataset already")
      }
      try OutputFiles.makeFolder(folder)
      try plan.write(to: folder)
      return folder
    }

    private func cached(_ plan: ScenePlan) throws -> String {
      guard let cache = PluginHost().cacheFolder else {
        throw UsageError(description: "there is no folder for a cache; name an --output")
      }
      try OutputFiles.makeFolder(cache)
      return try plan.folder(inCache: cache)
    }
  }
}

extension SceneSet: ExpressibleByArgument {}
extension Extent: ExpressibleByArgument {}
