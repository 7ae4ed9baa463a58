import Random
import Tensors

@testable import Metrics

/// Scores with ties, labels and three groups of 60 rows from the generator of ``ReferenceSample``.
struct RankingSample {
  var scores: [Float] = []
  var labels: [Bool] = []
  var groups: [Int32] = []

  init() {
    var state: UInt64 = 1
    func uniform() -> Double {
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      return Double(state) / Double(1 << 31)
    }
    for _ in 0..<60 {
      let label = uniform() < 0.4
      scores.append(Float(((uniform() + (label ? 0.35 : 0)) * 16).rounded(.down) / 16))
      labels.append(label)
      groups.append(Int32(uniform() * 3))
    }
  }

  func binary() throws -> ClassificationOutcomes {
    try ClassificationOutcomes(margins: scores, isPositive: labels, threshold: 0.5)
  }

  func detection() throws -> DetectionOutcomes {
    try DetectionOutcomes(
      scores: Tensor(scores, shape: [60]), isOOD: labels, labels: labels.map { $0 ? -1 : 0 })
  }

  func grouping() throws -> Grouping {
    Grouping(by: "group", keys: ["a", "b", "c"], codes: groups)
  }
}

/// Scores that separate two classes by `signal` standard deviations.
func binarySample(n: Int, signal: Double, levels: Double, key: String) throws
  -> ClassificationOutcomes
{
  var random = Philox(key: Philox.key(key))
  let labels = (0..<n).map { _ in random.below(3) == 0 }
  let scores = labels.map { label in
    Float(((random.normal() + (label ? signal : 0)) * levels).rounded() / levels)
  }
  return try ClassificationOutcomes(margins: scores, isPositive: labels, threshold: 0.5)
}

/// The value of a metric with every row once.
func value(_ key: String, of table: some OutcomeTable) -> Double? {
  table.evaluator(for: key)?.value(counts: [UInt8](repeating: 1, count: table.n))
}
