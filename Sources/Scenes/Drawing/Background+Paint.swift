extension Background {
  /// Paints the background over a canvas; noise comes later.
  ///
  /// - Parameters:
  ///   - draws: Brightness and phase.
  ///   - grain: One place for each pixel.
  ///   - contrast: The strength of the pattern in hundredths.
  func paint(_ canvas: inout Canvas, _ draws: inout Draws, grain: Draws, contrast: Int) {
    // U(0.85, 1.12)
    let base = rgb.scaled(by: draws.within(218...287))
    let (phaseX, phaseY) = (draws.below(256), draws.below(256))
    let side = canvas.side
    for y in 0..<side {
      for x in 0..<side {
        func word() -> UInt32 { grain.words(at: y * side + x)[3] }
        let value: Int32 =
          switch self {
          case .grass: bellValue(of: word(), deviation: 16)
          case .sand: (wave(x * 24 + y * 16 + phaseX) * 20) >> 8
          case .water: (wave(y * 32 + wave256(x * 6 + phaseX) / 8 + phaseY) * 22) >> 8
          case .brick: brickValue(x + phaseX, y + phaseY)
          case .night: word() % 64 == 0 ? 130 : 0
          case .snow: bellValue(of: word(), deviation: 8)
          }
        canvas[x, y] = base.lifted(by: value * Int32(contrast) / 100)
      }
    }
  }
}

/// Courses of bricks of 12 by 8 pixels, every other one moved by half a brick, with dark joints.
func brickValue(_ x: Int, _ y: Int) -> Int32 {
  let course = y >> 3
  let isJoint = y & 7 == 0 || (x + (course & 1) * 6) % 12 == 0
  return isJoint ? -55 : Int32(((x + (course & 1) * 6) / 12 * 37 + course * 53) % 5) * 5 - 10
}

/// A wave of period 256 and height -256...256: two parabolas, which is close to a sine.
func wave(_ phase: Int) -> Int32 {
  let place = phase & 127
  let arch = Int32((place * (128 - place)) >> 4)
  return phase & 128 == 0 ? arch : -arch
}

/// `wave` as an index.
private func wave256(_ phase: Int) -> Int { Int(wave(phase)) }
