import Foundation
import FuzzReaders
import Testing

private let corpus = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzzing/corpus")

@Suite("What the fuzzer found stays read")
struct FuzzCorpusTests {
  @Test("no file of the corpus brings its reader down", arguments: Reader.allCases)
  func replay(_ reader: Reader) throws {
    let inputs = try FileManager.default.contentsOfDirectory(
      at: corpus.appending(path: reader.rawValue), includingPropertiesForKeys: nil)
    #expect(inputs.count >= 20)
    let folder = ReaderFolder(reader, in: NSTemporaryDirectory())
    let taken = try inputs.map { folder.read(Array(try Data(contentsOf: $0))) }
    // A corpus that the reader only refuses would test its first step alone.
    #expect(taken.contains(true) && taken.contains(false))
  }
}
