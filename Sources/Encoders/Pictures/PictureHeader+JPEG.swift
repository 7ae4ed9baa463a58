extension PictureHeader {
  /// Walks the segments up to the first scan.
  static func jpeg(_ file: FileBytes) throws(Refusal) -> PictureHeader {
    var header: PictureHeader?
    var exif: [UInt8] = []
    var text: FileBytes?
    var place = 2
    while true {
      guard let mark = file[place], var kind = file[place + 1] else { throw .truncated }
      guard mark == 0xFF else {
        // Bytes between segments mean nothing.
        place += 1
        continue
      }
      // Any number of 0xFF may stand before the kind.
      if kind == 0xFF {
        place += 1
        continue
      }
      place += 2
      if kind == 0 || kind == 1 || (0xD0...0xD8).contains(kind) { continue }
      if kind == 0xD9 { throw .corrupt("it ends before its pixels begin") }
      guard let length = file.big16(place) else { throw .truncated }
      guard length >= 2 else { throw .corrupt("a segment has the length \(length)") }
      let segment = file.part(from: place + 2, count: length - 2)
      if kind == 0xDA { break }
      guard segment.count == length - 2 else { throw .truncated }
      place += length
      // A frame's kinds are 0xC0 to 0xCF but for tables and conditioning.
      if [0xC4, 0xC8, 0xCC].contains(kind) { kind = 0 }
      if kind == 0xE1, segment.starts(with: "Exif\0\0") {
        exif += segment.part(from: 6).bytes
      } else if kind == 0xE1, segment.starts(with: "http://ns.adobe.com/xap/1.0/\0") {
        text = segment
      } else if (0xC0...0xCF).contains(kind), header == nil {
        guard let height = segment.big16(1), let width = segment.big16(3) else { throw .truncated }
        header = PictureHeader(.jpeg, width: width, height: height)
      }
    }
    guard var header else { throw .corrupt("its size comes behind its pixels") }
    header.orientation = Orientation(exif: FileBytes(exif[...]), text: text)
    return header
  }
}
