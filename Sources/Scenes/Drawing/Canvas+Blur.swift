extension Canvas {
  /// Blurs by a kernel of the given standard deviation in 1/1000 pixel.
  ///
  /// Passes with the weights (w, 1 - 2w, w) along rows and columns add their variances 2w: as many
  /// of w = 1/4 as there are halves in the variance, and one for the rest. Edges repeat.
  mutating func blur(thousandths deviation: Int) {
    guard deviation > 0 else { return }
    // Eight more bits, so that the passes do not round to whole grey levels.
    for place in pixels.indices {
      pixels[place] = RGB(
        pixels[place].red << 8, pixels[place].green << 8, pixels[place].blue << 8)
    }
    let variance = deviation * deviation
    for _ in 0..<(variance / 500_000) { blurOnce(weight: 256) }
    // 1024 w = 1024 variance / 2
    blurOnce(weight: Int32(variance % 500_000 * 512 / 1_000_000))
    for place in pixels.indices {
      pixels[place] = RGB(
        (pixels[place].red + 128) >> 8, (pixels[place].green + 128) >> 8,
        (pixels[place].blue + 128) >> 8)
    }
  }

  /// One pass along rows and one along columns; `weight` in 1/1024.
  private mutating func blurOnce(weight: Int32) {
    for step in [1, side] {
      let before = pixels
      for place in pixels.indices {
        let position = step == 1 ? place % side : place / side
        let previous = before[position == 0 ? place : place - step]
        let next = before[position == side - 1 ? place : place + step]
        let centre = before[place]
        func mix(_ previous: Int32, _ centre: Int32, _ next: Int32) -> Int32 {
          centre + ((previous + next - 2 * centre) * weight + 512) >> 10
        }
        pixels[place] = RGB(
          mix(previous.red, centre.red, next.red), mix(previous.green, centre.green, next.green),
          mix(previous.blue, centre.blue, next.blue))
      }
    }
  }
}
