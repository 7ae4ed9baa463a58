import Documents
import Estimates
import Evaluation
import Metrics
import PluginHost
import Tensors

@testable import Reports

/// Random numbers that are the same in every run (SplitMix64).
struct PlantedGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// About normal: the sum of twelve uniform numbers.
  mutating func normal() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
  }
}

/// Reports with planted numbers for the pages.
struct PlantedReports {
  static let methods: [(label: String, start: Double, gain: Double)] = [
    ("zero-shot", 0.61, 0), ("nearest-mean", 0.38, 0.075),
    ("linear-probe", 0.30, 0.105), ("tip-adapter", 0.60, 0.035), ("gda", 0.48, 0.075),
  ]

  let store: TrialStore?
  private let rowCount = 600
  private let classes = [
    "T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot",
  ]

  init(store: TrialStore? = nil) { self.store = store }

  // MARK: Few-shot

  /// Five methods in five settings with three seeds on one dataset: 75 trials with class groups.
  func fewShot(dataset: String, shift: Double = 0) throws -> [TrialRecord] {
    var trials: [TrialRecord] = []
    for (index, method) in Self.methods.enumerated() {
      for (step, shots) in [1, 2, 4, 8, 16].enumerated() {
        for seed in 0..<3 {
          let score = method.start + shift + method.gain * Double(step)
          trials.append(
            try classifier(
              method.label, index, dataset, ["shots": JSON(shots)], seed,
              score: score + (method.gain > 0 ? 0.03 * Double((seed * 7 + step) % 3 - 1) : 0)))
        }
      }
    }
    return trials
  }

  private func classifier(
    _ label: String, _ index: Int, _ dataset: String, _ setting: [String: JSON], _ seed: Int,
    score: Double
  ) throws -> TrialRecord {
    var common = PlantedGenerator(UInt64(dataset.count))
    var own = PlantedGenerator(Digest(of: "\(label)\(setting)\(seed)").description.hashCode)
    var columns: [String: [Double]] = [:]
    for row in 0..<rowCount {
      let label = row % classes.count
      let ease = common.normal() * 0.6 + (label == 6 ? -1.2 : label == 8 ? 0.8 : 0)
      let margin = ease + own.normal() * 0.5 + (score - 0.5) * 4
      let isRight = margin > 0
      let confidence = min(0.999, 0.35 + 0.25 * abs(margin) + (index == 2 ? 0.2 : 0))
      let predicted = isRight ? label : (label + 1 + row % 3) % classes.count
      columns["label", default: []].append(Double(label))
      columns["predicted", default: []].append(Double(predicted))
      columns["rank", default: []].append(isRight ? 0 : Double(1 + row % 6))
      columns["confidence", default: []].append(confidence)
      columns["nll", default: []].append(isRight ? 1 - confidence : 1 + confidence)
      columns["brier", default: []].append(isRight ? 1 - confidence : 1 + confidence / 2)
    }
    let tensors = columns.mapValues { Tensor($0.map { Float($0) }, shape: [rowCount]) }
      .merging(
        ["label", "predicted", "rank"].map { name in
          (name, Tensor((columns[name] ?? []).map { Int32($0) }, shape: [rowCount]))
        }
      ) { _, integers in integers }
    let table = try outcomeTable(task: "classify", columns: tensors)
    let keys = ["accuracy", "macro_f1", "nll", "brier", "ece15_width"]
    var record = record(label, dataset, setting, seed, suite: "few-shot", task: "classify")
    record.metrics = measure(keys, on: table, bootstrap: Bootstrap(resamples: 128, key: 1))
    record.groups = classes.indices.map { name in
      let part = table.selecting(rows: Array(stride(from: name, to: rowCount, by: classes.count)))
      return GroupRecord(
        by: "class", key: classes[name], n: part.n,
        metrics: measure(["accuracy"], on: part, bootstrap: Bootstrap(resamples: 128, key: 1)))
    }
    record.samples = try store?.write(tensors) ?? [:]
    return record
  }

  // MARK: Shifts and detection

  /// Five methods with three seeds on corrupted rows: 15 trials with 60 groups each.
  func robustness() -> [TrialRecord] {
    let corruptions = [
      "brightness", "contrast", "defocus_blur", "elastic", "fog", "frost", "gaussian_noise",
      "glass_blur", "jpeg", "motion_blur", "pixelate", "shot_noise",
    ]
    return Self.methods.flatMap { method in
      (0..<3).map { seed in
        var random = PlantedGenerator(UInt64(seed + 100 * method.label.count))
        var record = record(
          method.label, "fashion-c", [:], seed, suite: "robustness", task: "classify")
        let clean = method.start + method.gain * 4
        record.groups = [group("clean", clean)]
        for (place, name) in corruptions.enumerated() {
          for severity in 1...5 {
            let loss = Double(severity) * (0.01 + 0.006 * Double(place % 7))
            record.groups.append(
              group("\(name)-\(severity)", max(0.1, clean - loss + random.normal() * 0.006)))
          }
        }
        record.metrics = ["accuracy": share(clean - 0.09, 36_000)]
        return record
      }
    }
  }

  private func group(_ key: String, _ value: Double) -> GroupRecord {
    GroupRecord(by: "shift", key: key, n: 600, metrics: ["accuracy": share(value, 600)])
  }

  /// Four scores with two seeds that tell digits from clothes.
  func detection() throws -> [TrialRecord] {
    try [("msp", 0.9), ("max-logit", 1.3), ("energy", 1.5), ("mcm", 1.9)].flatMap { label, gap in
      try (0..<2).map { seed in
        var random = PlantedGenerator(UInt64(seed + label.count * 31))
        let positives = (0..<800).map { $0 % 4 == 0 }
        let scores = positives.map { Float(random.normal() + ($0 ? gap : 0)) }
        var record = record(label, "digits", [:], seed, suite: "ood", task: "detect-ood")
        record.metrics = [
          "auroc": MetricValue(
            value: 0.5 + gap / 4.6, n: 800,
            interval: Interval(
              lower: 0.47 + gap / 4.6, upper: 0.53 + gap / 4.6, method: "bootstrap-percentile",
              resamples: 2000))
        ]
        record.samples =
          try store?.write([
            "ood_score": Tensor(scores, shape: [800]),
            "is_ood": Tensor(positives.map { $0 ? Int32(1) : 0 }, shape: [800]),
          ]) ?? [:]
        return record
      }
    }
  }

  // MARK: Failures

  static let hostile = "<script>alert('x')</script>\" onload=\"y"

  /// One method that fails in every way, one that is hostile, one that the settings do not suit.
  func failures() -> [TrialRecord] {
    let kinds = TrialStatus.allCases.filter { $0 != .ok && $0 != .unsupported }
    var trials = kinds.enumerated().map { seed, status in
      var record = record(
        "fragile", "fashion", ["shots": 4], seed, suite: "few-shot", task: "classify")
      record.status = status
      record.failure = TrialFailure(
        stage: status == .loadFailed ? "load" : "fit", kind: "planted-\(status.rawValue)",
        signal: status == .crashed ? "SIGSEGV" : nil,
        message: "The planted failure number \(seed) ended as \(status.rawValue).",
        stderrTail: "frame \(seed): \u{1B}[31mred\u{1B}[0m & <b>\u{202E}")
      return record
    }
    var crashed = record(
      "linear-probe", "fashion", ["shots": 4], 1, suite: "few-shot", task: "classify")
    crashed.status = .crashed
    crashed.failure = TrialFailure(
      stage: "fit", kind: "signal", signal: "SIGSEGV", message: "The worker died in fit.")
    var measured = record(
      "linear-probe", "fashion", ["shots": 4], 0, suite: "few-shot", task: "classify")
    measured.metrics = [
      "accuracy": share(0.8, 600), "macro_f1": .undefined(n: 600, "one class is absent"),
    ]
    var oracle = record("tuned", "fashion", ["shots": 4], 0, suite: "few-shot", task: "classify")
    oracle.selection = .oracle
    oracle.metrics = ["accuracy": share(0.9, 600)]
    var plain = record("gda", "fashion", ["shots": 4], 0, suite: "few-shot", task: "classify")
    plain.metrics = ["accuracy": share(0.7, 600)]
    var better = record(
      "tip-adapter", "fashion", ["shots": 4], 0, suite: "few-shot", task: "classify")
    better.metrics = ["accuracy": share(0.75, 600)]
    better.warnings = [
      TrialWarning(code: "fp-state", text: "The plugin left the rounding mode \(Self.hostile).")
    ]
    better.notes = ["alpha = 1.17 & \(Self.hostile)"]
    var unsuited = record(
      "text-only", "fashion", ["shots": 4], 0, suite: "few-shot", task: "classify")
    unsuited.status = .unsupported
    unsuited.failure = TrialFailure(
      stage: "plan", kind: "missing-input", message: "The setting has no 'text.weights'.")
    var named = record(
      Self.hostile, "fashion", ["shots": 4], 0, suite: "few-shot", task: "classify")
    named.status = .error
    named.failure = TrialFailure(
      stage: "predict", kind: Self.hostile, message: "Refused: \(Self.hostile)",
      stderrTail: "</pre></details>\(Self.hostile)")
    trials += [crashed, measured, oracle, plain, better, unsuited, named]
    return trials
  }

  // MARK: Many

  /// 20,000 trials: four suites, five datasets, five settings, twenty methods, ten seeds.
  func many() -> [TrialRecord] {
    var trials: [TrialRecord] = []
    trials.reserveCapacity(20_000)
    let names = ["accuracy", "macro_f1", "nll", "brier", "ece15_width"]
    for suite in ["few-shot", "imbalanced", "fairness", "robustness"] {
      for dataset in ["fashion", "pets", "flowers", "satellite", "textures"] {
        var random = PlantedGenerator(UInt64(suite.count * 31 + dataset.count))
        for (step, shots) in [1, 2, 4, 8, 16].enumerated() {
          for method in 0..<20 {
            for seed in 0..<10 {
              var record = record(
                "method-\(method)", dataset, ["shots": JSON(shots)], seed, suite: suite,
                task: "classify")
              let level = 0.4 + 0.015 * Double(method) + 0.03 * Double(step)
              if (method + seed * 3 + step) % 41 == 0 {
                record.status = .timeout
                record.failure = TrialFailure(
                  stage: "fit", kind: "deadline",
                  message: "Fit took longer than 60 s on \(dataset) with seed \(seed).",
                  stderrTail: "epoch \(seed)\n")
              } else {
                for name in names {
                  record.metrics[name] = share(level + random.normal() * 0.01, 3000)
                }
                record.groups = (0..<12).map { key in
                  GroupRecord(
                    by: "class", key: "\(key)", n: 250,
                    metrics: ["accuracy": share(level - 0.01 * Double(key), 250)])
                }
              }
              trials.append(record)
            }
          }
        }
      }
    }
    return trials
  }

  // MARK: Parts

  private func share(_ value: Double, _ n: Int) -> MetricValue {
    let half = 1.96 * (max(value * (1 - value), 0.01) / Double(n)).squareRoot()
    return MetricValue(
      value: value, n: n,
      interval: Interval(lower: value - half, upper: min(1, value + half), method: "wilson"))
  }

  private func record(
    _ label: String, _ dataset: String, _ setting: [String: JSON], _ seed: Int, suite: String,
    task: String
  ) -> TrialRecord {
    let name = "\(label) \(dataset) \(JSON.object(setting).canonicalText) \(seed) \(suite)"
    return TrialRecord(
      id: Digest(of: name), key: Digest(of: "key \(name)"), method: label, methodVersion: "1.2",
      pluginDigest: Digest(of: "plugin"), label: label, config: ["alpha": 1, "beta": 5.5],
      suite: suite, suiteDigest: Digest(of: suite), task: task, contract: "\(task)/1.0",
      dataset: dataset, datasetDigest: Digest(of: dataset), setting: setting, seed: seed,
      status: .ok, selection: .val, predictions: Digest(of: name),
      cost: TrialCost(
        loadSeconds: 0.01, fitSeconds: 0.02 * Double(label.count), predictSeconds: 0.004,
        wallSeconds: 0.5, cpuSeconds: 0.4, peakResidentBytes: (80 + label.count) << 20))
  }

  /// A report of such trials with all that it refers to.
  func report(
    _ trials: [TrialRecord], isComplete: Bool = true, warnings: [ReportWarning] = []
  ) -> Report {
    let suites = Set(trials.map(\.suite)).sorted()
    let auroc = MetricEntry(key: "auroc", title: "AUROC", version: 1, higherIsBetter: true)
    return Report(
      tool: ToolEntry(version: "0.1.0", abi: "1.0"),
      run: RunEntry(
        suites: suites, methods: Set(trials.map(\.method)).sorted(),
        seeds: Set(trials.map(\.seed)).sorted(), jobs: 2, isolation: "process",
        limits: ["fit_seconds": 60, "address_space_bytes": 4_294_967_296],
        isComplete: isComplete, arguments: ["run", "few-shot.json", "--seeds", "3"]),
      environment: EnvironmentEntry(
        cpu: "Example CPU", cores: 2, memoryBytes: 8 << 30, kernel: "6.1",
        blas: BLASEntry(name: "OpenBLAS", version: "0.3.21", threads: 1, core: "Zen"),
        sandbox: SandboxEntry(landlockABI: 4, seccomp: true),
        git: GitEntry(commit: "0123456789abcdef", isDirty: true), started: "2025-01-01T00:00:00Z",
        finished: "2025-01-01T00:02:11Z"),
      plugins: trials.isEmpty
        ? []
        : [
          PluginEntry(
            name: "classical", version: "1.2", abi: "1.0", digest: Digest(of: "plugin"),
            licence: "Apache-2.0",
            methods: Set(trials.map(\.method)).sorted().map {
              MethodEntry(
                id: $0, version: "1.2", summary: "A planted method.", paper: "A Paper, 2022")
            })
        ],
      suites: suites.map { SuiteEntry(id: $0, version: "1", digest: Digest(of: $0)) },
      datasets: Set(trials.map(\.dataset)).sorted().map {
        DatasetEntry(
          id: $0, version: "1", digest: Digest(of: $0), n: 70_000, classes: 10,
          source: "Made for the tests", licence: "CC0-1.0")
      },
      metrics: classificationMetrics + [auroc], trials: trials, warnings: warnings)
  }
}

extension String {
  /// A number from hexadecimal digits, the same in every run.
  fileprivate var hashCode: UInt64 { UInt64(prefix(15), radix: 16) ?? 1 }
}
