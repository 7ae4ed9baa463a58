import Estimates
import Glibc
import Metrics
import Statistics
import Tensors

/// Runs one measurement: `MetricsBench NAME FOLDER REPEATS`, printing seconds and values as JSON.
///
/// The folder holds little-endian arrays without headers: `scores.f32`, `labels.i32` and so on.
let arguments = CommandLine.arguments
guard arguments.count == 4, let repeats = Int(arguments[3]) else {
  print("usage: MetricsBench NAME FOLDER REPEATS")
  exit(2)
}
let folder = arguments[2]

func read<T: BitwiseCopyable>(_ name: String, as type: T.Type) -> [T] {
  guard let file = fopen("\(folder)/\(name)", "rb") else {
    print("cannot open \(folder)/\(name)")
    exit(2)
  }
  defer { fclose(file) }
  fseek(file, 0, SEEK_END)
  let count = ftell(file) / MemoryLayout<T>.size
  rewind(file)
  return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
    initialized = fread(buffer.baseAddress, MemoryLayout<T>.size, count, file)
  }
}

/// The time that the processor spent on this process, in seconds, as Python's `process_time`.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

/// The least time of several runs, and what the last one gave.
@MainActor func time(_ body: @MainActor () throws -> [Double]) rethrows {
  var best = Double.infinity
  var values: [Double] = []
  for _ in 0..<repeats {
    let start = processorTime()
    values = try body()
    best = min(best, processorTime() - start)
  }
  print("{\"seconds\": \(best), \"values\": \(values)}")
}

func interval(_ value: MetricValue?) -> [Double] {
  [value?.value, value?.interval?.lower, value?.interval?.upper].map { $0 ?? .nan }
}

/// Each run draws anew: a key that was used before would find its resamples in memory.
var nextKey: UInt64 = 0
@MainActor func bootstrap() -> Bootstrap {
  nextKey += 1
  return Bootstrap(resamples: 1000, key: nextKey)
}

func binary(_ scores: String = "scores.f32") throws -> ClassificationOutcomes {
  try ClassificationOutcomes(
    margins: read(scores, as: Float.self),
    isPositive: read("labels.i32", as: Int32.self).map { $0 == 1 }, threshold: 0.5)
}

func logits() -> (Tensor, [Int32]) {
  let labels = read("classes.i32", as: Int32.self)
  let scores = read("logits.f32", as: Float.self)
  return (Tensor(scores, shape: [labels.count, scores.count / labels.count]), labels)
}

func plain(_ key: String, on table: some OutcomeTable) -> Double {
  measure([key], on: table, bootstrap: Bootstrap(resamples: 0, key: 0))[key]?.value ?? .nan
}

switch arguments[1] {
case "top5":
  let (logits, labels) = logits()
  try time { [try topKAccuracy(logits: logits, labels: labels, k: 5)] }
case "probabilities":
  let (logits, labels) = logits()
  try time {
    let table = try ClassificationOutcomes(logits: logits, labels: labels)
    return [plain("nll", on: table), plain("ece15_width", on: table)]
  }
case "auroc", "ap", "fpr95_ood_pos":
  let key = arguments[1]
  let table = try binary()
  let detection = try DetectionOutcomes(
    scores: Tensor(table.margins ?? [], shape: [table.n]), isOOD: table.labels.map { $0 == 1 },
    labels: table.labels.map { _ in -1 })
  time { [key == "fpr95_ood_pos" ? plain(key, on: detection) : plain(key, on: table)] }
case "auroc-bootstrap":
  let table = try binary()
  time { interval(measure(["auroc"], on: table, bootstrap: bootstrap())["auroc"]) }
case "paired-bootstrap":
  let (baseline, candidate) = (try binary(), try binary("candidate.f32"))
  try time {
    let pair = try OutcomePair(baseline, candidate, task: "classify", key: bootstrap().key)
    let plan = DrawPlan(resamples: bootstrap().resamples, lists: true)
    guard let evidence = pair.evidence(["accuracy"], plan)["accuracy"], let terms = evidence.terms
    else { return [] }
    let difference = terms.byUnit.values.reduce(0, +)
    guard let pooled = PooledEvidence([evidence], seedCount: 1, difference: difference),
      let interval = pooled.interval().interval
    else { return [] }
    return [difference, interval.lower, interval.upper, pooled.p]
  }
case "paired-exact":
  let (baseline, candidate) = (
    read("scores.f32", as: Float.self), read("candidate.f32", as: Float.self)
  )
  let labels = read("labels.i32", as: Int32.self)
  time {
    var (lost, won) = (0, 0)
    for row in labels.indices {
      let before = (baseline[row] >= 0.5) == (labels[row] == 1)
      let now = (candidate[row] >= 0.5) == (labels[row] == 1)
      if before && !now { lost += 1 }
      if now && !before { won += 1 }
    }
    return [McNemar.exact(lost: lost, won: won)]
  }
case "groups", "groups-bootstrap":
  let table = try binary()
  let codes = read("groups.i32", as: Int32.self)
  let grouping = Grouping(by: "group", keys: (0..<8).map { "\($0)" }, codes: codes)
  try time {
    let draws = arguments[1] == "groups" ? Bootstrap(resamples: 0, key: 0) : bootstrap()
    let found = try measureGroups("accuracy", on: table, by: grouping, bootstrap: draws)
    let gap = interval(found.gap).prefix(draws.resamples == 0 ? 1 : 3)
    return found.groups.map { $0.value.value ?? .nan } + gap
  }
case "retrieval":
  let images = read("image_of_text.i32", as: Int32.self)
  let scores = read("similarity.f32", as: Float.self)
  try time {
    let table = try RetrievalOutcomes(
      similarity: Tensor(scores, shape: [scores.count / images.count, images.count]),
      imageOfText: images)
    return Task.retrieve.metrics.map { plain($0.key, on: table) }
  }
default:
  print("unknown measurement '\(arguments[1])'")
  exit(2)
}
