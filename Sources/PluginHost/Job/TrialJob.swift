package import Contracts
package import Documents
package import Tensors

/// One fit and its predictions, ready to be run on a plugin.
package struct TrialJob: Sendable {
  /// The path of the plugin file.
  package var plugin: String
  /// The id of the method within it.
  package var method: String
  package var contract: Contract
  /// The config, complete with defaults.
  package var config: JSON
  package var seed: UInt64
  package var stream: UInt64
  /// The inputs of `fit`; `fit` is called when there are any or the method needs it.
  package var fit: [TensorSource]
  /// One call of `predict` each, in this order.
  package var queries: [QuerySet]
  package var limits: Limits
  package var isolation: Isolation
  /// Whether the worker gives up files, network and processes where the kernel has the means.
  package var sandbox: Bool
  /// Files and folders that the plugin may read besides its scratch folder.
  package var readable: [String]
  /// Another worker executable than the host's.
  package var executable: String?
  /// Told the stage and the fraction done, from the thread that runs the job.
  package var onProgress: (@Sendable (_ stage: String, _ fraction: Double) -> Void)?

  package init(
    plugin: String, method: String, contract: Contract, config: JSON = [:], seed: UInt64 = 0,
    stream: UInt64 = 0, fit: [TensorSource] = [], queries: [QuerySet] = [],
    limits: Limits = Limits(), isolation: Isolation = .process, sandbox: Bool = true,
    readable: [String] = [], executable: String? = nil,
    onProgress: (@Sendable (_ stage: String, _ fraction: Double) -> Void)? = nil
  ) {
    self.plugin = plugin
    self.method = method
    self.contract = contract
    self.config = config
    self.seed = seed
    self.stream = stream
    self.fit = fit
    self.queries = queries
    self.limits = limits
    self.isolation = isolation
    self.sandbox = sandbox
    self.readable = readable
    self.executable = executable
    self.onProgress = onProgress
  }
}

/// The inputs and the expected outputs of one call of `predict`.
package struct QuerySet: Sendable {
  package var name: String
  package var inputs: [TensorSource]
  package var outputs: [OutputSpec]
  package init(name: String, inputs: [TensorSource], outputs: [OutputSpec]) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// An output that the host expects.
package struct OutputSpec: Equatable, Sendable {
  package var name: String
  package var dtype: DType
  /// The shape; nil when the method decides it and allocates through `alloc_output`.
  package var shape: Shape?
  package init(name: String, dtype: DType, shape: Shape?) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
  }
}

/// Where a trial runs.
package enum Isolation: Sendable {
  /// In a worker process of its own.
  case process
  /// In this process, without limits and sandbox: for debuggers.
  case none
}

/// What a trial may use.
package struct Limits: Equatable, Sendable {
  /// Wall-clock seconds for loading the library and `create`.
  package var loadSeconds: Double
  package var fitSeconds: Double
  /// For each call of `predict`.
  package var predictSeconds: Double
  /// Address space beyond the mapped inputs and outputs; nil: no limit.
  ///
  /// Values below `smallestMemory` count as that, since OpenBLAS hangs with less.
  package var memoryBytes: Int?
  /// Processor time; nil: what the wall-clock limits allow on `threads` threads.
  package var cpuSeconds: Double?
  package var threads: Int
  /// Bytes kept of stdout and of stderr, each: the first 4 KB and the end.
  package var outputCap: Int
  /// The largest file that the worker may write in its scratch folder.
  package var fileBytes: Int

  package static let smallestMemory = 1 << 30

  package init(
    loadSeconds: Double = 10, fitSeconds: Double = 600, predictSeconds: Double = 600,
    memoryBytes: Int? = nil, cpuSeconds: Double? = nil, threads: Int = 1,
    outputCap: Int = 64 << 10, fileBytes: Int = 1 << 30
  ) {
    self.loadSeconds = loadSeconds
    self.fitSeconds = fitSeconds
    self.predictSeconds = predictSeconds
    self.memoryBytes = memoryBytes
    self.cpuSeconds = cpuSeconds
    self.threads = threads
    self.outputCap = outputCap
    self.fileBytes = fileBytes
  }

  /// At most 1 PB, so that what is added to it still fits in an integer.
  var effectiveMemory: Int? {
    memoryBytes.map { min(max($0, Limits.smallestMemory), 1 << 50) }
  }

  /// Wall-clock seconds for a whole trial: loading, fit, every call of `predict`, and `destroy`.
  func trialSeconds(queries: Int) -> Double {
    2 * loadSeconds + fitSeconds + predictSeconds * Double(max(queries, 1))
  }

  func effectiveCPUSeconds(queries: Int) -> Double {
    cpuSeconds ?? (loadSeconds + fitSeconds + predictSeconds * Double(max(queries, 1)) + 5)
      * Double(max(threads, 1))
  }
}
