/// One id for each word of a small vocabulary, for encoders that were trained on few words.
///
///     let tokenizer = WordTokenizer(["<pad>", "<start>", "<end>", "a", "red", "circle"])
///     tokenizer.ids(of: "A red square.")       // 3, 4, 0
///
/// A text is cleaned as CLIP's, then split into runs of letters and digits; all else is left out. A
/// word that the vocabulary has not becomes `<unknown>` where it has that, else padding.
package struct WordTokenizer: Tokenizer {
  /// The words by their ids.
  package let words: [String]
  package let start, end: Int32
  private let unknown: Int32
  private let ids: [String: Int32]

  /// Takes words of which the first is padding, and which include `<start>` and `<end>`.
  package init(_ words: [String]) {
    self.words = words
    ids = Dictionary(words.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
    precondition(
      ids["<start>"] != nil && ids["<end>"] != nil, "a vocabulary has '<start>' and '<end>'")
    start = ids["<start>"] ?? 0
    end = ids["<end>"] ?? 0
    unknown = ids["<unknown>"] ?? 0
  }

  package var count: Int { words.count }

  package func ids(of text: String) -> [Int32] {
    TextCleaning.lower(text).split { !$0.properties.isAlphabetic && !$0.isNumber }
      .map { ids[String($0)] ?? unknown }
  }
}
