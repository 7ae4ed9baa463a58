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
    var imageRanks: [[Int32]] = []
    var textRanks = [Int32](repeating: 1, count: texts)
    var notFinite = 0
    similarity.withElements(of: Float.self) { values in
      // What each text must be outranked by: the similarity to its own image.
      let own = (0..<texts).map { values[Int(imageOfText[$0]) * texts + $0] }
      for image in 0..<images {
        let row = UnsafeBufferPointer(rebasing: values[(image * texts)..<((image + 1) * texts)])
        notFinite += row.count { !$0.isFinite }
        for text in 0..<texts {
          let isBefore =
            row[text] > own[text] || (row[text] == own[text] && image < imageOfText[text])
          textRanks[text] &+= isBefore ? 1 : 0
        }
        let relevant = captions.rows[captions.starts[image]..<captions.starts[image + 1]]
        imageRanks.append(
          relevant.map { text in
            let target = row[Int(text)]
            var rank: Int32 = 1
            for other in 0..<Int(text) where row[other] >= target { rank &+= 1 }
            for other in (Int(text) + 1)..<texts where row[other] > target { rank &+= 1 }
            return rank
          }.sorted())
      }
    }
    guard notFinite == 0 else {
      throw MetricsError(
        .invalidInput, "The similarity holds \(notFinite) values that are NaN or infinite.")
    }
    self.init(
      directions: Array(repeating: .imageToText, count: images)
        + Array(repeating: .textToImage, count: texts),
      images: Array(0..<Int32(images)) + imageOfText,
      ranks: imageRanks.map { $0.first ?? 0 } + textRanks,
      averagePrecision: imageRanks.map(precision) + textRanks.map { 1 / Float($0) },
      heads: Heads(
        relevant: imageRanks.map { Int32($0.count) } + textRanks.map { _ in 1 },
        hits: imageRanks.map(headBits) + textRanks.map { headBits([$0]) }))
  }
}

/// The mean precision at ascending ranks of all relevant candidates; 0 without any.
private func precision(atRanks ranks: [Int32]) -> Float {
  guard !ranks.isEmpty else { return 0 }
  let sum = zip(1..., ranks).reduce(0.0) { $0 + Double($1.0) / Double($1.1) }
  return Float(sum / Double(ranks.count))
}

/// A bit for each of the first ten ranks that is among those given.
private func headBits(_ ranks: [Int32]) -> Int32 {
  ranks.prefix(RetrievalOutcomes.Heads.depth).reduce(0) { bits, rank in
    rank <= RetrievalOutcomes.Heads.depth ? bits | 1 << (rank - 1) : bits
  }
}
