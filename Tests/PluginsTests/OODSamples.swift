import CAssay
import Documents
import MethodHarness
import Tensors

/// Numbers uniform in -1 ..< 1; `data` of OODReference.py makes the same.
func uniformRows(_ rows: Int, _ columns: Int, seed: UInt64) -> [[Float]] {
  var random = SplitMix64(seed)
  return (0..<rows).map { _ in (0..<columns).map { _ in Float(2 * random.uniform() - 1) } }
}

/// The chance that an OOD row scores above an ID row, ties half.
func auroc(known: [Float], unknown: [Float]) -> Double {
  let wins = unknown.reduce(0.0) { sum, score in
    sum + known.reduce(0.0) { $0 + ($1 < score ? 1 : $1 == score ? 0.5 : 0) }
  }
  return wins / Double(known.count * unknown.count)
}

/// What a method of task `detect-ood` answered.
struct Detection {
  var scores: [Float]
  var logits: [[Float]]
  var metrics: [String: Double]
  var notes: [String]
  var warnings: [String]
  /// `is_ood` and `p_no`, where they were asked for and the method gives them.
  var decisions: [Int32] = []
  var denials: [[Float]] = []

  /// Fits and asks a method of a library.
  init(
    _ library: String, _ config: [String: JSON] = [:], method: UInt32 = 0, seed: UInt64 = 7,
    fit: [String: Tensor], query: [String: Tensor], classCount: Int, wantsLogits: Bool = true,
    wantsDecisions: Bool = false
  ) throws {
    let instance = try Plugin(named: library).instance(config, method: method)
    instance.seed = seed
    guard instance.fit(fit) == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    let rows = query.values.first?.shape[0] ?? 0
    let scores = Tensor([Float](repeating: .nan, count: rows), shape: [rows])
    let logits = Tensor(
      [Float](repeating: .nan, count: rows * classCount), shape: [rows, classCount])
    var outputs = ["ood_score": scores]
    if wantsLogits { outputs["logits"] = logits }
    let decisions = Tensor([Int32](repeating: -1, count: rows), shape: [rows])
    let denials = Tensor(
      [Float](repeating: .nan, count: rows * classCount), shape: [rows, classCount])
    if wantsDecisions { (outputs["is_ood"], outputs["p_no"]) = (decisions, denials) }
    guard instance.predict(query, outputs: outputs) == ASSAY_OK else {
      throw HarnessError(instance.host.sentence)
    }
    self.scores = scores.withElements(of: Float.self) { Array($0) }
    func table(_ tensor: Tensor) -> [[Float]] {
      tensor.withElements(of: Float.self) { numbers in
        (0..<rows).map { Array(numbers[$0 * classCount..<($0 + 1) * classCount]) }
      }
    }
    self.logits = table(logits)
    if wantsDecisions {
      self.decisions = decisions.withElements(of: Int32.self) { Array($0) }
      self.denials = table(denials)
    }
    metrics = instance.host.metrics
    notes = instance.host.notes
    warnings = instance.host.warnings
  }
}
