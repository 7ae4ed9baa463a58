import Documents
import Testing

@testable import Encoders

/// Pillow 13.0.0 made the digests, by pillow_reference.py.
@Suite("Image preprocessing")
struct ImagePreprocessingTests {
  /// The same picture as the reference's.
  static func made(_ width: Int, _ height: Int) -> Picture {
    let bytes = (0..<width * height * 3).map { place in
      let (x, y, c) = (place / 3 % width, place / 3 / width, place % 3)
      return UInt8((x * x * 7 + y * 13 + c * 29 + x * y * 3) % 256)
    }
    return Picture(width: width, height: height, bytes: bytes)
  }

  private func digest(_ picture: Picture) -> String {
    picture.bytes.withUnsafeBytes { Digest(of: $0) }.short
  }

  static let resized: [(Int, Int, Int, Int, String)] = [
    (7, 5, 3, 2, "6aa11b35497bede0"),
    (7, 5, 14, 15, "9d75dcb0cec9bbea"),
    (64, 48, 32, 24, "325838da8fd9f5b1"),
    (31, 77, 224, 10, "3bb066533a2038dc"),
    (1, 1, 5, 5, "e6913788e39f9d47"),
    (1, 9, 3, 3, "7d1a99325d109cba"),
    (333, 250, 224, 224, "d87db0f6ad6253fe"),
    (100, 3, 1, 1, "cc0420546b0b49dc"),
    (640, 479, 299, 224, "1f1d381c0db1ae8a"),
    (5, 5, 5, 9, "ba8b6b1a83a41f25"),
    (256, 256, 255, 257, "85ea2e78fffe2b9b"),
  ]

  @Test("resizing gives Pillow's bytes", arguments: resized)
  func resize(width: Int, height: Int, newWidth: Int, newHeight: Int, wanted: String) {
    let picture = Self.made(width, height).resized(width: newWidth, height: newHeight)
    #expect((picture.width, picture.height) == (newWidth, newHeight))
    #expect(digest(picture) == wanted)
  }

  static let framed: [(Int, Int, Int, String)] = [
    (64, 48, 32, "2d90e18622ab0ff3"),
    (33, 100, 16, "697fe51ff5eb92a4"),
    (225, 224, 224, "2aac80f8ae7c11bd"),
    (50, 50, 50, "b8a631bc44f1fee6"),
    (227, 301, 224, "6adfc9f4611c3026"),
    (9, 3, 8, "fccf1656576f82eb"),
  ]

  @Test("the frame is torchvision's", arguments: framed)
  func frame(width: Int, height: Int, side: Int, wanted: String) {
    let picture = ImagePreprocessing.clip(side: side).framed(Self.made(width, height))
    #expect(digest(picture) == wanted)
  }

  @Test("an unchanged size changes nothing")
  func identity() {
    let picture = Self.made(11, 6)
    #expect(picture.resized(width: 11, height: 6) == picture)
  }

  @Test("a picture of one colour stays of that colour", arguments: [0, 1, 127, 255] as [UInt8])
  func constant(value: UInt8) {
    let picture = Picture(width: 5, height: 3, bytes: [UInt8](repeating: value, count: 45))
    #expect(picture.resized(width: 13, height: 1).bytes.allSatisfy { $0 == value })
  }

  @Test("channels come one after the other, less their means and in their deviations")
  func normalisation() {
    let preprocessing = ImagePreprocessing(
      side: 1, mean: [0, 0.5, 1], deviation: [1, 0.5, 0.25])
    let picture = Picture(width: 1, height: 1, bytes: [255, 255, 0])
    #expect(preprocessing.pixels(of: picture) == [1, 1, -4])
  }
}
