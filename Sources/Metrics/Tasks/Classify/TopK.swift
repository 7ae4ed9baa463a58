package import Tensors

/// The share of rows whose true class is among the k best by score; a class that ties across the
/// k-th place counts with the probability that a random order puts it before.
///
/// Reads the scores `[N, K]` f32 once and computes no probability, for when nothing else is wanted
/// of them; ``ClassificationOutcomes`` takes every metric from one pass.
///
/// - Throws: ``MetricsError`` if shapes or labels do not fit, there are no rows, or a score is not
///   finite.
package func topKAccuracy(logits: Tensor, labels: [Int32], k: Int) throws(MetricsError) -> Double {
  guard logits.dtype == .f32, logits.shape.rank == 2, logits.shape[0] == labels.count,
    !labels.isEmpty
  else {
    throw MetricsError(
      .invalidInput,
      "The logits are \(logits.dtype) \(logits.shape) with \(labels.count) labels; wanted is "
        + "f32 [N, K] with N > 0 labels.")
  }
  let classes = logits.shape[1]
  if let row = labels.firstIndex(where: { $0 < 0 || Int($0) >= classes }) {
    throw MetricsError(
      .invalidInput,
      "The label of row \(row) is \(labels[row]), but the logits have \(classes) classes.")
  }
  var hits = 0.0
  var notFinite = 0
  logits.withElements(of: Float.self) { scores in
    for (row, label) in labels.enumerated() {
      let row = UnsafeBufferPointer(rebasing: scores[(row * classes)..<((row + 1) * classes)])
      guard let level = level(of: Int(label), in: row) else {
        notFinite += row.count { !$0.isFinite }
        continue
      }
      hits += Double(level.places(within: k)) / Double(level.count)
    }
  }
  guard notFinite == 0 else {
    throw MetricsError(
      .invalidInput, "The logits hold \(notFinite) values that are NaN or infinite.")
  }
  return hits / Double(labels.count)
}

/// The classes that score as high as one, and those above; nil if a score is NaN or infinite.
func level(of label: Int, in scores: UnsafeBufferPointer<Float>) -> TiedLevel? {
  let target = SIMD16<Float>(repeating: scores[label])
  var above = SIMD16<Int32>.zero
  var tied = SIMD16<Int32>.zero
  // 0 times a number is 0, and NaN for NaN and infinities.
  var nothing = SIMD16<Float>.zero
  let bytes = UnsafeRawBufferPointer(scores)
  let wide = scores.count & ~15
  for start in stride(from: 0, to: wide, by: 16) {
    let values = bytes.loadUnaligned(fromByteOffset: start &* 4, as: SIMD16<Float>.self)
    above &-= unsafeBitCast(values .> target, to: SIMD16<Int32>.self)
    tied &-= unsafeBitCast(values .== target, to: SIMD16<Int32>.self)
    nothing += values * 0
  }
  var level = (above: Int(above.wrappedSum()), count: Int(tied.wrappedSum()))
  var check = nothing.sum()
  for index in wide..<scores.count {
    level.above += scores[index] > scores[label] ? 1 : 0
    level.count += scores[index] == scores[label] ? 1 : 0
    check += scores[index] * 0
  }
  guard check == 0 else { return nil }
  return TiedLevel(above: level.above, count: level.count, relevant: 1)
}
