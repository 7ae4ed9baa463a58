import Random
import Tensors

@testable import Metrics

let allClassification = ClassificationOutcomes.metrics.map(\.info.key).filter { key in
  // These need a fitted temperature, a second cue, the scores of all classes, or two classes.
  !key.hasSuffix("_scaled")
    && !["shape_bias", "cue_coverage", "auroc_ovr", "classwise_ece15"].contains(key)
    && !ClassificationOutcomes.ofTwoClasses.contains { $0.info.key == key }
}

/// Scores `[40, 7]` and labels from a linear congruential generator, so that another language can
/// make the same ones; class 6 never occurs as a label.
struct ReferenceSample {
  var scores: [Float] = []
  var labels: [Int32] = []

  init() {
    var state: UInt64 = 1
    func uniform() -> Double {
      state = (state * 1_103_515_245 + 12345) % (1 << 31)
      return Double(state) / Double(1 << 31)
    }
    for row in 0..<40 {
      for _ in 0..<7 { scores.append(Float(6 * uniform() - 3)) }
      labels.append(Int32(uniform() * 6))
      scores[row * 7 + Int(labels[row])] += 1.5
    }
  }

  func outcomes() throws -> ClassificationOutcomes {
    try ClassificationOutcomes(logits: Tensor(scores, shape: [40, 7]), labels: labels)
  }
}

/// A table from rows of scores.
func outcomes(_ rows: [[Float]], _ labels: [Int32]) throws -> ClassificationOutcomes {
  try ClassificationOutcomes(
    logits: Tensor(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0]),
    labels: labels)
}

/// A table with the given confidences, of two classes, the labelled one being class 0.
func twoClass(confidence: [Float], correct: [Bool]) -> ClassificationOutcomes {
  let zeros = [Float](repeating: 0, count: confidence.count)
  let missed = correct.map { Int32($0 ? 0 : 1) }
  return ClassificationOutcomes(
    labels: [Int32](repeating: 0, count: confidence.count), predicted: missed, ranks: missed,
    topFive: nil, confidence: confidence, certainty: nil, nll: zeros, brier: zeros, margins: nil,
    classMargins: nil)
}

/// Noisy scores around random labels.
func noisy(n: Int, classes: Int, signal: Float, key: String) throws -> ClassificationOutcomes {
  var random = Philox(key: Philox.key(key))
  let labels = (0..<n).map { _ in Int32(random.below(classes)) }
  var scores = (0..<(n * classes)).map { _ in Float(random.normal()) }
  for row in 0..<n { scores[row * classes + Int(labels[row])] += signal }
  return try ClassificationOutcomes(logits: Tensor(scores, shape: [n, classes]), labels: labels)
}

/// All orders of some elements.
func permutations<Element>(of elements: [Element]) -> [[Element]] {
  guard !elements.isEmpty else { return [[]] }
  return elements.indices.flatMap { place in
    var rest = elements
    let first = rest.remove(at: place)
    return permutations(of: rest).map { [first] + $0 }
  }
}
