package import Tensors

extension RetrievalOutcomes {
  /// Takes the outcomes of a similarity `[N, M]` f32 of N images and M texts in one pass over it.
  ///
  /// - Parameter imageOfText: the image that each text describes; an image may have several texts.
  /// - Throws: ``MetricsError`` if shapes differ, or a similarity is not finite.
  package init(similarity: Tensor, imageOfText: [Int32]) throws(MetricsError) {
    let texts = imageOfText.count
    guard similarity.dtype == .f32, similarity.shape.rank == 2, similarity.shape[1] == texts else {
      throw MetricsError(
        .invalidInput,
        "The similarity is \(similarity.dtype) \(similarity.shape); wanted is f32 [N, \(texts)].")
    }
    let images = similarity.shape[0]
    if let text = imageOfText.firstIndex(where: { $0 < 0 || Int($0) >= images }) {
      throw MetricsError(
        .invalidInput,
        "Text \(text) describes image \(imageOfText[text]), but the similarity has \(images) images."
      )
    }
    let captions = RowGroups(groupOfRow: imageOfText, count: images)
    var lists: [TiedList] = []
    lists.reserveCapacity(images + texts)
    // Of each text, the images that are more similar, and those that are as similar with its own.
    var above = [Int32](repeating: 0, count: texts)
    var reached = above
    var notFinite = 0
    similarity.withElements(of: Float.self) { values in
      // What each text must be outranked by: the similarity to its own image.
      let own = (0..<texts).map { values[Int(imageOfText[$0]) * texts + $0] }
      for image in 0..<images {
        let row = UnsafeBufferPointer(rebasing: values[(image * texts)..<((image + 1) * texts)])
        notFinite += row.count { !$0.isFinite }
        count(row, above: own, into: &above, reached: &reached)
        let relevant = captions.rows[captions.starts[image]..<captions.starts[image + 1]]
        lists.append(TiedList(levels(of: relevant.map { row[Int($0)] }, in: row)))
      }
    }
    guard notFinite == 0 else {
      throw MetricsError(
        .invalidInput, "The similarity holds \(notFinite) values that are NaN or infinite.")
    }
    for (above, reached) in zip(above, reached) {
      lists.append(
        TiedList([TiedLevel(above: Int(above), count: Int(reached - above), relevant: 1)]))
    }
    self.init(
      directions: Array(repeating: .imageToText, count: images)
        + Array(repeating: .textToImage, count: texts),
      images: Array(0..<Int32(images)) + imageOfText,
      relevant: lists.map { Int32($0.relevant) },
      values: Dictionary(
        uniqueKeysWithValues: Statistic.allCases.map { statistic in
          (statistic, lists.map { $0.relevant > 0 ? statistic.value($0) : 0 })
        }))
  }
}

/// Counts where a row exceeds or reaches each of some targets.
private func count(
  _ row: UnsafeBufferPointer<Float>, above targets: [Float], into above: inout [Int32],
  reached: inout [Int32]
) {
  targets.withUnsafeBufferPointer { targets in
    above.withUnsafeMutableBufferPointer { above in
      reached.withUnsafeMutableBufferPointer { reached in
        for index in row.indices {
          above[index] &+= row[index] > targets[index] ? 1 : 0
          reached[index] &+= row[index] >= targets[index] ? 1 : 0
        }
      }
    }
  }
}

/// The levels of a row that hold a relevant candidate, from the scores of these.
private func levels(of relevant: [Float], in row: UnsafeBufferPointer<Float>) -> [TiedLevel] {
  let scores = relevant.sorted(by: >)
  var levels: [TiedLevel] = []
  for (place, score) in scores.enumerated() where place == 0 || score != scores[place - 1] {
    var above: Int32 = 0
    var reached: Int32 = 0
    for other in row {
      above &+= other > score ? 1 : 0
      reached &+= other >= score ? 1 : 0
    }
    levels.append(
      TiedLevel(
        above: Int(above), count: Int(reached - above),
        relevant: scores[place...].prefix { $0 == score }.count))
  }
  return levels
}
