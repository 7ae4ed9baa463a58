extension PictureHeader {
  /// Walks all chunks, as what tells the orientation may come last.
  mutating func readPNG(_ file: FileBytes) throws(Refusal) {
    var exif: FileBytes?
    var text: FileBytes?
    var place = 8
    var isAtEnd = false
    while !isAtEnd {
      guard let length = file.big32(place) else { throw .truncated }
      let name = file.part(from: place + 4, count: 4)
      let chunk = file.part(from: place + 8, count: length)
      if name.starts(with: "IHDR"), let width = chunk.big32(0), let height = chunk.big32(4) {
        (self.width, self.height) = (width, height)
      } else if name.starts(with: "acTL") {
        isAnimated = (chunk.big32(0) ?? 0) > 1
      } else if name.starts(with: "eXIf") {
        exif = chunk
      } else if name.starts(with: "iTXt"), chunk.starts(with: "XML:com.adobe.xmp\0") {
        text = chunk
      }
      isAtEnd = name.starts(with: "IEND")
      // Its length, its name and its check sum are four bytes each.
      place += 12 + length
      if place > file.count { throw .truncated }
    }
    orientation = Orientation(exif: exif, text: text)
  }
}
