package import Documents
package import Metrics
package import Suites

/// The build of Assay that wrote a report.
package struct ToolEntry: Equatable, Sendable {
  package var version: String
  /// The version of the plugin ABI, such as `1.0`.
  package var abi: String
  package init(version: String, abi: String) {
    self.version = version
    self.abi = abi
  }
}

/// What was asked for: equal for two runs of the same work.
package struct RunEntry: Equatable, Sendable {
  /// How it was asked for: what may differ between two runs of the same work.
  package struct Invocation: Equatable, Sendable {
    /// Trials in parallel; times are comparable only between equal numbers.
    package var jobs: Int
    /// `process` or `none`.
    package var isolation: String
    /// Limits by name with the unit in the name, such as `fit_seconds`; absent means unlimited.
    package var limits: [String: Double]
    /// The command line; see `portable(arguments:)`.
    package var arguments: [String]
  }

  package var suites: [String]
  package var methods: [String]
  package var seeds: [Int]
  /// Threads of a trial, on which the last bits of a result depend.
  package var threads: Int
  /// False when the run was interrupted.
  package var isComplete: Bool
  /// Nil after `Report.strippingVolatile()`.
  package var invocation: Invocation?

  /// Makes an entry; of the limits, `threads` is part of the work.
  package init(
    suites: [String], methods: [String], seeds: [Int], jobs: Int, isolation: String,
    limits: [String: Double] = [:], isComplete: Bool, arguments: [String]
  ) {
    self.suites = suites
    self.methods = methods
    self.seeds = seeds
    self.threads = limits["threads"].flatMap(Int.init(exactly:)) ?? 1
    self.isComplete = isComplete
    var limits = limits
    limits["threads"] = nil
    invocation = Invocation(jobs: jobs, isolation: isolation, limits: limits, arguments: arguments)
  }

  init(
    suites: [String], methods: [String], seeds: [Int], threads: Int, isComplete: Bool,
    invocation: Invocation?
  ) {
    self.suites = suites
    self.methods = methods
    self.seeds = seeds
    self.threads = threads
    self.isComplete = isComplete
    self.invocation = invocation
  }

  package var jobs: Int { invocation?.jobs ?? 1 }
  package var isolation: String { invocation?.isolation ?? "process" }
  package var arguments: [String] { invocation?.arguments ?? [] }
  /// The limits with `threads`.
  package var limits: [String: Double] {
    (invocation?.limits ?? [:]).merging(["threads": Double(threads)]) { first, _ in first }
  }

  /// A command line without what is only true on this machine: absolute paths keep their last
  /// component, also after `=` and `,`.
  package static func portable(arguments: [String]) -> [String] {
    arguments.map { argument in
      var result = ""
      var rest = Substring(argument)
      while let mark = rest.firstIndex(where: { $0 == "=" || $0 == "," }) {
        result += lastComponent(rest[..<mark]) + String(rest[mark])
        rest = rest[rest.index(after: mark)...]
      }
      return result + lastComponent(rest)
    }
  }

  private static func lastComponent(_ path: Substring) -> Substring {
    guard path.hasPrefix("/") else { return path }
    return path.split(separator: "/").last ?? "/"
  }
}

/// The machine and the moment: everything here differs between two equal runs.
package struct EnvironmentEntry: Equatable, Sendable {
  package var cpu: String
  package var cores: Int
  package var memoryBytes: Int
  package var kernel: String
  package var blas: BLASEntry
  package var sandbox: SandboxEntry
  /// The working directory's commit; nil outside a repository.
  package var git: GitEntry?
  /// ISO 8601, UTC.
  package var started: String
  package var finished: String

  package init(
    cpu: String, cores: Int, memoryBytes: Int, kernel: String, blas: BLASEntry,
    sandbox: SandboxEntry, git: GitEntry? = nil, started: String, finished: String
  ) {
    self.cpu = cpu
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.kernel = kernel
    self.blas = blas
    self.sandbox = sandbox
    self.git = git
    self.started = started
    self.finished = finished
  }
}

/// The linear algebra library of the host.
package struct BLASEntry: Equatable, Sendable {
  package var name: String
  package var version: String
  /// Threads per worker.
  package var threads: Int
  /// The kernel set that the library chose, such as `Zen`.
  package var core: String
  package init(name: String, version: String, threads: Int, core: String) {
    self.name = name
    self.version = version
    self.threads = threads
    self.core = core
  }
}

/// What kept the workers from files, network and processes.
package struct SandboxEntry: Equatable, Sendable {
  /// The Landlock ABI in force; nil when there was none.
  package var landlockABI: Int?
  package var seccomp: Bool
  package init(landlockABI: Int?, seccomp: Bool) {
    self.landlockABI = landlockABI
    self.seccomp = seccomp
  }
}

/// The state of the working directory's repository.
package struct GitEntry: Equatable, Sendable {
  package var commit: String
  package var isDirty: Bool
  package init(commit: String, isDirty: Bool) {
    self.commit = commit
    self.isDirty = isDirty
  }
}

/// A plugin that took part.
package struct PluginEntry: Equatable, Sendable {
  package var name: String
  package var version: String
  package var abi: String
  package var digest: Digest
  package var licence: String?
  /// What ran it besides the host, such as `Python 3.11.7, numpy 2.4.6`; nil for a library.
  package var runtime: String?
  package var methods: [MethodEntry]

  package init(
    name: String, version: String, abi: String, digest: Digest, licence: String? = nil,
    runtime: String? = nil, methods: [MethodEntry]
  ) {
    self.name = name
    self.version = version
    self.abi = abi
    self.digest = digest
    self.licence = licence
    self.runtime = runtime
    self.methods = methods
  }
}

/// A method of a plugin.
package struct MethodEntry: Equatable, Sendable {
  package var id: String
  package var version: String
  package var summary: String
  /// The paper that it implements.
  package var paper: String?
  package init(id: String, version: String, summary: String, paper: String? = nil) {
    self.id = id
    self.version = version
    self.summary = summary
    self.paper = paper
  }
}

/// A suite that was run.
package struct SuiteEntry: Equatable, Sendable {
  package var id: String
  package var version: String
  package var digest: Digest
  /// What results under a shift are compared with.
  package var references: ShiftReferences?

  package init(id: String, version: String, digest: Digest, references: ShiftReferences? = nil) {
    self.id = id
    self.version = version
    self.digest = digest
    self.references = references
  }
}

/// A dataset that was measured on.
package struct DatasetEntry: Equatable, Sendable {
  package var id: String
  package var version: String
  package var digest: Digest
  /// The rows of all splits.
  package var n: Int
  /// The number of classes; nil where the task has none.
  package var classes: Int?
  package var source: String
  package var licence: String

  package init(
    id: String, version: String, digest: Digest, n: Int, classes: Int? = nil, source: String,
    licence: String
  ) {
    self.id = id
    self.version = version
    self.digest = digest
    self.n = n
    self.classes = classes
    self.source = source
    self.licence = licence
  }
}

/// A metric that the report uses.
package struct MetricEntry: Equatable, Sendable {
  package var key: String
  package var title: String
  package var version: Int
  package var direction: MetricInfo.Direction
  package var higherIsBetter: Bool { direction == .higher }
  /// Which way it is better, a clause.
  package var directionText: String { direction.text }
  /// The direction as a sentence.
  package var directionSentence: String {
    directionText.prefix(1).uppercased() + directionText.dropFirst() + "."
  }

  package init(key: String, title: String, version: Int, direction: MetricInfo.Direction) {
    self.key = key
    self.title = title
    self.version = version
    self.direction = direction
  }

  package init(key: String, title: String, version: Int, higherIsBetter: Bool) {
    self.init(
      key: key, title: title, version: version,
      direction: MetricInfo.Direction(higherIsBetter: higherIsBetter))
  }
}

/// Something about the whole run that the reader should know.
package struct ReportWarning: Equatable, Sendable {
  /// The codes of warnings on machines and limits: what they say is not about the work.
  static let volatileCodes: Set<String> = ["machines", "limits", "sandbox"]

  package var code: String
  /// What it is about, such as a suite's or a plugin's name.
  package var place: String
  package var text: String
  package init(code: String, place: String, text: String) {
    self.code = code
    self.place = place
    self.text = text
  }
}
