/// The pixels that an object covers.
struct Footprint {
  struct Pixel {
    var x: Int
    var y: Int
    /// How many of the pixel's four samples the outline contains.
    var cover: Int32
    /// Whether it contains the pixel's centre: the mask, which is not blended.
    var isInside: Bool
  }

  var pixels: [Pixel] = []

  /// Lays an outline on a canvas.
  ///
  /// - Parameters:
  ///   - centre: The place of its middle.
  ///   - radius: In quarter pixels.
  ///   - turn: The tangent of half the angle of the turn, in 1/1024.
  ///   - side: The canvas is `side` pixels wide and high; what lies outside is left out.
  init(_ outline: Outline, centre: Point, radius: Int, turn: Int, side: Int) {
    _ = fill(outline, centre, radius, turn, side, avoiding: [])
  }

  /// Lays an outline where none of its pixels is taken; nil where one is, `[S, S]`.
  init?(
    _ outline: Outline, centre: Point, radius: Int, turn: Int, side: Int, avoiding taken: [Bool]
  ) {
    guard fill(outline, centre, radius, turn, side, avoiding: taken) else { return nil }
  }

  /// Collects the pixels, and gives up at the first that is taken.
  private mutating func fill(
    _ outline: Outline, _ centre: Point, _ radius: Int, _ turn: Int, _ side: Int,
    avoiding taken: [Bool]
  ) -> Bool {
    // With t = tan(a/2): cos a = (1 - t^2) / (1 + t^2) and sin a = 2t / (1 + t^2), rational
    // numbers.
    let (t, one) = (turn, 1024)
    let denominator = one * one + t * t
    // Eighths of pixels to outline coordinates, times 2^12.
    let scale = Int(Outline.unit) << 11
    let cosine = scale * (one * one - t * t) / denominator / radius
    let sine = scale * 2 * t * one / denominator / radius
    func isInside(_ x8: Int, _ y8: Int) -> Bool {
      let (dx, dy) = (x8 - 2 * centre.x, y8 - 2 * centre.y)
      let u = (cosine * dx + sine * dy) >> 12
      let v = (cosine * dy - sine * dx) >> 12
      return max(abs(u), abs(v)) <= 1400 && outline.contains(Int32(u), Int32(v))
    }
    let reach = (radius * Int(Outline.reach) / Int(Outline.unit) + Point.scale) / Point.scale + 1
    let (column, row) = centre.pixel
    let rows = max(0, row - reach)...max(0, min(side - 1, row + reach))
    let columns = max(0, column - reach)...max(0, min(side - 1, column + reach))
    for y in rows {
      for x in columns {
        var cover: Int32 = 0
        for sample in 0..<4
        where isInside(8 * x + 2 + (sample & 1) * 4, 8 * y + 2 + (sample >> 1) * 4) {
          cover += 1
        }
        let inside = isInside(8 * x + 4, 8 * y + 4)
        guard cover > 0 || inside else { continue }
        if !taken.isEmpty, taken[y * side + x] { return false }
        pixels.append(Pixel(x: x, y: y, cover: cover, isInside: inside))
      }
    }
    return true
  }

  /// The number of pixels whose centre is covered.
  var area: Int { pixels.count(where: \.isInside) }
}
