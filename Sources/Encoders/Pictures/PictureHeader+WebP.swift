extension PictureHeader {
  /// Walks the chunks of the container.
  static func webp(_ file: FileBytes) throws(Refusal) -> PictureHeader {
    var header: PictureHeader?
    var isAnimated = false
    var exif: FileBytes?
    var text: FileBytes?
    var place = 12
    guard let size = file.little32(4) else { throw .truncated }
    let end = min(file.count, size + 8)
    while place < end {
      guard let length = file.little32(place + 4) else { break }
      let name = file.part(from: place, count: 4)
      let chunk = file.part(from: place + 8, count: length)
      if name.starts(with: "VP8X"), let width = chunk.little24(4), let height = chunk.little24(7) {
        header = PictureHeader(.webp, width: width + 1, height: height + 1)
        isAnimated = (chunk[0] ?? 0) & 2 != 0
      } else if name.starts(with: "VP8 "), header == nil,
        let width = chunk.little16(6), let height = chunk.little16(8)
      {
        header = PictureHeader(.webp, width: width & 0x3FFF, height: height & 0x3FFF)
      } else if name.starts(with: "VP8L"), header == nil, let bits = chunk.little32(1) {
        header = PictureHeader(
          .webp, width: bits & 0x3FFF + 1, height: bits >> 14 & 0x3FFF + 1)
      } else if name.starts(with: "EXIF") {
        exif = chunk
      } else if name.starts(with: "XMP ") {
        text = chunk
      }
      // Chunks begin at even places.
      place += 8 + length + length & 1
    }
    guard var header else { throw .truncated }
    header.isAnimated = isAnimated
    // What is larger than the limits is told as that, whatever is missing of it.
    if file.count < size + 8, header.refusal(PictureLimits()) == nil {
      throw Refusal(
        code: .truncated,
        message: "the picture is truncated: it has \(file.count) of \(size + 8) bytes")
    }
    header.orientation = Orientation(exif: exif, text: text)
    return header
  }
}
