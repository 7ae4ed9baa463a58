/// A square picture that is being painted: red, green and blue of each pixel, row by row.
///
/// Channels are kept as they come and cut to 0...255 only at the end, so that the order of layers
/// and noise leaves no trace.
struct Canvas {
  let side: Int
  var pixels: [RGB]

  init(side: Int, filledWith colour: RGB = RGB(0, 0, 0)) {
    self.side = side
    pixels = [RGB](repeating: colour, count: side * side)
  }

  subscript(x: Int, y: Int) -> RGB {
    get { pixels[y * side + x] }
    set { pixels[y * side + x] = newValue }
  }

  /// Lays a colour over a pixel of which it covers `cover` of `whole` parts.
  mutating func blend(_ colour: RGB, at place: Int, cover: Int32, of whole: Int32) {
    let under = pixels[place]
    func mix(_ low: Int32, _ high: Int32) -> Int32 {
      (low * (whole - cover) + high * cover + whole / 2) / whole
    }
    pixels[place] = RGB(
      mix(under.red, colour.red), mix(under.green, colour.green), mix(under.blue, colour.blue))
  }

  /// Adds noise to every pixel, channel by channel.
  mutating func addNoise(_ draws: Draws, deviation: (_ place: Int) -> Int32) {
    for place in pixels.indices {
      let words = draws.words(at: place)
      let deviation = deviation(place)
      pixels[place].red += bellValue(of: words[0], deviation: deviation)
      pixels[place].green += bellValue(of: words[1], deviation: deviation)
      pixels[place].blue += bellValue(of: words[2], deviation: deviation)
    }
  }

  /// The channels as bytes `[S, S, 3]`.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pixels.count * 3)
    for pixel in pixels {
      bytes.append(UInt8(clamping: pixel.red))
      bytes.append(UInt8(clamping: pixel.green))
      bytes.append(UInt8(clamping: pixel.blue))
    }
    return bytes
  }
}
