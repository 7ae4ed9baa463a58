internal import AssayKit

/// Which entries each text matches, each once, and how many texts each entry matches.
struct MatchIndex {
  /// The number of texts that match each entry `[K]`, before any sampling.
  private(set) var counts: [Int]
  /// The entries, text after text.
  private var entries: [Int32] = []
  /// Where the entries of each text begin, and where the last ones end.
  private var starts: [Int] = [0]
  /// The last text that each entry was found in, so that it counts once.
  private var lastText: [Int32]

  /// The number of texts.
  var textCount: Int { starts.count - 1 }
  /// The number of matches.
  var matchCount: Int { entries.count }

  init(entryCount: Int, textCount: Int) {
    counts = [Int](repeating: 0, count: entryCount)
    lastText = [Int32](repeating: -1, count: entryCount)
    starts.reserveCapacity(textCount + 1)
  }

  /// Adds a match of the text that is open; the same one again changes nothing.
  mutating func add(_ entry: Int32) {
    let text = Int32(truncatingIfNeeded: starts.count - 1)
    guard lastText[Int(entry)] != text else { return }
    lastText[Int(entry)] = text
    counts[Int(entry)] += 1
    entries.append(entry)
  }

  /// Closes the open text and opens the next.
  mutating func endText() { starts.append(entries.count) }

  /// Calls the body with each entry of a text.
  func forEachEntry(of text: Int, _ body: (Int) -> Void) {
    for place in starts[text]..<starts[text + 1] { body(Int(entries[place])) }
  }

  /// Whether a text matches any entry.
  func isMatched(_ text: Int) -> Bool { starts[text] < starts[text + 1] }
}

extension MatchIndex {
  /// Takes prepared pairs `[nnz, 2]` of an entry and a text, in any order.
  init(pairs tensor: TensorView, entryCount: Int, textCount: Int) throws(MethodError) {
    try tensor.requireShape([nil, 2])
    let pairs = try tensor.elements(of: Int32.self)
    var places = [Int](repeating: 0, count: textCount + 1)
    for pair in 0..<pairs.count / 2 {
      let (entry, text) = (Int(pairs[2 * pair]), Int(pairs[2 * pair + 1]))
      guard (0..<entryCount).contains(entry), (0..<textCount).contains(text) else {
        throw .contract(
          "row \(pair) of 'match' is entry \(entry) and text \(text), but there are \(entryCount) "
            + "entries and \(textCount) texts")
      }
      places[text + 1] += 1
    }
    for text in 0..<textCount { places[text + 1] += places[text] }
    let starts = places
    var sorted = [Int32](repeating: 0, count: pairs.count / 2)
    for pair in 0..<pairs.count / 2 {
      let text = Int(pairs[2 * pair + 1])
      sorted[places[text]] = pairs[2 * pair]
      places[text] += 1
    }
    self.init(entryCount: entryCount, textCount: textCount)
    for text in 0..<textCount {
      for place in starts[text]..<starts[text + 1] { add(sorted[place]) }
      endText()
    }
  }
}

extension TensorView {
  /// Checks the number of axes, and the extents that are given.
  fileprivate func requireShape(_ wanted: [Int?]) throws(MethodError) {
    guard shape.count == wanted.count, zip(shape, wanted).allSatisfy({ $1 == nil || $0 == $1 })
    else { throw .contract("tensor '\(name)' has shape \(shape); wanted is [pairs, 2]") }
  }
}
