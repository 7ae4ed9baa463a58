extension PictureHeader {
  /// Walks the chunks of the container.
  mutating func readWebP(_ file: FileBytes) throws(Refusal) {
    var exif: FileBytes?
    var text: FileBytes?
    var isExtended = false
    guard let size = file.little32(4) else { throw .truncated }
    let end = min(file.count, size + 8)
    var place = 12
    while place < end, let length = file.little32(place + 4) {
      let name = file.part(from: place, count: 4)
      let chunk = file.part(from: place + 8, count: length)
      if name.starts(with: "VP8X"), let width = chunk.little24(4), let height = chunk.little24(7) {
        isExtended = true
        isAnimated = (chunk[0] ?? 0) & 2 != 0
        (self.width, self.height) = (width + 1, height + 1)
      } else if name.starts(with: "VP8 "), !isExtended,
        let width = chunk.little16(6), let height = chunk.little16(8)
      {
        // The upper two bits ask for scaling, which nobody does.
        (self.width, self.height) = (width & 0x3FFF, height & 0x3FFF)
      } else if name.starts(with: "VP8L"), !isExtended, let bits = chunk.little32(1) {
        (width, height) = ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
      } else if name.starts(with: "EXIF") {
        exif = chunk
      } else if name.starts(with: "XMP ") {
        text = chunk
      }
      // Chunks begin at even places.
      place += 8 + length + (length & 1)
    }
    if file.count < size + 8 || width == 0 { throw .truncated }
    orientation = Orientation(exif: exif, text: text)
  }
}
