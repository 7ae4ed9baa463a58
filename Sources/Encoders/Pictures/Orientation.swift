/// How a camera was held: what is done to a picture's rows and columns before it is looked at.
///
/// Source: Exif 2.32 (CIPA DC-008), tag 274.
package enum Orientation: Int, CaseIterable, Sendable {
  case upright = 1
  case mirrored, turnedHalf, flipped, transposed, turnedRight, transversed, turnedLeft

  private static let tag = 0x0112

  /// Of the metadata of a file: Exif counts first, then Adobe's text, as with Pillow.
  init(exif: FileBytes?, text: FileBytes?) {
    let number = exif.flatMap(Self.number(inExif:)) ?? text.flatMap(Self.number(inText:))
    self = number.flatMap(Orientation.init) ?? .upright
  }

  /// The value of the tag in the first directory.
  private static func number(inExif exif: FileBytes) -> Int? {
    var exif = exif
    while exif.starts(with: "Exif\0\0") { exif = exif.part(from: 6) }
    let isBigEndian = exif.starts(with: "MM")
    guard isBigEndian || exif.starts(with: "II") else { return nil }
    func number(_ place: Int, _ size: Int) -> Int? {
      exif.number(at: place, size: size, isBigEndian: isBigEndian)
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    var found: Int?
    for entry in 0..<count {
      let place = directory + 2 + 12 * entry
      guard let tag = number(place, 2) else { break }
      // One number of two bytes or of four.
      guard tag == Self.tag, number(place + 4, 4) == 1 else { continue }
      switch number(place + 2, 2) {
      case 3: found = number(place + 8, 2)
      case 4: found = number(place + 8, 4)
      default: break
      }
    }
    return found
  }

  private static func number(inText text: FileBytes) -> Int? {
    let name = "tiff:Orientation"
    guard let end = text.end(of: name) else { return nil }
    let rest = text.part(from: end)
    let skipped = rest.starts(with: "=\"") ? 2 : rest.starts(with: ">") ? 1 : nil
    guard let skipped, let digit = rest[skipped], (0x30...0x39).contains(digit) else { return nil }
    return digit - 0x30
  }
}

extension Picture {
  /// The picture as it is to be looked at.
  package func turned(_ orientation: Orientation) -> Picture {
    if orientation == .upright { return self }
    let swaps = orientation.rawValue >= Orientation.transposed.rawValue
    let (newWidth, newHeight) = swaps ? (height, width) : (width, height)
    let turned = [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      var place = 0
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let (column, row) =
            switch orientation {
            case .upright: (x, y)
            case .mirrored: (width - 1 - x, y)
            case .turnedHalf: (width - 1 - x, height - 1 - y)
            case .flipped: (x, height - 1 - y)
            case .transposed: (y, x)
            case .turnedRight: (y, height - 1 - x)
            case .transversed: (width - 1 - y, height - 1 - x)
            case .turnedLeft: (width - 1 - y, x)
            }
          let source = (row * width + column) * channels
          for channel in 0..<channels {
            target.initializeElement(at: place, to: bytes[source + channel])
            place += 1
          }
        }
      }
      count = place
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, bytes: turned)
  }
}
