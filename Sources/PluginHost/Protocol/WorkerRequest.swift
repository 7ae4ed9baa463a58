internal import Documents
internal import Tensors

/// What a worker is asked to do: the JSON in its first shared file.
struct WorkerRequest {
  /// An input that lies in one of the descriptors handed over; nil for one without elements.
  struct Input {
    var name: String
    var dtype: DType
    var shape: Shape
    var region: Int?
  }

  /// An output of known shape with its place, or one whose shape the method decides.
  struct Output {
    var name: String
    var dtypes: [DType]
    /// The extents known beforehand; nil where the method decides.
    var extents: [Int?]
    var slot: OutputLayout.Slot?
    var isOpen: Bool
  }

  struct Query {
    var inputs: [Input]
    var outputs: [Output]
  }

  /// What a trial adds to loading the library.
  struct Trial {
    var method: String
    var config: String
    var task: String
    var contract: [Int]
    var seed: UInt64
    var stream: UInt64
    var fit: [Input]
    var queries: [Query]
    var open: Range<Int>
    var fitSeconds: Double
    var predictSeconds: Double
  }

  var plugin: String
  /// The copy of the plugin that is loaded where the worker has no room of its own.
  var copy: String
  /// What may be read while the plugin is loaded: paths in a room of its own, and without one.
  var libraries: [String]
  var copies: [String]
  var scratch: String
  var loadSeconds: Double
  var threads: Int
  /// The limit of the address space beyond inputs and outputs; nil: none.
  var memoryBytes: Int?
  var cpuSeconds: Double
  var fileBytes: Int
  /// The bytes of inputs and outputs that the worker will map.
  var mappedBytes: Int
  var wantsLandlock: Bool
  var wantsSeccomp: Bool
  var readable: [String]
  /// Nil when the library is only to be described.
  var trial: Trial?
  /// What a script of the host is asked; null without a script.
  var script: JSON = .null
}

extension WorkerRequest {
  /// A request about a plugin whose bytes are taken.
  init(
    plugin: StagedPlugin, scratch: String, loadSeconds: Double, threads: Int, memoryBytes: Int?,
    cpuSeconds: Double, fileBytes: Int, mappedBytes: Int, wantsLandlock: Bool, wantsSeccomp: Bool,
    readable: [String], trial: Trial?, script: JSON = .null
  ) {
    self.init(
      plugin: plugin.library, copy: plugin.copies[0].source,
      libraries: WorkerLaunch.libraries(of: plugin), copies: WorkerLaunch.copies(of: plugin),
      scratch: scratch, loadSeconds: loadSeconds, threads: threads, memoryBytes: memoryBytes,
      cpuSeconds: cpuSeconds, fileBytes: fileBytes, mappedBytes: mappedBytes,
      wantsLandlock: wantsLandlock, wantsSeccomp: wantsSeccomp,
      readable: readable + (plugin.python?.readable ?? []), trial: trial, script: script)
  }

  var json: JSON {
    [
      "plugin": .string(plugin), "copy": .string(copy), "scratch": .string(scratch),
      "libraries": .array(libraries.map(JSON.string)), "copies": .array(copies.map(JSON.string)),
      "loadSeconds": .number(loadSeconds), "threads": JSON(threads),
      "memoryBytes": memoryBytes.map(JSON.init) ?? .null, "cpuSeconds": .number(cpuSeconds),
      "fileBytes": JSON(fileBytes), "mappedBytes": JSON(mappedBytes),
      "landlock": .bool(wantsLandlock), "seccomp": .bool(wantsSeccomp),
      "readable": .array(readable.map(JSON.string)), "trial": trial?.json ?? .null,
      "script": script,
    ]
  }

  init?(_ json: JSON) {
    guard let plugin = json["plugin"]?.string, let copy = json["copy"]?.string,
      let libraries = json["libraries"]?.array?.compactMap(\.string),
      let copies = json["copies"]?.array?.compactMap(\.string),
      let scratch = json["scratch"]?.string, let loadSeconds = json["loadSeconds"]?.double,
      let threads = json["threads"]?.int, let cpuSeconds = json["cpuSeconds"]?.double,
      let fileBytes = json["fileBytes"]?.int, let mappedBytes = json["mappedBytes"]?.int,
      let wantsLandlock = json["landlock"]?.bool, let wantsSeccomp = json["seccomp"]?.bool,
      let readable = json["readable"]?.array?.compactMap(\.string), let trial = json["trial"]
    else { return nil }
    self.init(
      plugin: plugin, copy: copy, libraries: libraries, copies: copies, scratch: scratch,
      loadSeconds: loadSeconds,
      threads: threads, memoryBytes: json["memoryBytes"]?.int, cpuSeconds: cpuSeconds,
      fileBytes: fileBytes, mappedBytes: mappedBytes, wantsLandlock: wantsLandlock,
      wantsSeccomp: wantsSeccomp, readable: readable, trial: nil)
    script = json["script"] ?? .null
    guard !trial.isNull else { return }
    guard let trial = Trial(trial) else { return nil }
    self.trial = trial
  }
}

extension WorkerRequest.Trial {
  var json: JSON {
    [
      "method": .string(method), "config": .string(config), "task": .string(task),
      "contract": .array(contract.map(JSON.init)),
      "seed": .integer(Int64(bitPattern: seed)), "stream": .integer(Int64(bitPattern: stream)),
      "fit": .array(fit.map(\.json)), "queries": .array(queries.map(\.json)),
      "open": [JSON(open.lowerBound), JSON(open.upperBound)],
      "fitSeconds": .number(fitSeconds), "predictSeconds": .number(predictSeconds),
    ]
  }

  init?(_ json: JSON) {
    guard let method = json["method"]?.string, let config = json["config"]?.string,
      let task = json["task"]?.string,
      let contract = json["contract"]?.array?.compactMap(\.int), contract.count == 2,
      case .integer(let seed) = json["seed"], case .integer(let stream) = json["stream"],
      let fit = json["fit"]?.array?.compactMap(WorkerRequest.Input.init),
      let queries = json["queries"]?.array?.compactMap(WorkerRequest.Query.init),
      let openStart = json["open"]?[0]?.int, let openEnd = json["open"]?[1]?.int,
      let fitSeconds = json["fitSeconds"]?.double,
      let predictSeconds = json["predictSeconds"]?.double
    else { return nil }
    self.init(
      method: method, config: config, task: task, contract: contract,
      seed: UInt64(bitPattern: seed), stream: UInt64(bitPattern: stream), fit: fit,
      queries: queries, open: openStart..<openEnd, fitSeconds: fitSeconds,
      predictSeconds: predictSeconds)
  }
}

extension WorkerRequest.Query {
  var json: JSON {
    ["inputs": .array(inputs.map(\.json)), "outputs": .array(outputs.map(\.json))]
  }

  init?(_ json: JSON) {
    guard let inputs = json["inputs"]?.array?.compactMap(WorkerRequest.Input.init),
      let outputs = json["outputs"]?.array?.compactMap(WorkerRequest.Output.init)
    else { return nil }
    self.init(inputs: inputs, outputs: outputs)
  }
}

extension WorkerRequest.Input {
  var json: JSON {
    [
      "name": .string(name), "dtype": .string(dtype.rawValue),
      "shape": .array(shape.extents.map(JSON.init)), "region": region.map(JSON.init) ?? .null,
    ]
  }

  init?(_ json: JSON) {
    guard let name = json["name"]?.string,
      let dtype = json["dtype"]?.string.flatMap(DType.init(rawValue:)),
      let extents = json["shape"]?.array?.compactMap(\.int)
    else { return nil }
    self.init(name: name, dtype: dtype, shape: Shape(extents), region: json["region"]?.int)
  }
}

extension WorkerRequest.Output {
  var json: JSON {
    [
      "name": .string(name), "dtypes": .array(dtypes.map { .string($0.rawValue) }),
      "extents": .array(extents.map { $0.map(JSON.init) ?? .null }),
      "slot": slot.map { [JSON($0.fileOffset), JSON($0.byteCount)] } ?? .null,
      "open": .bool(isOpen),
    ]
  }

  init?(_ json: JSON) {
    guard let name = json["name"]?.string,
      let dtypes = json["dtypes"]?.array?.compactMap({ $0.string.flatMap(DType.init(rawValue:)) }),
      let extents = json["extents"]?.array?.map(\.int), let isOpen = json["open"]?.bool
    else { return nil }
    var slot: OutputLayout.Slot?
    if let offset = json["slot"]?[0]?.int, let count = json["slot"]?[1]?.int {
      slot = OutputLayout.Slot(fileOffset: offset, byteCount: count)
    }
    self.init(name: name, dtypes: dtypes, extents: extents, slot: slot, isOpen: isOpen)
  }
}
