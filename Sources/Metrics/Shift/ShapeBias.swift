/// How often a model decides by shape where shape and texture show different classes.
///
/// Source: Geirhos et al., "ImageNet-trained CNNs are biased towards texture", ICLR 2019.
package struct ShapeBias: Equatable, Sendable {
  /// Shape decisions among the decisions for shape or texture.
  package let bias: MetricValue
  /// Decisions for shape or texture among the rows whose cues conflict.
  package let coverage: MetricValue

  /// Takes predictions and both cues of each row; rows whose cues agree are left out.
  package init(predicted: [Int32], shape: [Int32], texture: [Int32]) throws(MetricsError) {
    guard predicted.count == shape.count, shape.count == texture.count else {
      throw MetricsError(
        .invalidInput,
        "There are \(predicted.count) predictions, \(shape.count) shapes and \(texture.count) "
          + "textures; each row needs all three.")
    }
    let conflicts = predicted.indices.filter { shape[$0] != texture[$0] }
    let byShape = conflicts.count { predicted[$0] == shape[$0] }
    let decided = byShape + conflicts.count { predicted[$0] == texture[$0] }
    bias = share(byShape, of: decided, "no prediction agrees with either cue")
    coverage = share(decided, of: conflicts.count, "no row has conflicting cues")
  }
}

private func share(_ hits: Int, of n: Int, _ reason: String) -> MetricValue {
  guard n > 0 else { return .undefined(n: 0, reason) }
  return MetricValue(
    value: Double(hits) / Double(n), n: n, interval: wilson(hits: hits, of: n, level: 0.95))
}
