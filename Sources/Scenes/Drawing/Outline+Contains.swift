extension Outline {
  /// The radius in the coordinates of `contains`.
  static let unit: Int32 = 1024
  /// No outline reaches farther from its centre than this, whatever its turn.
  static let reach: Int32 = 1229

  /// Tells whether a place lies in the outline of radius `unit` about the origin, y down.
  ///
  /// Whole numbers below 2^31 throughout, so that every machine answers alike.
  func contains(_ x: Int32, _ y: Int32) -> Bool {
    switch self {
    case .circle: return x * x + y * y <= 1024 * 1024
    case .square: return abs(x) <= 830 && abs(y) <= 830
    case .triangle: return y <= 720 && abs(x) * 1744 <= (y + 1024) * 930
    case .cross:
      return abs(x) <= 320 && abs(y) <= 1024 || abs(y) <= 320 && abs(x) <= 1024
    case .ring:
      let distance = x * x + y * y
      return distance <= 1024 * 1024 && distance >= 560 * 560
    case .star: return Outline.isInStar(x, y)
    case .crescent:
      let (dx, dy) = (x - 430, y)
      return x * x + y * y <= 1024 * 1024 && dx * dx + dy * dy >= 820 * 820
    case .bar: return abs(x) <= 1100 && abs(y) <= 340
    }
  }

  /// A pentagram: what at most one of its five lines cuts off.
  private static func isInStar(_ x: Int32, _ y: Int32) -> Bool {
    var cut = 0
    for (nx, ny) in starNormals where nx * x + ny * y > 382 * 1024 { cut += 1 }
    return cut <= 1
  }

  /// Unit vectors times 1024 towards the tips, the first of which is at the top; each is normal to
  /// the line that cuts its tip off.
  private static let starNormals: [(Int32, Int32)] = [
    (0, -1024), (974, -316), (602, 828), (-602, 828), (-974, -316),
  ]
}
