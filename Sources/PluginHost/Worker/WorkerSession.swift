internal import CAssay
internal import CSystem
internal import Documents
internal import Glibc
internal import Tensors

/// The calls of one trial on one plugin: the same code in a worker and in a debugged host.
struct WorkerSession {
  let request: WorkerRequest
  /// Begins a call by its number and gives its new descriptors.
  ///
  /// 0 is `fit`, then comes each `predict`. The descriptors are the inputs' regions in their order,
  /// then the output file; the session closes them.
  let tensors: (_ number: Int, _ count: Int) throws -> [Int32]
  /// Whether this is a worker process, which may be confined.
  let isWorker: Bool
  let emit: @Sendable (WorkerMessage) -> Void
  /// Runs instead of a trial when the request asks for it.
  var script: WorkerScript?

  /// Runs everything and reports it.
  func run() {
    do {
      try runThrowing()
      emit(.result)
    } catch let error as LoadError {
      emit(.error(kind: error.kind, message: error.message))
    } catch {
      emit(.error(kind: "host", message: "\(error)"))
    }
  }

  private func runThrowing() throws {
    let modes = assay_shim_fp_modes()
    emit(.stage(.load, query: 0))
    let start = monotonicNanoseconds()
    let deadline = WorkerSession.deadline(start, request.loadSeconds)
    let sandbox = isWorker ? WorkerSandbox(request) : nil
    var state = SandboxState()
    state.process = isWorker
    sandbox?.enterLoading(&state)
    emit(.sandbox(state))
    if let script, let sandbox, !request.script.isNull {
      let context = ScriptContext(request: request, sandbox: (sandbox, state), emit: emit)
      emit(.answer(try script(context)))
      return
    }
    let library = try LoadedLibrary(path: isWorker ? sandbox?.plugin ?? "" : request.plugin)
    checkModes(modes, after: "loading the library")
    try sandbox?.enterRunning(state)
    let table = try library.table()
    guard let trial = request.trial else {
      emit(.library(try LoadedLibrary.describe(table)))
      return
    }
    let method = try LoadedLibrary.method(trial.method, in: table)
    try run(method, trial, modes, deadline)
  }

  private func run(
    _ method: UnsafePointer<assay_method>, _ trial: WorkerRequest.Trial, _ modes: UInt64,
    _ loadDeadline: Int64
  ) throws {
    let services = HostServices(open: trial.open, emit: emit)
    let host = services.makeTable()
    emit(.stage(.create, query: 0))
    var instance: UnsafeMutableRawPointer?
    try call("create", services, trial, nil, query: 0, loadDeadline, (0, 0), modes) {
      memory, call in
      method.pointee.create(host, call.pointee.run, memory.string(trial.config), &instance)
    }

    var firstInput = 0
    var firstOutput = 0
    let needsFit = method.pointee.flags & UInt32(ASSAY_METHOD_NEEDS_FIT) != 0
    if needsFit || !trial.fit.isEmpty {
      emit(.stage(.fit, query: 0))
      let start = monotonicNanoseconds()
      let query = WorkerRequest.Query(inputs: trial.fit, outputs: [])
      let deadline = WorkerSession.deadline(start, trial.fitSeconds)
      try call("fit", services, trial, (0, query), query: 0, deadline, (0, 0), modes) { _, call in
        method.pointee.fit(instance, call)
      }
    }
    firstInput += trial.fit.count
    for (index, query) in trial.queries.enumerated() {
      emit(.stage(.predict, query: index))
      let start = monotonicNanoseconds()
      let deadline = WorkerSession.deadline(start, trial.predictSeconds)
      try call(
        "predict", services, trial, (index + 1, query), query: index, deadline,
        (firstInput, firstOutput), modes
      ) { _, call in method.pointee.predict(instance, call) }
      firstInput += query.inputs.count
      firstOutput += query.outputs.count
    }
    // The outputs of the last call are final before any code of the plugin runs again.
    _ = try tensors(trial.queries.count + 1, 0)
    emit(.stage(.destroy, query: 0))
    method.pointee.destroy(instance)
    checkModes(modes, after: "destroy")
    host.deallocate()
  }

  /// Makes one call: maps its tensors, calls, checks what the call left behind, frees.
  private func call(
    _ name: String, _ services: HostServices, _ trial: WorkerRequest.Trial,
    _ begun: (number: Int, tensors: WorkerRequest.Query)?, query: Int, _ deadline: Int64,
    _ first: (input: Int, output: Int), _ modes: UInt64,
    _ body: (CallMemory, UnsafePointer<assay_call>) -> assay_status
  ) throws {
    let memory = CallMemory(isWatched: isWorker)
    let inputs = begun?.tensors.inputs ?? []
    let outputs = begun?.tensors.outputs ?? []
    var mappedInputs: UnsafeMutablePointer<assay_tensor>?
    var mappedOutputs: UnsafeMutablePointer<assay_tensor>?
    if let begun {
      let regions = WorkerSession.regions(of: inputs)
      let hasOutput = outputs.contains { $0.isOpen || $0.slot != nil }
      let descriptors = try tensors(begun.number, regions.count + (hasOutput ? 1 : 0))
      // All is mapped, and closed, before code of the plugin runs.
      defer { for descriptor in descriptors { close(descriptor) } }
      let byRegion = Dictionary(zip(regions, descriptors), uniquingKeysWith: { first, _ in first })
      mappedInputs = try memory.map(inputs, regions: byRegion, firstIndex: first.input)
      mappedOutputs = try memory.map(
        outputs, file: descriptors.last ?? -1, open: trial.open, firstIndex: first.output)
    }
    var run = assay_run(
      struct_size: UInt32(MemoryLayout<assay_run>.size), max_threads: UInt32(request.threads),
      seed: trial.seed, stream: trial.stream,
      memory_budget: UInt64(request.memoryBytes ?? 0), deadline_ns: deadline,
      scratch_dir: memory.string(request.scratch), task: memory.string(trial.task),
      contract_major: UInt32(trial.contract[0]), contract_minor: UInt32(trial.contract[1]))
    services.begin(
      HostServices.Call(
        memory: memory, query: query, outputs: outputs, firstOutputIndex: first.output,
        deadline: deadline))
    let status = withUnsafePointer(to: &run) { run in
      var call = assay_call(
        struct_size: UInt32(MemoryLayout<assay_call>.size), reserved: 0, in: mappedInputs,
        in_count: inputs.count, out: mappedOutputs, out_count: outputs.count, run: run)
      return body(memory, &call)
    }
    let text = services.end()
    checkModes(modes, after: name)
    guard status == ASSAY_OK else {
      let kind = WorkerSession.kind(of: status)
      throw LoadError(
        kind: kind,
        message: text ?? "\(name) returned status \(status) (\(kind)) and gave no reason")
    }
  }

  /// The regions of a call's inputs, each once, in the order in which they are handed over.
  static func regions(of inputs: [WorkerRequest.Input]) -> [Int] {
    var seen: Set<Int> = []
    return inputs.compactMap(\.region).filter { seen.insert($0).inserted }
  }

  /// Restores the floating-point modes when foreign code changed them, so that numbers stay IEEE.
  private func checkModes(_ wanted: UInt64, after what: String) {
    let found = assay_shim_fp_modes()
    guard found != wanted else { return }
    assay_shim_fp_restore(wanted)
    emit(
      .warning(
        code: "fp-state",
        text: "\(what) changed the floating-point modes (rounding, flush-to-zero or traps) from 0x"
          + "\(String(wanted, radix: 16)) to 0x\(String(found, radix: 16)); they were restored"))
  }

  private static func deadline(_ start: Int64, _ seconds: Double) -> Int64 {
    start + Int64(seconds * 1e9)
  }

  private static func kind(of status: assay_status) -> String {
    switch status {
    case ASSAY_E_ARGUMENT: "argument"
    case ASSAY_E_UNSUPPORTED: "unsupported"
    case ASSAY_E_CONFIG: "config"
    case ASSAY_E_CONTRACT: "contract"
    case ASSAY_E_STATE: "state"
    case ASSAY_E_NUMERIC: "numeric"
    case ASSAY_E_MEMORY: "memory"
    case ASSAY_E_CANCELLED: "cancelled"
    case ASSAY_E_DEADLINE: "deadline"
    case ASSAY_E_IO: "io"
    case ASSAY_E_INTERNAL: "internal"
    default: "unknown-status"
    }
  }
}
