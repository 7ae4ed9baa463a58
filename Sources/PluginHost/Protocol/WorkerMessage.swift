internal import Documents
internal import Tensors

/// What a worker tells the host while it runs.
enum WorkerMessage {
  /// A stage begins; `query` counts calls of `predict`.
  case stage(Stage, query: Int)
  case sandbox(SandboxState)
  case note(String)
  case warning(code: String, text: String)
  case metric(name: String, value: Double?)
  /// So many notes, warnings and numbers were not sent, since no report would keep them.
  case dropped(Int)
  case progress(fraction: Double, stage: String)
  /// The library's own description.
  case library(JSON)
  /// The work ended with an error that the worker survived.
  case error(kind: String, message: String)
  /// A fatal signal arrived.
  case fault(signal: Int, kind: Int, index: Int, outOfMemory: Bool)
  /// An output of open shape was allocated in `query`.
  case allocated(query: Int, Allocation)
  /// A script begins a step, in words, on tensors of these names.
  case step(String, tensors: [String])
  /// What a script found.
  case answer(JSON)
  /// All calls returned well.
  case result

  /// The steps of a worker, in their only order.
  enum Stage: Int {
    case load, create, fit, predict, destroy
    var name: String {
      switch self {
      case .load: "load"
      case .create: "create"
      case .fit: "fit"
      case .predict: "predict"
      case .destroy: "destroy"
      }
    }
  }

  /// The place and form of an output that the method sized.
  struct Allocation {
    var name: String
    var dtype: DType
    var shape: Shape
    var fileOffset: Int
  }
}

extension WorkerMessage {
  /// What the message is called in a sentence.
  var name: String {
    switch self {
    case .stage(let stage, _): "the start of \(stage.name)"
    case .sandbox: "a report of the sandbox"
    case .note: "a note"
    case .warning: "a warning"
    case .metric: "a number"
    case .dropped: "a count of dropped notes"
    case .progress: "progress"
    case .library: "a description"
    case .error: "an error"
    case .fault: "a fault"
    case .allocated: "an allocation"
    case .step: "a step"
    case .answer: "an answer"
    case .result: "the result"
    }
  }

  var json: JSON {
    switch self {
    case .stage(let stage, let query):
      ["type": "stage", "stage": JSON(stage.rawValue), "query": JSON(query)]
    case .sandbox(let state):
      [
        "type": "sandbox", "landlock": state.landlockABI.map(JSON.init) ?? .null,
        "seccomp": .bool(state.seccomp), "noNewPrivileges": .bool(state.noNewPrivileges),
        "process": .bool(state.process), "spaces": .bool(state.spaces),
        "missing": .array(state.missing.map(JSON.string)),
      ]
    case .note(let text): ["type": "note", "text": .string(text)]
    case .warning(let code, let text):
      ["type": "warning", "code": .string(code), "text": .string(text)]
    case .metric(let name, let value):
      ["type": "metric", "name": .string(name), "value": value.map { JSON($0) } ?? .null]
    case .dropped(let count): ["type": "dropped", "count": JSON(count)]
    case .progress(let fraction, let stage):
      ["type": "progress", "fraction": JSON(fraction), "stage": .string(stage)]
    case .library(let description): ["type": "library", "library": description]
    case .error(let kind, let message):
      ["type": "error", "kind": .string(kind), "message": .string(message)]
    case .fault(let signal, let kind, let index, let outOfMemory):
      [
        "type": "fault", "signal": JSON(signal), "kind": JSON(kind), "index": JSON(index),
        "memory": JSON(outOfMemory ? 1 : 0),
      ]
    case .allocated(let query, let allocation):
      [
        "type": "allocated", "query": JSON(query), "name": .string(allocation.name),
        "dtype": .string(allocation.dtype.rawValue),
        "shape": .array(allocation.shape.extents.map(JSON.init)),
        "offset": JSON(allocation.fileOffset),
      ]
    case .step(let text, let tensors):
      [
        "type": "step", "text": .string(text), "tensors": .array(tensors.map(JSON.string)),
      ]
    case .answer(let answer): ["type": "answer", "answer": answer]
    case .result: ["type": "result"]
    }
  }

  /// Reads a message; nil for one that no worker of this host writes.
  init?(_ json: JSON) {
    let stage = json["stage"]?.int.flatMap(Stage.init(rawValue:))
    let text = json["text"]?.string
    let name = json["name"]?.string
    switch json["type"]?.string {
    case "stage":
      guard let stage, let query = json["query"]?.int else { return nil }
      self = .stage(stage, query: query)
    case "sandbox":
      var state = SandboxState()
      state.landlockABI = json["landlock"]?.int
      state.seccomp = json["seccomp"]?.bool ?? false
      state.noNewPrivileges = json["noNewPrivileges"]?.bool ?? false
      state.process = json["process"]?.bool ?? false
      state.spaces = json["spaces"]?.bool ?? false
      state.missing = json["missing"]?.array?.compactMap(\.string) ?? []
      self = .sandbox(state)
    case "note":
      guard let text else { return nil }
      self = .note(text)
    case "warning":
      guard let text, let code = json["code"]?.string else { return nil }
      self = .warning(code: code, text: text)
    case "metric":
      guard let name else { return nil }
      self = .metric(name: name, value: json["value"]?.double)
    case "dropped":
      guard let count = json["count"]?.int else { return nil }
      self = .dropped(count)
    case "progress":
      guard let fraction = json["fraction"]?.double, let label = json["stage"]?.string
      else { return nil }
      self = .progress(fraction: fraction, stage: label)
    case "library":
      guard let library = json["library"] else { return nil }
      self = .library(library)
    case "error":
      guard let kind = json["kind"]?.string, let message = json["message"]?.string
      else { return nil }
      self = .error(kind: kind, message: message)
    case "fault":
      guard let signal = json["signal"]?.int, let kind = json["kind"]?.int,
        let index = json["index"]?.int, let memory = json["memory"]?.int
      else { return nil }
      self = .fault(signal: signal, kind: kind, index: index, outOfMemory: memory != 0)
    case "allocated":
      guard let name, let query = json["query"]?.int,
        let dtype = json["dtype"]?.string.flatMap(DType.init(rawValue:)),
        let shape = json["shape"]?.array, let offset = json["offset"]?.int
      else { return nil }
      // The worker refuses more than 8 axes and negative extents, so that others are forged.
      let extents = shape.compactMap(\.int)
      guard extents.count == shape.count, extents.count <= 8, extents.allSatisfy({ $0 >= 0 })
      else { return nil }
      let allocation = Allocation(
        name: name, dtype: dtype, shape: Shape(extents), fileOffset: offset)
      self = .allocated(query: query, allocation)
    case "step":
      guard let text, let tensors = json["tensors"]?.array?.compactMap(\.string)
      else { return nil }
      self = .step(text, tensors: tensors)
    case "answer":
      guard let answer = json["answer"] else { return nil }
      self = .answer(answer)
    case "result": self = .result
    default: return nil
    }
  }
}
