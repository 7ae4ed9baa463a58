import Documents
import Foundation
import Testing

@testable import Encoders

/// The pictures of Pictures/, and what Pillow reads of them; pictures_reference.py made both.
enum StoredPictures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Pictures/"

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: folder + name)))
  }

  /// Name, width, height, digest.
  static let read: [[String]] =
    ((try? String(contentsOfFile: folder + "pillow.txt", encoding: .utf8)) ?? "")
    .split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
}

@Suite("Pictures are read as Pillow reads them")
struct PictureDecoderTests {
  private let decoder = PictureDecoder()

  private func digest(_ picture: Picture) -> String {
    picture.bytes.withUnsafeBytes { Digest(of: $0) }.short
  }

  @Test("every mode, depth, sampling and orientation gives Pillow's pixels")
  func pillow() throws {
    #expect(StoredPictures.read.count == 63)
    for line in StoredPictures.read {
      let picture = try decoder.picture(at: StoredPictures.folder + line[0])
      #expect([line[0], "\(picture.width)", "\(picture.height)", digest(picture)] == line)
    }
  }

  @Test("in the caller as in a process of its own")
  func here() throws {
    let here = PictureDecoder(in: .here)
    for line in StoredPictures.read {
      let path = StoredPictures.folder + line[0]
      #expect(try here.picture(at: path) == decoder.picture(at: path))
    }
  }

  @Test("a name with the wrong ending changes nothing")
  func wrongEnding() throws {
    let bytes = try StoredPictures.bytes("lossless.webp")
    let picture = try decoder.picture(of: bytes, path: "x.png")
    #expect(picture == (try decoder.picture(of: bytes, path: "x.webp")))
  }

  @Test(
    "turning by what undoes it gives the picture back",
    arguments: [
      (.upright, .upright), (.mirrored, .mirrored), (.turnedHalf, .turnedHalf),
      (.flipped, .flipped), (.transposed, .transposed), (.turnedRight, .turnedLeft),
      (.transversed, .transversed), (.turnedLeft, .turnedRight),
    ] as [(Orientation, Orientation)])
  func turning(orientation: Orientation, inverse: Orientation) {
    let picture = Picture(width: 3, height: 2, channels: 1, bytes: [1, 2, 3, 4, 5, 6])
    #expect(picture.turned(orientation).turned(inverse) == picture)
  }

  @Test("a quarter turn to the right brings the left column to the top")
  func quarter() {
    let picture = Picture(width: 3, height: 2, channels: 1, bytes: [1, 2, 3, 4, 5, 6])
    let turned = picture.turned(.turnedRight)
    #expect((turned.width, turned.height) == (2, 3))
    #expect(turned.bytes == [4, 1, 5, 2, 6, 3])
  }

  @Test("threads with a decoder each get what one gets")
  func threads() async throws {
    let path = StoredPictures.folder + "sampling2.jpg"
    let wanted = try decoder.picture(at: path)
    try await withThrowingTaskGroup(of: [Picture].self) { group in
      for _ in 0..<4 {
        group.addTask {
          let own = PictureDecoder()
          return try (0..<50).map { _ in try own.picture(at: path) }
        }
      }
      for try await pictures in group { #expect(pictures.allSatisfy { $0 == wanted }) }
    }
  }
}
