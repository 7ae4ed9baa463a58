/// All words of the scenes and their numbers.
///
///     Vocabulary.tokens(of: "a red circle on grass")     // [24]: 1, 3, 14, 21, 6, 29, 2, 0, ...
package enum Vocabulary {
  /// The numbers in a row of tokens: start, at most 22 words, end, and padding.
  package static let length = 24

  package static let padding: Int32 = 0
  package static let start: Int32 = 1
  package static let end: Int32 = 2

  /// The words by their numbers; new ones are added at the end, for weights are tied to the
  /// numbers.
  package static let words: [String] =
    ["<pad>", "<start>", "<end>", "a", "the", "and", "on", "of", "left", "right", "above", "below"]
    + Size.allCases.map(\.rawValue) + Colour.allCases.map(\.rawValue)
    + Outline.allCases.map(\.rawValue) + Background.allCases.map(\.rawValue)
    + Species.allCases.map(\.rawValue)
    + ["rank", "number", "size", "blur", "photo", "damaged", "flawless"]
    + ["gravel", "stripes", "weave", "circles", "squares", "rings", "stars", "crosses"]

  private static let numbers = Dictionary(
    uniqueKeysWithValues: words.enumerated().map { ($1, Int32($0)) })

  /// The number of a word; nil for one that no text has.
  package static func number(of word: String) -> Int32? { numbers[word] }

  /// The row of tokens of a text, `[24]`.
  package static func tokens(of text: String) -> [Int32] {
    let words = text.split(separator: " ").map { word in
      guard let number = number(of: String(word)) else {
        preconditionFailure("'\(word)' is no word of the scenes")
      }
      return number
    }
    precondition(words.count <= length - 2, "'\(text)' has more than \(length - 2) words")
    let row = [start] + words + [end]
    return row + [Int32](repeating: padding, count: length - row.count)
  }
}
