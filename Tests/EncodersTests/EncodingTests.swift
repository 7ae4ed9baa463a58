import Documents
import Foundation
import Tensors
import Testing

@testable import Encoders

@Suite("Pictures become rows of a dataset")
struct EncodingTests {
  private final class Folder {
    let path = NSTemporaryDirectory() + "assay-encoding-\(UUID().uuidString)"
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private let streams = [
    EncodingJournal.Stream("features", width: 2, limit: 5),
    EncodingJournal.Stream("contrast-1", width: 2, limit: 3),
  ]

  private func open(_ folder: Folder, plan: String = "a") throws -> EncodingJournal {
    try EncodingJournal(
      in: folder.path + "/journal", plan: Digest(of: plan), streams: streams, batch: 2)
  }

  /// The rows of pictures from one place to another; each is told by its numbers.
  private func rows(_ places: Range<Int>) -> [[Float]] {
    streams.enumerated().map { number, stream in
      places.filter { $0 < stream.limit }.flatMap { [Float($0), Float(number)] }
    }
  }

  private func numbers(_ journal: EncodingJournal, _ stream: Int) throws -> [Float] {
    let data = try Data(contentsOf: URL(filePath: journal.path(of: streams[stream])))
    return data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test("a journal goes on after what is whole")
  func resume() throws {
    let folder = try Folder()
    let first = try open(folder)
    try first.append(rows(0..<2), count: 2, skipping: [1: "bad\nnews"])
    try first.append(rows(2..<4), count: 2)
    // A kill in the middle of a batch: of one stream there is more than of the other.
    let file = try FileHandle(forWritingTo: URL(filePath: first.path(of: streams[0])))
    try file.truncate(atOffset: 3 * 8 + 5)
    try file.close()
    let second = try open(folder)
    #expect(second.done == 2)
    #expect(second.skipped == [1: "bad news"])
    try second.append(rows(2..<4), count: 2)
    try second.append(rows(4..<5), count: 1)
    #expect(try numbers(second, 0) == [0, 0, 1, 0, 2, 0, 3, 0, 4, 0])
    #expect(try numbers(second, 1) == [0, 1, 1, 1, 2, 1])
    #expect(try open(folder).done == 5)
  }

  @Test("what was lost of any stream is made again")
  func lostStream() throws {
    let folder = try Folder()
    let journal = try open(folder)
    try journal.append(rows(0..<2), count: 2)
    try journal.append(rows(2..<4), count: 2)
    try FileManager.default.removeItem(atPath: journal.path(of: streams[1]))
    #expect(try open(folder).done == 0)
  }

  @Test("a journal of another plan is thrown away")
  func otherPlan() throws {
    let folder = try Folder()
    try open(folder).append(rows(0..<2), count: 2)
    #expect(try open(folder, plan: "b").done == 0)
    #expect(try open(folder).done == 0)
  }

  @Test("a journal that is removed leaves nothing")
  func removal() throws {
    let folder = try Folder()
    let journal = try open(folder)
    try journal.append(rows(0..<2), count: 2, skipping: [0: "x"])
    journal.remove()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a plan is another one when a picture, a shift or the checkpoint is")
  func plans() throws {
    let folder = try Folder()
    let file = folder.path + "/1.png"
    try Data([1]).write(to: URL(filePath: file))
    let collection = PictureCollection(
      classes: ["a"],
      entries: [.init(name: "a/1.png", path: file, split: .test, label: 0)])
    func digest(_ encoder: String = "x", shifts: [EncodingPlan.Shift] = []) -> Digest {
      EncodingPlan(
        collection, shifts: shifts, preprocessing: .clip(side: 8), encoder: encoder,
        featureWidth: 4
      ).digest
    }
    let first = digest()
    #expect(digest() == first)
    #expect(digest("y") != first)
    #expect(digest(shifts: [.init(.jpeg, severity: 1)]) != first)
    try Data([1, 2]).write(to: URL(filePath: file))
    #expect(digest() != first)
  }

  @Test("patches of a picture and its feature come from the same pass")
  func patches() {
    var shape = DualEncoderShape.small
    shape.side = 16
    let tower = ImageTower(shape, seed: 3)
    let count = 2 * 3 * 16 * 16
    let pixels = (0..<count).map { (place: Int) -> Float in Float(place % 17) / 17 }
    let plain = PictureEncoder(tower).rows(pixels, count: 2)
    let both = PictureEncoder(tower, keepsPatches: true).rows(pixels, count: 2)
    #expect(plain.patches.isEmpty)
    #expect(both.patches.count == 2 * 16 * shape.embedding)
    for (left, right) in zip(plain.features, both.features) { #expect(abs(left - right) < 1e-5) }
  }

  @Test("prompts stand class by class, and a class is the mean of its prompts")
  func prompts() {
    let words = ["", "<start>", "<end>", "a", "photo", "of", "cat", "dog"]
    let encoder = TextEncoder(TextTower(.small, seed: 5), WordTokenizer(words))
    let (prompts, classes) = encoder.classes(["cat", "dog"], templates: ["a {}", "photo of {}"])
    let width = DualEncoderShape.small.embedding
    #expect(prompts.count == 4 * width && classes.count == 2 * width)
    func row(_ numbers: [Float], _ row: Int) -> ArraySlice<Float> {
      numbers[row * width..<(row + 1) * width]
    }
    func cosine(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Float {
      zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let single = encoder.features(of: ["photo of dog"])[...]
    let length = cosine(single, single).squareRoot()
    #expect(abs(cosine(row(prompts, 3), single) - length) < 1e-4 * length)
    for number in 0..<2 {
      let mean = zip(row(prompts, 2 * number), row(prompts, 2 * number + 1)).map(+)[...]
      #expect(abs(cosine(row(classes, number), row(classes, number)) - 1) < 1e-5)
      #expect(
        abs(cosine(row(classes, number), mean) - cosine(mean, mean).squareRoot()) < 1e-4)
    }
  }
}
