extension PictureHeader {
  /// Walks all chunks, as what tells the orientation may come last.
  static func png(_ file: FileBytes) throws(Refusal) -> PictureHeader {
    var header: PictureHeader?
    var exif: FileBytes?
    var text: FileBytes?
    var place = 8
    while true {
      guard let length = file.big32(place) else { throw .truncated }
      let name = file.part(from: place + 4, count: 4)
      let chunk = file.part(from: place + 8, count: length)
      guard name.count == 4, file.count - place - 12 >= length else {
        // A header is worth more than the rest: of a bomb it is the size that counts.
        if let header, header.refusal(PictureLimits()) != nil { return header }
        throw Refusal(
          code: .truncated, message: "the picture is truncated: a chunk reaches beyond the end")
      }
      place += 12 + length
      if header == nil {
        guard name.starts(with: "IHDR"), let width = chunk.big32(0), let height = chunk.big32(4)
        else { throw .corrupt("it does not begin with its size") }
        header = PictureHeader(.png, width: width, height: height)
      } else if name.starts(with: "acTL") {
        header?.isAnimated = (chunk.big32(0) ?? 0) > 1
      } else if name.starts(with: "eXIf") {
        exif = chunk
      } else if name.starts(with: "iTXt"), chunk.starts(with: "XML:com.adobe.xmp\0") {
        text = chunk
      } else if name.starts(with: "IEND") {
        break
      }
    }
    guard var header else { throw .truncated }
    header.orientation = Orientation(exif: exif, text: text)
    return header
  }
}
