import Encoders
import Foundation
import Tensors
import Testing

@Suite("Tokenizers")
struct TokenizerTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent()

  private func path(_ name: String) -> String { folder.appending(path: name).path() }

  private func tokenizer(
    _ special: BytePairTokenizer.SpecialTokens = .openCLIP
  ) throws -> BytePairTokenizer {
    try BytePairTokenizer(path: path("vocabulary.txt.gz"), special: special)
  }

  /// Texts and their ids in rows of 24, which `tokens.py` stored.
  private func stored() throws -> [(text: String, ids: [Int32])] {
    let file = try SafetensorsFile(path: path("tokens.safetensors"))
    var scalars = try file.tensor(named: "scalars").int32Values()[...]
    let ids = try file.tensor(named: "ids").int32Values()
    return try file.tensor(named: "lengths").int32Values().enumerated().map { row, length in
      defer { scalars = scalars.dropFirst(Int(length)) }
      var text = String.UnicodeScalarView()
      text.append(
        contentsOf: scalars.prefix(Int(length)).compactMap { Unicode.Scalar(UInt32($0)) })
      return (String(text), Array(ids[row * 24..<(row + 1) * 24]))
    }
  }

  @Test("ids are those of open_clip, signs of all scripts, HTML and ligatures included")
  func openCLIP() throws {
    let tokenizer = try tokenizer()
    for (text, ids) in try stored() {
      #expect(tokenizer.ids(of: [text], length: 24) == ids, "\(text.debugDescription)")
    }
  }

  @Test("a text that is cut ends with the end, a short one with zeros")
  func framing() throws {
    let tokenizer = try tokenizer()
    let row = tokenizer.ids(of: ["a b c d e f g h i j", ""], length: 5)
    #expect(row.count == 10)
    #expect(row[0] == tokenizer.start && row[4] == tokenizer.end)
    #expect(Array(row[5...]) == [tokenizer.start, tokenizer.end, 0, 0, 0])
  }

  @Test("special tokens are found by the spelling that was asked for")
  func spellings() throws {
    let (one, other) = (try tokenizer(.openAI), try tokenizer(.openCLIP))
    #expect(one.ids(of: "x<|endoftext|>").contains(one.end))
    #expect(!one.ids(of: "x<end_of_text>").contains(one.end))
    #expect(other.ids(of: "x<end_of_text>").contains(other.end))
    #expect(!other.ids(of: "x<|endoftext|>").contains(other.end))
  }

  @Test("a vocabulary may be plain text too; what is none is refused")
  func files() throws {
    let plain = FileManager.default.temporaryDirectory.appending(path: "pairs-\(UUID()).txt")
    defer { try? FileManager.default.removeItem(at: plain) }
    try Data("pairs\na b</w>\n".utf8).write(to: plain)
    let small = try BytePairTokenizer(path: plain.path())
    #expect(small.count == 515)
    #expect(small.ids(of: "ab") == [512])
    for text in ["", "one line", "x\na\n", "x\na b c\n", "x\nab c\n"] {
      try Data(text.utf8).write(to: plain)
      #expect(throws: TensorError.self) { _ = try BytePairTokenizer(path: plain.path()) }
    }
    let packed = try Data(contentsOf: folder.appending(path: "vocabulary.txt.gz"))
    try packed.prefix(packed.count / 2).write(to: plain)
    #expect(throws: TensorError.self) { _ = try BytePairTokenizer(path: plain.path()) }
  }

  @Test("words of a small vocabulary have ids of their own")
  func words() {
    let tokenizer = WordTokenizer(["<pad>", "<start>", "<end>", "a", "red", "circle"])
    #expect(tokenizer.ids(of: ["A red,  circle!"], length: 6) == [1, 3, 4, 5, 2, 0])
    #expect(tokenizer.ids(of: "a blue circle") == [3, 0, 5])
    #expect(tokenizer.ids(of: "") == [])
  }
}
