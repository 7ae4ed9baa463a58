internal import CAssay
internal import Contracts
internal import Documents
internal import PluginHost
internal import Tensors

/// What a call returned.
struct Answer: Equatable {
  var call: String
  var status: assay_status
  /// The sentence given through `set_error`.
  var text: String?

  var isOK: Bool { status == ASSAY_OK }

  /// `fit returned status 4 (contract): 'why'`.
  var words: String {
    let name = Answer.names[status] ?? "unknown"
    let reason = text.map { ": '\($0)'" } ?? " without a sentence through set_error"
    return "\(call) returned status \(status) (\(name))" + (isOK ? "" : reason)
  }

  static let names: [assay_status: String] = [
    ASSAY_OK: "ok", ASSAY_E_ARGUMENT: "argument", ASSAY_E_UNSUPPORTED: "unsupported",
    ASSAY_E_CONFIG: "config", ASSAY_E_CONTRACT: "contract", ASSAY_E_STATE: "state",
    ASSAY_E_NUMERIC: "numeric", ASSAY_E_MEMORY: "memory", ASSAY_E_CANCELLED: "cancelled",
    ASSAY_E_DEADLINE: "deadline", ASSAY_E_IO: "io", ASSAY_E_INTERNAL: "internal",
  ]
}

/// An instance of the method under test.
final class Instance {
  private let probe: Probe
  private let method: UnsafePointer<assay_method>
  private let host: ProbeHost
  private(set) var raw: UnsafeMutableRawPointer?
  var seed: UInt64 = 1
  private var isAlive = false

  /// Prepares an instance; `create` makes it.
  init(_ probe: Probe, host: ProbeHost = ProbeHost()) throws {
    self.probe = probe
    self.host = host
    method = try probe.method()
  }

  /// Calls `create`.
  func create(_ config: JSON) -> Answer { create(Array(config.canonicalText.utf8)) }

  /// Calls `create` with any bytes for a config.
  func create(_ config: [UInt8]) -> Answer {
    let table = host.makeTable()
    return call("create", tensors: []) { frame, run in
      let status = method.pointee.create(table, run, frame.string(bytes: config), &raw)
      isAlive = status == ASSAY_OK
      return status
    }
  }

  /// Calls `fit`; `naming` tells it apart in the words of a crash.
  func fit(_ inputs: [NamedTensor], naming: String = "fit") throws -> Answer {
    try call(naming, isFit: true, inputs, []).answer
  }

  /// Calls `predict` and returns the outputs when it succeeded.
  func predict(
    _ inputs: [NamedTensor], _ outputs: [OutputSpec], naming: String = "predict"
  ) throws -> (answer: Answer, outputs: [String: Tensor], complaints: [String]) {
    try call(naming, isFit: false, inputs, outputs)
  }

  /// Asks the instance for an ability; nil without a `get_extension`.
  func hasExtension(_ id: String) -> Bool? {
    guard let get = method.pointee.get_extension else { return nil }
    let frame = CallFrame(Lending())
    probe.step("get_extension('\(id)')")
    return get(raw, frame.string(id)) != nil
  }

  /// Calls `destroy` on an instance that was made.
  func destroy() {
    guard isAlive else { return }
    isAlive = false
    _ = call("destroy", tensors: []) { _, _ in
      method.pointee.destroy(raw)
      return ASSAY_OK
    }
  }

  private func call(
    _ name: String, tensors: [String],
    _ body: (CallFrame, UnsafePointer<assay_run>) -> assay_status
  ) -> Answer {
    let frame = CallFrame(probe.lending)
    let extra = host.behaviour.trailingBytes
    let size = MemoryLayout<assay_run>.size
    let block = frame.allocate(size + extra)
    (block + size).initializeMemory(as: UInt8.self, repeating: 0xA5, count: extra)
    let run = block.bindMemory(to: assay_run.self, capacity: 1)
    let version = probe.claim?.version ?? ContractVersion(1, 0)
    run.initialize(
      to: assay_run(
        struct_size: UInt32(size + extra), max_threads: UInt32(probe.context.threads), seed: seed,
        stream: 0, memory_budget: 0, deadline_ns: 0,
        scratch_dir: frame.string(probe.context.scratch),
        task: frame.string(probe.claim?.task ?? ""), contract_major: version.major,
        contract_minor: version.minor))
    probe.step(name, tensors: tensors)
    host.begin(ProbeHost.Call(name: name, frame: frame))
    let status = body(frame, run)
    _ = host.end()
    frame.end()
    return Answer(call: name, status: status, text: host.record.error)
  }

  private func call(
    _ name: String, isFit: Bool, _ inputs: [NamedTensor], _ specs: [OutputSpec]
  ) throws -> (answer: Answer, outputs: [String: Tensor], complaints: [String]) {
    var results: [String: Tensor] = [:]
    var complaints: [String] = []
    var problem: (any Error)?
    let answer = call(name, tensors: (inputs.map(\.name) + specs.map(\.name))) { frame, run in
      do {
        let lent = try lend(inputs, specs, frame)
        let size = MemoryLayout<assay_call>.size
        let extra = host.behaviour.trailingBytes
        let block = frame.allocate(size + extra)
        (block + size).initializeMemory(as: UInt8.self, repeating: 0xA5, count: extra)
        let call = block.bindMemory(to: assay_call.self, capacity: 1)
        call.initialize(
          to: assay_call(
            struct_size: UInt32(size + extra), reserved: 0, in: lent.inputs,
            in_count: inputs.count, out: lent.outputs, out_count: specs.count, run: run))
        host.begin(
          ProbeHost.Call(
            name: name, frame: frame,
            open: specs.filter { $0.shape == nil }.map {
              (name: $0.name, dtype: $0.dtype, rank: probe.rank(ofOutput: $0.name))
            }))
        let status =
          isFit ? method.pointee.fit(raw, call) : method.pointee.predict(raw, call)
        if status == ASSAY_OK {
          results = collect(lent.known + host.end())
          let outputs = (try? probe.contract().outputs) ?? []
          complaints = lent.guarded.compactMap { name, memory in
            let isOptional = Contract.spec(named: name, in: outputs)?.isOptional ?? false
            return memory.complaint(isOptional: isOptional).map { "output '\(name)' \($0)" }
          }
        }
        return status
      } catch {
        problem = error
        return ASSAY_E_INTERNAL
      }
    }
    if let problem { throw problem }
    return (answer, results, complaints)
  }

  private struct Lent {
    var inputs: UnsafePointer<assay_tensor>
    var outputs: UnsafeMutablePointer<assay_tensor>
    var known: [AllocatedOutput] = []
    var guarded: [(String, GuardedTensor)] = []
  }

  private func lend(
    _ inputs: [NamedTensor], _ specs: [OutputSpec], _ frame: CallFrame
  ) throws -> Lent {
    let ins = try inputs.enumerated().map { try frame.input($1, index: $0) }
    var outs: [assay_tensor] = []
    var known: [AllocatedOutput] = []
    var guarded: [(String, GuardedTensor)] = []
    for (index, spec) in specs.enumerated() {
      guard let shape = spec.shape else {
        outs.append(
          frame.tensor(spec.name, spec.dtype, [], flags: ASSAY_TENSOR_DYNAMIC, data: nil))
        continue
      }
      let memory = try frame.output(shape, spec.dtype, index: inputs.count + index)
      if let held = memory.guarded { guarded.append((spec.name, held)) }
      outs.append(frame.tensor(spec.name, spec.dtype, shape, flags: 0, data: memory.data))
      known.append(
        AllocatedOutput(name: spec.name, dtype: spec.dtype, shape: shape, data: memory.data))
    }
    return Lent(
      inputs: UnsafePointer(frame.array(ins)), outputs: frame.array(outs), known: known,
      guarded: guarded)
  }

  private func collect(_ outputs: [AllocatedOutput]) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for output in outputs {
      tensors[output.name] = Tensor(dtype: output.dtype, shape: output.shape) { bytes in
        guard let data = output.data else { return }
        bytes.copyMemory(from: UnsafeRawBufferPointer(start: data, count: bytes.count))
      }
    }
    return tensors
  }
}

extension Probe {
  /// The rank that the contract gives an output.
  func rank(ofOutput name: String) -> Int {
    let outputs = (try? contract().outputs) ?? []
    return Contract.spec(named: name, in: outputs)?.shape.count ?? 0
  }
}
