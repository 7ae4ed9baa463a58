/// A picture of eight bits a channel, rows from the top, `[H, W, C]`.
///
///     let picture = Picture(width: 2, height: 1, channels: 3, bytes: [255, 0, 0, 0, 0, 255])
///     let small = picture.resized(width: 1, height: 1)
package struct Picture: Equatable, Sendable {
  package let width: Int
  package let height: Int
  package let channels: Int
  /// `[H, W, C]`.
  package let bytes: [UInt8]

  package init(width: Int, height: Int, channels: Int = 3, bytes: [UInt8]) {
    precondition(width > 0 && height > 0 && bytes.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// Cuts a part out, which lies within the picture.
  package func cropped(left: Int, top: Int, width: Int, height: Int) -> Picture {
    precondition(left >= 0 && left + width <= self.width)
    precondition(top >= 0 && top + height <= self.height)
    let rows = (top..<top + height).flatMap { row in
      let start = (row * self.width + left) * channels
      return bytes[start..<start + width * channels]
    }
    return Picture(width: width, height: height, channels: channels, bytes: rows)
  }
}
