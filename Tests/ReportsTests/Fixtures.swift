import Documents
import Estimates
import Evaluation
import Glibc
import Metrics
import PluginHost
import Tensors

@testable import Reports

/// A trial of the suite `few-shot` on `pets`.
func trial(
  _ label: String = "gda", shots: Int = 4, seed: Int = 1, accuracy: Double? = 0.9, n: Int = 100,
  status: TrialStatus = .ok, dataset: String = "pets", selection: Selection = .val,
  version: String = "1.0", predictions: String? = "same", suiteDigest: String = "suite",
  metrics: [String: MetricValue]? = nil
) -> TrialRecord {
  let ok = status == .ok
  let value = accuracy.map {
    MetricValue(
      value: $0, n: n,
      interval: Interval(lower: $0 - 0.05, upper: $0 + 0.05, method: "wilson"))
  }
  return TrialRecord(
    id: Digest(of: "\(label) \(shots) \(seed) \(dataset) \(version) \(suiteDigest)"),
    key: Digest(of: "\(label) \(shots) \(seed) \(dataset)"), method: "gda",
    methodVersion: version, pluginDigest: Digest(of: version), label: label,
    config: ["alpha": 1], suite: "few-shot", suiteDigest: Digest(of: suiteDigest),
    task: "classify", contract: "classify/1.0", dataset: dataset,
    datasetDigest: Digest(of: dataset), setting: ["shots": JSON(shots)], seed: seed,
    status: status,
    failure: ok ? nil : TrialFailure(stage: "fit", kind: "signal", message: "it died"),
    selection: selection, metrics: ok ? (metrics ?? value.map { ["accuracy": $0] } ?? [:]) : [:],
    predictions: ok ? predictions.map { Digest(of: $0) } : nil,
    cost: TrialCost(
      fitSeconds: 0.25, wallSeconds: 0.5, cpuSeconds: 0.4, peakResidentBytes: 100 << 20))
}

let classificationMetrics = Task.classify.metrics.map {
  MetricEntry(
    key: $0.key, title: $0.title, version: $0.version, direction: $0.direction)
}

/// A report of trials.
func report(
  _ trials: [TrialRecord], jobs: Int = 2, started: String = "2025-01-01T00:00:00Z",
  metrics: [MetricEntry] = classificationMetrics, samples: TrialStore? = nil,
  warnings: [ReportWarning] = []
) -> Report {
  Report(
    tool: ToolEntry(version: "0.1.0", abi: "1.0"),
    run: RunEntry(
      suites: ["few-shot"], methods: ["gda"], seeds: [1, 2], jobs: jobs, isolation: "process",
      limits: ["fit_seconds": 60], isComplete: true, arguments: ["run", "suite.json"]),
    environment: EnvironmentEntry(
      cpu: "Example CPU", cores: 2, memoryBytes: 8 << 30, kernel: "6.1",
      blas: BLASEntry(name: "OpenBLAS", version: "0.3.21", threads: 1, core: "Zen"),
      sandbox: SandboxEntry(landlockABI: 4, seccomp: true),
      git: GitEntry(commit: "abc", isDirty: true), started: started, finished: started),
    plugins: [
      PluginEntry(
        name: "gda", version: "1.0", abi: "1.0", digest: Digest(of: "plugin"), licence: nil,
        methods: [MethodEntry(id: "gda", version: "1.0", summary: "Gaussian", paper: "a paper")])
    ],
    suites: [SuiteEntry(id: "few-shot", version: "1", digest: Digest(of: "suite"))],
    datasets: [
      DatasetEntry(
        id: "pets", version: "1", digest: Digest(of: "pets"), n: 100, classes: 3, source: "made",
        licence: "CC0")
    ],
    metrics: metrics, trials: trials, samples: samples, warnings: warnings)
}

/// A folder that is removed with the last reference to it.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/assay-reports-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit {
    // The store holds plain files only.
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(folder)
    rmdir(path)
  }
}

/// The outcomes of a two-class classifier that is right on the given rows.
func outcomes(correct: [Bool], confidence: Float = 0.8) -> ClassificationOutcomes {
  let labels = correct.indices.map { Int32($0 % 2) }
  let logit = Glibc.log(confidence / (1 - confidence))
  let scores = zip(labels, correct).flatMap { label, isRight -> [Float] in
    let isFirst = (label == 0) == isRight
    return isFirst ? [logit, 0] : [0, logit]
  }
  do {
    return try ClassificationOutcomes(
      logits: Tensor(scores, shape: [labels.count, 2]), labels: labels)
  } catch {
    fatalError("the fixture's outcomes are not valid: \(error)")
  }
}

/// A measured trial whose outcomes lie in a store.
func measured(
  _ label: String = "gda", seed: Int = 1, correct: [Bool], confidence: Float = 0.8,
  version: String = "1.0", units: [Int]? = nil, resamples: Int = 64, in store: TrialStore
) throws -> TrialRecord {
  var table = outcomes(correct: correct, confidence: confidence)
  table.units = units
  let keys = ["accuracy", "nll", "ece15_width"]
  var record = trial(
    label, seed: seed, version: version,
    predictions: "\(correct) \(confidence)",
    metrics: measure(
      keys, on: table, bootstrap: Bootstrap(resamples: resamples, key: testSetKey(of: table))))
  record.samples = try store.write(table.columns)
  return record
}

/// `n` rows of which every `1 / wrong`-th is wrong, with some rows turned over.
func rows(_ n: Int, wrongEvery step: Int = 5, flipping flipped: some Sequence<Int> = []) -> [Bool] {
  var rows = (0..<n).map { $0 % step != 0 }
  for row in flipped { rows[row].toggle() }
  return rows
}
