internal import CPictures
internal import Glibc

extension Picture {
  /// Averages into fewer pixels, and repeats those to the old size, as Pillow's BOX and NEAREST do.
  func pixelated(_ level: Int) -> Picture {
    let share = [0.6, 0.5, 0.4, 0.3, 0.25][level]
    // A picture of one or two pixels has none to lose.
    let (fewColumns, fewRows) = (
      max(1, Int(Double(width) * share)), max(1, Int(Double(height) * share))
    )
    let small = resized(width: fewColumns, height: fewRows, with: .box)
    // As Pillow adds up steps, a place that falls on an edge lies a little before it or behind.
    func nearest(_ few: Int, of count: Int) -> [Int] {
      let step = Double(few) / Double(count)
      var place = step * 0.5
      return (0..<count).map { _ in
        defer { place += step }
        return min(few - 1, Int(place))
      }
    }
    let (rows, columns) = (nearest(fewRows, of: height), nearest(fewColumns, of: width))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(self.bytes.count)
    for row in rows {
      for column in columns {
        let start = (row * fewColumns + column) * channels
        bytes += small.bytes[start..<start + channels]
      }
    }
    return Picture(width: width, height: height, channels: channels, bytes: bytes)
  }

  /// Writes the picture as JPEG, as Pillow does, and reads it again.
  func compressed(quality: Int) -> Picture {
    var pixels = bytes
    let status = assay_shim_recompress(
      &pixels, UInt32(width), UInt32(height), UInt32(quality))
    // Of a picture that is there already nothing but memory can be missing.
    precondition(status == ASSAY_SHIM_DECODED, "no memory for a picture")
    return Picture(width: width, height: height, channels: channels, bytes: pixels)
  }
}
