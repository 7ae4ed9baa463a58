/// What can be wrong with a ware.
package enum Flaw: String, CaseIterable, Sendable {
  case scratch, blot, hole, hue, missing, swapped, crack

  /// Those that pictures to learn from show; the other three are new in the split `test`.
  package static let taught: [Flaw] = [.scratch, .blot, .hole, .hue]

  /// Paints the flaw at a place of its own choice.
  func spoil(_ picture: inout WarePicture, _ draws: inout Draws) {
    var brush = Brush(canvas: picture.canvas)
    let side = brush.canvas.side
    let (x, y) = (draws.within(8...(side - 9)), draws.within(8...(side - 9)))
    switch self {
    case .scratch:
      let contrast: Int32 = draws.chance(percent: 50) ? 60 : -60
      let width = draws.within(1...2)
      brush.walk(
        from: (x, y), steps: draws.within(14...40), turning: 2, width: width, &draws
      ) { $0.lifted(by: contrast) }
    case .crack:
      brush.walk(from: (x, y), steps: draws.within(20...50), turning: 45, width: 1, &draws) {
        $0.scaled(by: 90)
      }
    case .blot:
      let (a, b) = (draws.within(3...8), draws.within(3...8))
      let contrast: Int32 = draws.chance(percent: 50) ? 70 : -70
      brush.ellipse((x, y), a, b) { colour, share in colour.lifted(by: contrast * share / 256) }
    case .hole:
      let radius = draws.within(3...6)
      brush.ellipse((x, y), radius, radius) { _, _ in Ware.backdrop }
    case .hue:
      let (a, b) = (draws.within(4...8), draws.within(4...8))
      brush.ellipse((x, y), a, b) { colour, _ in colour.turnedHue }
    case .missing:
      // A part of a thing, or a tile of a texture without its pattern.
      let filling = picture.ware.outline == nil ? picture.ware.rgb : Ware.backdrop
      brush.block((x, y), draws.within(8...14)) { _, _, _ in filling }
    case .swapped:
      let before = picture.canvas
      let size = draws.within(8...14)
      brush.block((x, y), size) { column, row, corner in
        before[corner.x + row, corner.y + size - 1 - column]
      }
    }
    picture.canvas = brush.canvas
  }
}

extension RGB {
  /// The colour with its hue turned by 60 degrees: the complement of the one turned back by 120.
  fileprivate var turnedHue: RGB {
    let sum = max(red, green, blue) + min(red, green, blue)
    return RGB(sum - green, sum - blue, sum - red)
  }
}

/// Ways to change some pixels of a canvas.
private struct Brush {
  var canvas: Canvas

  /// Changes each pixel of an ellipse; `share` falls from 256 in the middle to 0 at the rim.
  mutating func ellipse(
    _ centre: (x: Int, y: Int), _ a: Int, _ b: Int, _ change: (RGB, _ share: Int32) -> RGB
  ) {
    for y in max(0, centre.y - b)...min(canvas.side - 1, centre.y + b) {
      for x in max(0, centre.x - a)...min(canvas.side - 1, centre.x + a) {
        let (dx, dy) = (x - centre.x, y - centre.y)
        let distance = (dx * dx * 256) / (a * a) + (dy * dy * 256) / (b * b)
        if distance <= 256 { canvas[x, y] = change(canvas[x, y], Int32(256 - distance)) }
      }
    }
  }

  /// Changes each pixel of a square, which is moved to lie within the canvas.
  mutating func block(
    _ centre: (x: Int, y: Int), _ size: Int,
    _ colour: (_ column: Int, _ row: Int, _ corner: (x: Int, y: Int)) -> RGB
  ) {
    let corner = (
      x: min(max(0, centre.x - size / 2), canvas.side - size),
      y: min(max(0, centre.y - size / 2), canvas.side - size)
    )
    for row in 0..<size {
      for column in 0..<size {
        canvas[corner.x + column, corner.y + row] = colour(column, row, corner)
      }
    }
  }

  /// Changes each pixel of a walk once; it turns a little or, by `turning` of a hundred, at random.
  mutating func walk(
    from start: (x: Int, y: Int), steps: Int, turning: Int, width: Int, _ draws: inout Draws,
    _ change: (RGB) -> RGB
  ) {
    let directions = [(4, 0), (3, 3), (0, 4), (-3, 3), (-4, 0), (-3, -3), (0, -4), (3, -3)]
    var direction = draws.below(directions.count)
    var (x, y) = (start.x * 4, start.y * 4)
    // One more slope than the eight, so that scratches are not all diagonal.
    let (driftX, driftY) = (draws.within(-1...1), draws.within(-1...1))
    var done = Set<Int>()
    for _ in 0..<steps {
      for offset in 0..<width {
        let (column, row) = (x / 4 + offset, y / 4)
        guard (0..<canvas.side).contains(column), (0..<canvas.side).contains(row),
          done.insert(row * canvas.side + column).inserted
        else { continue }
        canvas[column, row] = change(canvas[column, row])
      }
      if draws.chance(percent: turning) {
        direction = (direction + draws.pick([1, directions.count - 1])) % directions.count
      }
      x += directions[direction].0 + driftX
      y += directions[direction].1 + driftY
    }
  }
}
