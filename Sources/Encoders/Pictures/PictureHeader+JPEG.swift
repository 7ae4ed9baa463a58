extension PictureHeader {
  /// Walks the segments up to the first scan.
  mutating func readJPEG(_ file: FileBytes) throws(Refusal) {
    var exif: [UInt8] = []
    var text: FileBytes?
    var place = 2
    var kind = 0
    while kind != 0xDA {
      guard let mark = file[place], let next = file[place + 1] else { throw .truncated }
      // Bytes between segments mean nothing, and any number of 0xFF may stand before a kind.
      if mark != 0xFF || next == 0xFF {
        place += 1
        continue
      }
      kind = next
      place += 2
      // Those have no length.
      if kind == 0 || kind == 1 || (0xD0...0xD8).contains(kind) { continue }
      if kind == 0xD9 { throw .corrupt("it ends before its pixels begin") }
      guard let length = file.big16(place) else { throw .truncated }
      guard length >= 2 else { throw .corrupt("a segment has the length \(length)") }
      let segment = file.part(from: place + 2, count: length - 2)
      guard segment.count == length - 2 else { throw .truncated }
      place += length
      if kind == 0xE1, segment.starts(with: "Exif\0\0") {
        exif += segment.part(from: 6).bytes
      } else if kind == 0xE1, segment.starts(with: "http://ns.adobe.com/xap/1.0/\0") {
        text = segment
      } else if Self.isFrame(kind), width == 0 {
        guard let height = segment.big16(1), let width = segment.big16(3) else {
          throw .corrupt("its size is cut")
        }
        (self.width, self.height) = (width, height)
      }
    }
    orientation = Orientation(exif: FileBytes(exif[...]), text: text)
  }

  /// Frames are numbered from 0xC0 to 0xCF, with tables and conditioning in between.
  private static func isFrame(_ kind: Int) -> Bool {
    (0xC0...0xCF).contains(kind) && ![0xC4, 0xC8, 0xCC].contains(kind)
  }
}
