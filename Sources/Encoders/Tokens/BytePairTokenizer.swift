internal import CZlib
internal import Documents
package import Tensors

/// CLIP's byte-pair encoding of texts in small letters.
///
///     let tokenizer = try BytePairTokenizer(path: "bpe_simple_vocab_16e6.txt.gz")
///     tokenizer.ids(of: "a photo of a cat.")       // 320, 1125, 539, 320, 2368, 269
///
/// Sennrich, Haddow and Birch 2016, over bytes as in Radford et al. 2019. The vocabulary is that of
/// the file of OpenAI's CLIP and of open_clip, which Assay does not ship.
package struct BytePairTokenizer: Tokenizer {
  /// How the two special tokens are written in a text that contains them.
  package enum SpecialTokens: Sendable {
    /// `<|startoftext|>` and `<|endoftext|>`.
    case openAI
    /// `<start_of_text>` and `<end_of_text>`.
    case openCLIP

    var texts: [[Unicode.Scalar]] {
      let texts =
        self == .openAI
        ? ["<|startoftext|>", "<|endoftext|>"] : ["<start_of_text>", "<end_of_text>"]
      return texts.map { Array($0.unicodeScalars) }
    }
  }

  package let start, end: Int32
  package let count: Int
  private let special: [[Unicode.Scalar]]
  /// The rank of a pair of symbols that is merged, and what it becomes.
  private let merges: [Pair: (rank: Int32, id: Int32)]

  private struct Pair: Hashable {
    let left, right: Int32
  }

  /// The most merges that are read: 48,894, so that there are 49,408 ids.
  package static let mergeCount = 49152 - 256 - 2

  /// Reads the vocabulary, compressed with gzip or plain.
  package init(path: String, special: SpecialTokens = .openCLIP) throws(TensorError) {
    let text = try GzipFile.read(path, limit: 1 << 26)
    try self.init(lines: text.split(separator: 10, omittingEmptySubsequences: false), special, path)
  }

  private init(
    lines: [ArraySlice<UInt8>], _ special: SpecialTokens, _ path: String
  ) throws(TensorError) {
    var symbols: [[UInt8]: Int32] = [:]
    for (id, byte) in ByteSymbols.order.enumerated() {
      symbols[ByteSymbols.text(of: byte)] = Int32(id)
      symbols[ByteSymbols.text(of: byte) + ByteSymbols.wordEnd] = Int32(256 + id)
    }
    var pairs: [(left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)] = []
    for (number, line) in lines.dropFirst().prefix(BytePairTokenizer.mergeCount).enumerated() {
      let parts = line.split { $0 == 32 || $0 == 13 }
      if parts.isEmpty { continue }
      guard parts.count == 2 else {
        throw TensorError(
          "is no vocabulary of CLIP: line \(number + 2) has \(parts.count) parts, a pair has two",
          path: path)
      }
      symbols[Array(parts[0] + parts[1])] = Int32(512 + pairs.count)
      pairs.append((parts[0], parts[1]))
    }
    guard !pairs.isEmpty else {
      throw TensorError(
        "is no vocabulary of CLIP: it has no pairs behind its first line", path: path)
    }
    var merges: [Pair: (rank: Int32, id: Int32)] = [:]
    for (rank, pair) in pairs.enumerated() {
      guard let left = symbols[Array(pair.left)], let right = symbols[Array(pair.right)],
        let id = symbols[Array(pair.left + pair.right)]
      else {
        throw TensorError(
          "is no vocabulary of CLIP: a part of line \(rank + 2) is neither a byte nor the result "
            + "of a line", path: path)
      }
      merges[Pair(left: left, right: right)] = (Int32(rank), id)
    }
    self.merges = merges
    start = Int32(512 + pairs.count)
    end = start + 1
    count = 512 + pairs.count + 2
    self.special = special.texts
  }

  // MARK: Encoding

  package func ids(of text: String) -> [Int32] {
    let text = TextCleaning.lower(text)
    var ids: [Int32] = []
    var place = 0
    while place < text.count {
      if let which = special.firstIndex(where: { text[place...].starts(with: $0) }) {
        ids.append(which == 0 ? start : end)
        place += special[which].count
        continue
      }
      let length = wordLength(text[place...])
      if length == 0 {
        place += 1
      } else {
        append(text[place..<place + length], to: &ids)
        place += length
      }
    }
    return ids
  }

  /// How long the word at the start is: an ending such as `'ll`, letters, a digit, or signs; 0 for
  /// white space.
  private func wordLength(_ rest: ArraySlice<Unicode.Scalar>) -> Int {
    guard let first = rest.first else { return 0 }
    if first == "'", let ending = endingLength(rest) { return ending }
    if first.isLetter { return rest.prefix { $0.isLetter }.count }
    if first.isNumber { return 1 }
    return rest.prefix { $0.isSign }.count
  }

  /// The length of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`.
  private func endingLength(_ rest: ArraySlice<Unicode.Scalar>) -> Int? {
    let next = rest.dropFirst().prefix(2).map { $0 }
    guard let one = next.first else { return nil }
    // A long s is an s in small letters.
    if "stmd\u{17f}".unicodeScalars.contains(one) { return 2 }
    guard next.count == 2 else { return nil }
    let isTwo = (one == "r" || one == "v") && next[1] == "e" || one == "l" && next[1] == "l"
    return isTwo ? 3 : nil
  }

  /// Appends the ids of a word: its bytes, merged pair by pair, the pair of the lowest rank first.
  private func append(_ word: ArraySlice<Unicode.Scalar>, to ids: inout [Int32]) {
    var symbols = String(word).utf8.map { ByteSymbols.ids[Int($0)] }
    if let last = symbols.popLast() { symbols.append(256 + last) }
    while symbols.count > 1 {
      var best: (rank: Int32, id: Int32, pair: Pair)?
      for place in 1..<symbols.count {
        let pair = Pair(left: symbols[place - 1], right: symbols[place])
        if let merge = merges[pair], merge.rank < best?.rank ?? .max {
          best = (merge.rank, merge.id, pair)
        }
      }
      guard let best else { break }
      var kept = 0
      var place = 0
      while place < symbols.count {
        let isPair =
          place + 1 < symbols.count && symbols[place] == best.pair.left
          && symbols[place + 1] == best.pair.right
        symbols[kept] = isPair ? best.id : symbols[place]
        place += isPair ? 2 : 1
        kept += 1
      }
      symbols.removeLast(symbols.count - kept)
    }
    ids += symbols
  }
}

/// The characters that stand for bytes in the vocabulary, and their order.
enum ByteSymbols {
  static let wordEnd = Array("</w>".utf8)

  /// Bytes by their ids: those that print in Latin-1, then the others.
  static let order: [UInt8] = {
    let printing = (0...255).filter { 33...126 ~= $0 || 161...172 ~= $0 || 174...255 ~= $0 }
    return (printing + (0...255).filter { !printing.contains($0) }).map { UInt8($0) }
  }()

  /// The id of each byte.
  static let ids: [Int32] = {
    var ids = [Int32](repeating: 0, count: 256)
    for (id, byte) in order.enumerated() { ids[Int(byte)] = Int32(id) }
    return ids
  }()

  /// The character of a byte in UTF-8: itself where it prints, else one from U+0100 on.
  static func text(of byte: UInt8) -> [UInt8] {
    let id = Int(ids[Int(byte)])
    let printing = 188
    let value = id < printing ? UInt32(byte) : UInt32(256 + id - printing)
    return Unicode.Scalar(value).map { Array(String($0).utf8) } ?? []
  }
}

extension Unicode.Scalar {
  /// Whether it is neither a letter, nor a number, nor white space.
  ///
  /// The iota below is none either: the original's expression takes it for the letter that it
  /// becomes among capitals, but not for a letter.
  fileprivate var isSign: Bool {
    !isLetter && !isNumber && !properties.isWhitespace && self != "\u{345}"
  }

  /// Whether it is of Unicode's category L.
  var isLetter: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  /// Whether it is of Unicode's category N.
  var isNumber: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }
}
