internal import Contracts
internal import Documents
internal import Glibc
internal import Synchronization
internal import Tensors

/// Runs jobs on plugins, each in a worker process of its own.
///
///     let host = PluginHost()
///     let outcome = host.run(job)
///     print(outcome.status, outcome.failure?.message ?? "")
package final class PluginHost: Sendable {
  package let executable: String
  private let inputs: SealedCache
  private let plugins: StagedPlugins
  /// Forks the workers of this host's executable.
  let forkServer: ForkServer
  private let isStopped = Atomic(false)
  /// Where descriptions of plugin files are kept; nil: nowhere.
  package let cacheFolder: String?

  /// `executable` is started with the argument `worker`; `cacheBytes` bounds the shared inputs;
  /// `cacheFolder` is by default `assay` in the user's cache folder.
  package init(
    executable: String = "/proc/self/exe", cacheBytes: Int = 2 << 30, cacheFolder: String? = nil
  ) {
    self.executable = executable
    inputs = SealedCache(capacity: cacheBytes)
    plugins = StagedPlugins(executable: executable)
    forkServer = ForkServer(WorkerLaunch.serverSetting(executable))
    self.cacheFolder = cacheFolder ?? PluginHost.userCacheFolder
  }

  /// Runs a job to its end; whatever happens is in the outcome.
  ///
  /// Blocks. May be called from several threads at once.
  package func run(_ job: TrialJob) -> TrialOutcome {
    var outcome = TrialOutcome()
    do {
      try run(job, &outcome)
    } catch let breach as ContractBreach {
      outcome.fail(.error, .init(stage: "plan", kind: breach.kind, message: breach.message))
    } catch let error as PluginError {
      outcome.fail(.loadFailed, .init(stage: "load", kind: error.code, message: error.message))
    } catch {
      outcome.fail(.error, .init(stage: "plan", kind: "host", message: "\(error)"))
    }
    outcome.paths[job.plugin] = PluginHost.fileName(job.plugin)
    return outcome
  }

  private static func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Kills the workers that run and refuses later jobs: their failure has the kind `stopped`.
  package func stop() { isStopped.store(true, ordering: .relaxed) }

  /// The bytes of a plugin file and of its libraries, taken when they were first asked for.
  func staged(_ path: String) throws(PluginError) -> StagedPlugin { try plugins.plugin(path) }

  private func run(_ job: TrialJob, _ outcome: inout TrialOutcome) throws {
    let plugin = try staged(job.plugin)
    var job = job
    job.limits.loadSeconds = plugin.loadSeconds(job.limits.loadSeconds)
    var symbols = SymbolTable()
    for input in job.fit { try job.contract.checkInput(input, in: job.contract.fit, &symbols) }
    // Room for outputs of open shape counts as address space of the worker.
    let layout = OutputLayout(
      job.queries, openBytes: job.limits.effectiveMemory.map { $0 / 4 } ?? PluginHost.openBytes)
    var regions = Regions()
    let trial = try makeTrial(job, layout, symbols, &regions)
    let server = TensorServer(calls: makeCalls(job, trial, layout, regions.files))
    let scratch = try ScratchFolder()
    let request = makeRequest(job, plugin, scratch.path, regions, layout, trial)
    outcome.paths = [plugin.path: PluginHost.fileName(plugin.path), scratch.path: "scratch"]
    if let python = plugin.python { outcome.paths[python.sources + "/"] = "" }
    let reader: (Transcript) throws -> [[String: Tensor]] = { transcript in
      try OutputReader(
        job: job, layout: layout,
        files: try job.queries.indices.map { try server.output(of: $0 + 1) },
        allocations: transcript.allocations
      ).read(symbols)
    }
    switch job.isolation {
    case .process:
      let launch = WorkerLaunch(
        executable: job.executable ?? executable, request: request, plugin: plugin,
        wantsGauge: false,
        wantsSpaces: job.sandbox && WorkerLaunch.offersSpaces, server: server,
        forkServer: job.executable == nil ? forkServer : nil,
        token: scratch.name, limits: job.limits)
      try run(
        WorkerProcess(launch, budget: .trial(queries: job.queries.count)), job, &outcome, reader)
    case .none:
      guard plugin.python == nil else {
        throw PluginError(
          code: "python",
          message: "a method in Python needs a worker of its own; use --isolation "
            + "process")
      }
      let transcript = Mutex(Transcript(job))
      WorkerSession(
        request: request,
        tensors: { number, _ in
          guard let descriptors = try server.begin(number) else {
            throw PluginError(code: "protocol", message: "a call began out of turn")
          }
          return descriptors
        },
        isWorker: false,
        emit: { message in transcript.withLock { $0.take(message, at: monotonicNanoseconds()) } }
      ).run()
      let said = transcript.withLock { $0 }
      said.fill(&outcome)
      if let (status, failure) = Verdict(job: job, transcript: said).reported {
        outcome.fail(status, failure)
      } else {
        PluginHost.collect(&outcome, said, reader)
      }
    }
  }

  private func run(
    _ process: WorkerProcess, _ job: TrialJob, _ outcome: inout TrialOutcome,
    _ reader: (Transcript) throws -> [[String: Tensor]]
  ) throws {
    var transcript = Transcript(job)
    let end: ProcessEnd
    do {
      end = try process.run(&transcript) { self.isStopped.load(ordering: .relaxed) }
    } catch {
      throw PluginError(code: "spawn", message: "\(error)")
    }
    transcript.fill(&outcome)
    outcome.cpuSeconds = end.cpuSeconds
    outcome.peakResidentBytes = end.peakResidentBytes
    outcome.warnings += PluginHost.warnings(end)
    if let excess = end.excess {
      outcome.fail(
        .crashed,
        .init(
          stage: transcript.stage.name, kind: excess.kind, signal: "SIGKILL",
          message: excess.message, stderrTail: end.error.ending))
    } else if let (status, failure) = Verdict(job: job, transcript: transcript).seen(end) {
      var failure = failure
      failure.stderrTail = end.error.ending
      outcome.fail(status, failure)
    } else {
      PluginHost.collect(&outcome, transcript, reader)
    }
  }

  static func collect(
    _ outcome: inout TrialOutcome, _ transcript: Transcript,
    _ reader: (Transcript) throws -> [[String: Tensor]]
  ) {
    do {
      outcome.outputs = try reader(transcript)
    } catch let breach as ContractBreach {
      outcome.fail(
        .contractBreach, .init(stage: "check", kind: breach.kind, message: breach.message))
    } catch {
      outcome.fail(.error, .init(stage: "check", kind: "host", message: "\(error)"))
    }
  }

  private static func warnings(_ end: ProcessEnd) -> [TrialOutcome.Warning] {
    var warnings: [TrialOutcome.Warning] = []
    if end.output.byteCount > 0 {
      warnings.append(
        .init(
          code: "stdout",
          text: "the plugin wrote \(end.output.byteCount) bytes to stdout, beginning with "
            + "'\(end.output.text.prefix(80))'; use host->log"))
    }
    for (name, capture) in [("stdout", end.output), ("stderr", end.error)] where capture.isCut {
      warnings.append(
        .init(
          code: "output-flood",
          text: "the plugin wrote \(capture.byteCount) bytes to \(name); most were dropped"))
    }
    if end.leftProcess {
      warnings.append(
        .init(
          code: "left-process", text: "the plugin left a process behind, which was killed"))
    }
    return warnings
  }
}

// MARK: The request

extension PluginHost {
  /// Room for outputs of open shape when memory is not limited; sparse, so it costs nothing.
  private static let openBytes = 64 << 30

  /// The shared files of a job, each once.
  private struct Regions {
    private(set) var files: [AnonymousFile] = []
    private var places: [ObjectIdentifier: Int] = [:]
    private(set) var byteCount = 0

    mutating func place(_ file: AnonymousFile) -> Int {
      byteCount += rounded(file.byteCount, up: pageSize) + 2 * pageSize
      if let place = places[ObjectIdentifier(file)] { return place }
      files.append(file)
      places[ObjectIdentifier(file)] = files.count - 1
      return files.count - 1
    }
  }

  private func makeTrial(
    _ job: TrialJob, _ layout: OutputLayout, _ symbols: SymbolTable, _ regions: inout Regions
  ) throws -> WorkerRequest.Trial {
    let fit = try job.fit.map { try place($0, &regions) }
    var queries: [WorkerRequest.Query] = []
    for (query, slots) in zip(job.queries, layout.slots) {
      var symbols = symbols
      for input in query.inputs {
        try job.contract.checkInput(input, in: job.contract.predict, &symbols)
      }
      queries.append(
        WorkerRequest.Query(
          inputs: try query.inputs.map { try place($0, &regions) },
          outputs: zip(query.outputs, slots).map { output, slot in
            WorkerRequest.Output(
              name: output.name, dtypes: [output.dtype],
              extents: extents(of: output, job.contract, symbols), slot: slot,
              isOpen: output.shape == nil)
          }))
    }
    return WorkerRequest.Trial(
      method: job.method, config: job.config.canonicalText, task: job.contract.task,
      contract: [Int(job.contract.version.major), Int(job.contract.version.minor)],
      seed: job.seed, stream: job.stream, fit: fit, queries: queries, open: layout.open,
      fitSeconds: finite(job.limits.fitSeconds), predictSeconds: finite(job.limits.predictSeconds))
  }

  private func place(_ source: TensorSource, _ regions: inout Regions) throws -> WorkerRequest.Input
  {
    let isEmpty = source.shape.count == 0
    let region = isEmpty ? nil : regions.place(try inputs.file(for: source))
    return WorkerRequest.Input(
      name: source.name, dtype: source.dtype, shape: source.shape, region: region)
  }

  /// The extents of an output as far as they are known before the call.
  private func extents(
    of output: OutputSpec, _ contract: Contract, _ symbols: SymbolTable
  ) -> [Int?] {
    if let shape = output.shape { return shape.extents }
    let spec = Contract.spec(named: output.name, in: contract.outputs)
    return (spec?.shape ?? []).map { dimension in dimension.extent { symbols[$0] } }
  }

  /// What each call is handed, by its number.
  private func makeCalls(
    _ job: TrialJob, _ trial: WorkerRequest.Trial, _ layout: OutputLayout, _ files: [AnonymousFile]
  ) -> [TensorServer.Call] {
    func inputs(_ inputs: [WorkerRequest.Input]) -> [AnonymousFile] {
      WorkerSession.regions(of: inputs).map { files[$0] }
    }
    var calls = [TensorServer.Call(inputs: inputs(trial.fit))]
    for (index, query) in job.queries.enumerated() {
      var call = TensorServer.Call(inputs: inputs(trial.queries[index].inputs))
      if layout.hasFile(index) { call.makeOutput = { try layout.makeFile(query, index) } }
      calls.append(call)
    }
    return calls
  }

  private func makeRequest(
    _ job: TrialJob, _ plugin: StagedPlugin, _ scratch: String, _ regions: Regions,
    _ layout: OutputLayout, _ trial: WorkerRequest.Trial
  ) -> WorkerRequest {
    WorkerRequest(
      plugin: plugin, scratch: scratch, loadSeconds: finite(job.limits.loadSeconds),
      threads: max(job.limits.threads, 1), memoryBytes: job.limits.addressSpace,
      cpuSeconds: finite(job.limits.effectiveCPUSeconds(queries: job.queries.count)),
      fileBytes: job.limits.fileBytes, mappedBytes: regions.byteCount + layout.fixedBytes,
      wantsLandlock: job.sandbox, wantsSeccomp: job.sandbox, readable: job.readable, trial: trial)
  }

  private func finite(_ seconds: Double) -> Double { min(max(seconds, 0), 1e9) }

  /// The absolute path of a plugin file.
  static func resolve(_ path: String) throws(PluginError) -> String {
    guard let resolved = realpath(path, nil) else {
      throw PluginError(
        code: "unreadable",
        message: "cannot read the plugin '\(path)': \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
