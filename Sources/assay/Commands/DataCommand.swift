internal import ArgumentParser
internal import Datasets
internal import Documents
internal import Tensors

/// `assay data`.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Looks at datasets, makes them, and converts arrays.",
    subcommands: [Inspect.self, Audit.self, Hash.self, Convert.self, Plant.self])

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows the arrays of a dataset folder, a .npy or a .safetensors file.")
    @Argument(
      help: "A dataset, by its folder or id, or an array file.", completion: .file())
    var path: String
    @OptionGroup var dataOptions: DataOptions
    @Flag(help: "As JSON.")
    var json = false

    func run() throws {
      let path = try dataOptions.folder(of: path) ?? path
      let tensors = try ArrayFile.tensors(at: path)
      let rows = tensors.map { name, tensor in
        Row([
          ("name", name), ("dtype", tensor.dtype.rawValue), ("shape", tensor.shape.description),
          ("bytes", String(tensor.byteCount)),
        ])
      }
      if json {
        Console.say(JSON.object(["arrays": .array(rows.map(\.json))]).prettyText)
      } else {
        Console.say(Row.table(rows))
      }
    }
  }

  struct Hash: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the digest of a dataset, or of every array of a file.")
    @Argument(
      help: "A dataset, by its folder or id, or an array file.", completion: .file())
    var path: String
    @OptionGroup var dataOptions: DataOptions

    func run() throws {
      let path = try dataOptions.folder(of: path) ?? path
      if Locations.isFolder(path) {
        let dataset = try Dataset.open(path)
        Console.say("\(dataset.digest)  \(dataset.id) \(dataset.version)")
        return
      }
      for (name, tensor) in try ArrayFile.tensors(at: path) {
        Console.say("\(tensor.withBytes { Digest(of: $0) })  \(name)")
      }
    }
  }

  struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Converts .npy to .safetensors and back.",
      discussion: """
        Many .npy files become one .safetensors file, each array under its file's name:
          assay data convert train_x.npy train_y.npy train.safetensors
        and back into a folder:
          assay data convert train.safetensors arrays/
        """)
    @Argument(help: "The input files, then the output.", completion: .file())
    var paths: [String]

    func validate() throws {
      if paths.count < 2 { throw ValidationError("Name at least one input and the output.") }
    }

    func run() throws {
      let inputs = paths.dropLast()
      guard let output = paths.last else { return }
      var tensors: [(name: String, tensor: Tensor)] = []
      for input in inputs { tensors += try ArrayFile.tensors(at: input) }
      let names = tensors.map(\.name)
      if let twice = Set(names).sorted().first(where: { n in names.count { $0 == n } > 1 }) {
        throw UsageError(description: "two inputs hold an array named '\(twice)'; rename one")
      }
      try ArrayFile.write(tensors, to: output)
      Console.note("wrote \(tensors.count) arrays to \(output)")
    }
  }
}
