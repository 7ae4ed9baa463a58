/// A format that is read, told by its first bytes and never by a file's name.
package enum PictureFormat: String, CaseIterable, Sendable {
  case jpeg = "JPEG"
  case png = "PNG"
  case webp = "WebP"

  package init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: Self.pngSignature) {
      self = .png
    } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .webp
    } else {
      return nil
    }
  }

  private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// What names of its files end with, in small letters.
  package var extensions: [String] {
    switch self {
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    case .png: ["png"]
    case .webp: ["webp"]
    }
  }

  /// The format that a name promises, if any.
  package init?(nameOf path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    let ending = path[path.index(after: dot)...].lowercased()
    guard let format = Self.allCases.first(where: { $0.extensions.contains(ending) }) else {
      return nil
    }
    self = format
  }

  /// What bytes that are none of these formats look like, for a sentence.
  static func guess(_ bytes: [UInt8]) -> String {
    let known: [(String, [UInt8], Int)] = [
      ("a GIF", Array("GIF8".utf8), 0), ("a BMP", Array("BM".utf8), 0),
      ("a TIFF", [0x49, 0x49, 0x2A, 0], 0), ("a TIFF", [0x4D, 0x4D, 0, 0x2A], 0),
      ("an AVIF or HEIF", Array("ftyp".utf8), 4), ("an NPY array", [0x93, 0x4E, 0x55, 0x4D], 0),
      ("a ZIP", [0x50, 0x4B, 3, 4], 0), ("a gzip file", [0x1F, 0x8B], 0),
      ("a PDF", Array("%PDF".utf8), 0),
    ]
    for (name, signature, place) in known where bytes.dropFirst(place).starts(with: signature) {
      return name
    }
    let start = bytes.prefix(512)
    let isText = start.allSatisfy { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    return isText ? "text" : "bytes of no known format"
  }
}
