internal import Random

/// Which texts are kept, and with what probability.
struct Subset {
  /// The probability of each text `[N]` to be kept, over all that is drawn.
  let probabilities: [Double]
  /// Whether each text is kept `[N]`.
  let isKept: [Bool]
  /// The probability of each entry `[K]` to keep a text by itself.
  let alone: [Double]

  /// What is drawn for a text: two numbers in `0 ..< 1` that depend on seed, stream and text alone.
  ///
  /// They are the first two of the generator's block at the text's number, so that neither the order
  /// nor the number of the texts changes them.
  struct Draws {
    let seed: UInt64
    let stream: UInt64

    /// Decides whether the text is kept.
    func keep(_ text: Int) -> Double { number(text, 0) }
    /// Decides which text stands for its image: the one with the least.
    func choice(_ text: Int) -> Double { number(text, 2) }

    private func number(_ text: Int, _ word: Int) -> Double {
      let words = Philox.block(position: UInt64(text), stream: stream, key: seed)
      let bits = UInt64(words[word + 1]) << 32 | UInt64(words[word])
      return Double(bits >> 11) * 0x1p-53
    }
  }

  /// Draws a subset in the given mode; with `images` `[N]`, at most one matched text of each.
  init(
    _ mode: MetaCLIP.Mode, _ index: MatchIndex, _ balance: Balance, images: [Int64]?, _ draws: Draws
  ) {
    let count = index.textCount
    guard mode != .raw else {
      probabilities = [Double](repeating: 1, count: count)
      isKept = [Bool](repeating: true, count: count)
      alone = balance.probabilities.map { _ in 1 }
      return
    }
    let candidates = Candidates(index, images: images, draws)
    var given = (0..<count).map { text in
      index.isMatched(text) ? balance.keepProbability(of: text, in: index) : 0
    }
    if mode == .balanced {
      alone = balance.probabilities
    } else {
      // At random, as many as balancing keeps on average, whatever they match.
      let expected = (0..<count).reduce(0) { $0 + given[$1] / candidates.rivals[$1] }
      let share = mode == .matched ? 1 : expected / Double(max(candidates.count, 1))
      given = (0..<count).map { index.isMatched($0) ? share : 0 }
      alone = balance.probabilities.map { _ in share }
    }
    isKept = (0..<count).map { candidates.isChosen[$0] && draws.keep($0) < given[$0] }
    probabilities = (0..<count).map { given[$0] / candidates.rivals[$0] }
  }
}

/// The matched texts of which each may be kept: all, or one of each image.
private struct Candidates {
  var isChosen: [Bool]
  /// Among how many matched texts each was chosen.
  var rivals: [Double]
  /// How many were chosen.
  var count: Int

  init(_ index: MatchIndex, images: [Int64]?, _ draws: Subset.Draws) {
    isChosen = (0..<index.textCount).map(index.isMatched)
    rivals = [Double](repeating: 1, count: index.textCount)
    count = isChosen.count { $0 }
    guard let images else { return }
    var ofImage: [Int64: (text: Int, number: Double, rivals: Int)] = [:]
    for text in isChosen.indices where isChosen[text] {
      let number = draws.choice(text)
      var best = ofImage[images[text]] ?? (text, number, 0)
      best.rivals += 1
      if number < best.number { (best.text, best.number) = (text, number) }
      ofImage[images[text]] = best
    }
    for text in isChosen.indices where isChosen[text] {
      guard let best = ofImage[images[text]] else { continue }
      isChosen[text] = best.text == text
      rivals[text] = Double(best.rivals)
    }
    count = ofImage.count
  }
}
