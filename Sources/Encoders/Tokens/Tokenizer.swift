/// Turns texts into the ids that a text tower was trained with.
///
///     let ids = tokenizer.ids(of: ["a photo of a cat."], length: 77)      // [1, 77]
package protocol Tokenizer: Sendable {
  /// The id before each text.
  var start: Int32 { get }
  /// The id behind each text.
  var end: Int32 { get }
  /// The number of ids.
  var count: Int { get }

  /// The ids of a text alone, all of them.
  func ids(of text: String) -> [Int32]
}

extension Tokenizer {
  /// The ids of texts with start and end, cut or filled with 0 to a length; `[N, length]`.
  ///
  /// Of a text that is cut the last id is the end, as in CLIP.
  package func ids(of texts: [String], length: Int) -> [Int32] {
    precondition(length >= 2, "a start and an end take two places")
    return texts.flatMap { text in
      let row = [start] + ids(of: text).prefix(length - 2) + [end]
      return row + repeatElement(0, count: length - row.count)
    }
  }
}
