/// What a picture of the suite `anomaly` shows: a texture, or one thing or four of it.
package enum Ware: String, CaseIterable, Sendable {
  case brick, grass, stripes, circles, crosses
  case gravel, weave, squares, rings, stars

  /// Those of the splits `train` and `val`, whose flaws may be learnt from.
  package static let taught: [Ware] = [.brick, .grass, .stripes, .circles, .crosses]
  /// Those of the split `test`.
  package static let judged: [Ware] = [.gravel, .weave, .squares, .rings, .stars]

  /// The outline of the things; nil for a texture.
  var outline: Outline? {
    switch self {
    case .circles: .circle
    case .crosses: .cross
    case .squares: .square
    case .rings: .ring
    case .stars: .star
    default: nil
    }
  }

  /// The mean colour of the texture, or the colour of the things.
  var rgb: RGB {
    switch self {
    case .brick: RGB(165, 95, 75)
    case .grass: RGB(95, 135, 65)
    case .stripes: RGB(90, 110, 175)
    case .gravel: RGB(150, 130, 95)
    case .weave: RGB(185, 155, 100)
    case .circles: RGB(225, 135, 50)
    case .crosses: RGB(60, 165, 80)
    case .squares: RGB(70, 95, 205)
    case .rings: RGB(185, 70, 165)
    case .stars: RGB(225, 205, 70)
    }
  }

  /// What shows through holes, and lies behind things.
  static let backdrop = RGB(48, 50, 58)
}

/// A flawless ware: a canvas without noise.
struct WarePicture {
  let ware: Ware
  var canvas: Canvas

  /// Paints one of the ware's normal variations: turned by up to 5 degrees, with a phase of its
  /// own.
  init(_ ware: Ware, side: Int, _ draws: inout Draws, grain: Draws) {
    self.ware = ware
    canvas = Canvas(side: side, filledWith: Ware.backdrop)
    // tan 2.5 degrees = 45 / 1024
    let turn = draws.within(-45...45)
    guard let outline = ware.outline else {
      paintTexture(turn: turn, x: draws.within(64...319), y: draws.within(64...319), grain: grain)
      return
    }
    let tiles = draws.chance(percent: 50) ? 1 : 2
    let radius = side * Point.scale * 3 / 8 / tiles
    for tile in 0..<tiles * tiles {
      func middle(_ place: Int) -> Int { side * Point.scale * (2 * place + 1) / (2 * tiles) }
      let centre = Point(
        x: middle(tile % tiles) + draws.within(-6...6),
        y: middle(tile / tiles) + draws.within(-6...6))
      let footprint = Footprint(outline, centre: centre, radius: radius, turn: turn, side: side)
      for pixel in footprint.pixels {
        canvas.blend(ware.rgb, at: pixel.y * side + pixel.x, cover: pixel.cover, of: 4)
      }
    }
  }

  private mutating func paintTexture(turn: Int, x phaseX: Int, y phaseY: Int, grain: Draws) {
    let denominator = 1024 * 1024 + turn * turn
    let cosine = 1024 * (1024 * 1024 - turn * turn) / denominator
    let sine = 1024 * 2 * turn * 1024 / denominator
    for y in 0..<canvas.side {
      for x in 0..<canvas.side {
        let u = (cosine * x + sine * y) >> 10 + phaseX
        let v = (cosine * y - sine * x) >> 10 + phaseY
        let value = ware.texture(u, v, word: grain.words(at: y * canvas.side + x)[3], grain)
        canvas[x, y] = ware.rgb.lifted(by: value)
      }
    }
  }
}

extension Ware {
  /// How much brighter the texture is at a place than on average.
  fileprivate func texture(_ x: Int, _ y: Int, word: UInt32, _ grain: Draws) -> Int32 {
    switch self {
    case .brick: brickValue(x, y)
    case .grass: bellValue(of: word, deviation: 12) + wave(x * 5 + y * 3) >> 5
    case .stripes: (wave(x * 16) * 36) >> 8
    case .weave:
      // Threads of 5 pixels, over and under by turns, each round.
      (x / 5 + y / 5) % 2 == 0 ? threadValue(y) : threadValue(x) - 18
    case .gravel: stoneValue(x, y, grain)
    default: 0
    }
  }
}

private func threadValue(_ place: Int) -> Int32 { [-22, 8, 20, 8, -22][place % 5] }

/// Stones about 8 pixels wide: each pixel belongs to the nearest of one centre a cell.
private func stoneValue(_ x: Int, _ y: Int, _ grain: Draws) -> Int32 {
  var (nearest, second, stone) = (Int.max, Int.max, UInt32(0))
  for cellY in (y / 8 - 1)...(y / 8 + 1) {
    for cellX in (x / 8 - 1)...(x / 8 + 1) {
      // Places of cells lie past those of pixels.
      let word = grain.words(at: 1 << 20 + cellY * 1024 + cellX)[0]
      let dx = cellX * 8 + Int(word & 7) - x
      let dy = cellY * 8 + Int(word >> 3 & 7) - y
      let distance = dx * dx + dy * dy
      if distance < nearest {
        (nearest, second, stone) = (distance, nearest, word >> 6)
      } else if distance < second {
        second = distance
      }
    }
  }
  return second - nearest < 6 ? -50 : Int32(stone % 48) - 16
}
