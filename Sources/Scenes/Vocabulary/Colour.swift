/// A colour of eight bits a channel.
package struct RGB: Equatable, Sendable {
  package var red: Int32
  package var green: Int32
  package var blue: Int32

  package init(_ red: Int32, _ green: Int32, _ blue: Int32) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour with each channel times `gain / 256`.
  func scaled(by gain: Int) -> RGB {
    let gain = Int32(gain)
    return RGB((red * gain) >> 8, (green * gain) >> 8, (blue * gain) >> 8)
  }

  /// The colour with `amount` added to each channel.
  func lifted(by amount: Int32) -> RGB { RGB(red + amount, green + amount, blue + amount) }

  /// The square of the Euclidean distance.
  func squaredDistance(to other: RGB) -> Int32 {
    let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
    return r * r + g * g + b * b
  }
}

/// A colour that captions name.
package enum Colour: String, CaseIterable, Sendable {
  case red, green, blue, yellow, purple, orange, white

  /// The colour before brightness and noise.
  package var rgb: RGB {
    switch self {
    case .red: RGB(210, 40, 40)
    case .green: RGB(40, 170, 60)
    case .blue: RGB(50, 70, 210)
    case .yellow: RGB(225, 210, 50)
    case .purple: RGB(150, 50, 180)
    case .orange: RGB(230, 130, 30)
    case .white: RGB(240, 240, 240)
    }
  }

  /// Tells whether the colour stands out from a background: 60 grey levels or more apart.
  package func isVisible(on background: Background) -> Bool {
    rgb.squaredDistance(to: background.rgb) >= 60 * 60
  }
}

/// What lies behind the objects.
package enum Background: String, CaseIterable, Sendable {
  case grass, sand, water, brick, night, snow

  /// The colour before pattern, brightness and noise.
  package var rgb: RGB {
    switch self {
    case .grass: RGB(95, 125, 70)
    case .sand: RGB(205, 180, 130)
    case .water: RGB(70, 115, 150)
    case .brick: RGB(150, 85, 70)
    case .night: RGB(22, 24, 44)
    case .snow: RGB(228, 232, 240)
    }
  }
}

/// How an object is painted.
package enum Texture: String, CaseIterable, Sendable { case plain, dotted, striped }
