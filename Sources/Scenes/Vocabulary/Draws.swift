internal import Random

/// The random draws for one purpose in one picture.
///
/// Counter-based (Philox): a draw depends on seed, split, purpose, picture and its place among the
/// draws, and on nothing else, so that pictures can be made in any order, alone or side by side,
/// and a change to one purpose leaves the others as they were. All draws are whole numbers.
///
///     var draws = Draws(seed: 1, split: "train", purpose: "layout", index: 7)
///     let radius = draws.within(9...12)
struct Draws {
  private var random: Philox
  private let key: UInt64
  private let stream: UInt64

  init(seed: UInt64, split: String, purpose: String, index: Int) {
    key = Philox.key("scenes", String(seed), split, purpose)
    stream = UInt64(index)
    random = Philox(key: key, stream: stream)
  }

  /// Draws from a range, each whole number as likely as the others.
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + random.below(range.count)
  }

  /// Draws a number of `0 ..< count`.
  mutating func below(_ count: Int) -> Int { random.below(count) }

  /// Draws yes with a probability of `percent` hundredths.
  mutating func chance(percent: Int) -> Bool { random.below(100) < percent }

  /// Draws one of the elements, which are not none.
  mutating func pick<C: RandomAccessCollection>(_ elements: C) -> C.Element {
    elements[elements.index(elements.startIndex, offsetBy: random.below(elements.count))]
  }

  /// Draws a place in `weights`, each as often as its weight.
  mutating func weighted(_ weights: [Int]) -> Int {
    var rest = random.below(weights.reduce(0, +))
    for (place, weight) in weights.enumerated() {
      if rest < weight { return place }
      rest -= weight
    }
    return weights.count - 1
  }

  /// Brings the elements into random order.
  mutating func shuffle<Element>(_ elements: inout [Element]) { random.shuffle(&elements) }

  /// Draws about normally, with mean 0 and the given standard deviation.
  mutating func bell(deviation: Int) -> Int {
    Int(bellValue(of: UInt32(truncatingIfNeeded: random.next()), deviation: Int32(deviation)))
  }

  /// The four words of place `position`, apart from the draws in order: one place for each pixel.
  func words(at position: Int) -> SIMD4<UInt32> {
    Philox.block(position: UInt64(position), stream: stream, key: key)
  }
}

/// Maps 32 random bits to a whole number of about normal distribution.
///
/// The sum of the word's four bytes has mean 510 and deviation 147.8, and its distribution differs
/// from the normal one by a kurtosis of -0.3 and by ending at 3.45 deviations. No logarithm or
/// cosine is needed, whose last bit is the C library's own.
@inline(__always)
func bellValue(of word: UInt32, deviation: Int32) -> Int32 {
  let sum = (word & 255) &+ (word >> 8 & 255) &+ (word >> 16 & 255) &+ (word >> 24)
  // 2^16 / 147.8 = 443.4
  return ((Int32(bitPattern: sum) &- 510) &* deviation &* 443 &+ 32_768) >> 16
}
