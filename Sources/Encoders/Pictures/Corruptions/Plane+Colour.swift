extension Plane {
  /// Draws each channel towards its mean.
  mutating func reduceContrast(to share: Double) {
    for channel in 0..<3 {
      let places = stride(from: channel, to: values.count, by: 3)
      let mean = places.reduce(0) { $0 + values[$1] } / Double(width * height)
      for place in places { values[place] = (values[place] - mean) * share + mean }
    }
  }

  mutating func brighten(by amount: Double) {
    changeColours { colour in colour.value = min(max(colour.value + amount, 0), 1) }
  }

  /// Takes colour away at the first two severities and adds it at the others.
  mutating func saturate(_ level: Int) {
    let (factor, more) = [(0.3, 0.0), (0.1, 0), (2, 0), (5, 0.1), (20, 0.2)][level]
    changeColours { colour in
      colour.saturation = min(max(colour.saturation * factor + more, 0), 1)
    }
  }

  private mutating func changeColours(_ change: (inout HSV) -> Void) {
    for place in stride(from: 0, to: values.count, by: 3) {
      var colour = HSV(values[place], values[place + 1], values[place + 2])
      change(&colour)
      (values[place], values[place + 1], values[place + 2]) = colour.rgb
    }
  }
}

/// A colour by hue in 0..<1, saturation and value.
///
/// Source: Smith, "Color gamut transform pairs", SIGGRAPH 1978.
private struct HSV {
  var hue: Double
  var saturation: Double
  var value: Double

  init(_ red: Double, _ green: Double, _ blue: Double) {
    value = max(red, green, blue)
    let range = value - min(red, green, blue)
    saturation = range == 0 ? 0 : range / value
    if range == 0 {
      hue = 0
    } else {
      let sixths =
        blue == value
        ? 4 + (red - green) / range
        : green == value ? 2 + (blue - red) / range : (green - blue) / range
      let turns = sixths / 6
      hue = turns - turns.rounded(.down)
    }
  }

  var rgb: (Double, Double, Double) {
    let sixth = (hue * 6).rounded(.down)
    let rest = hue * 6 - sixth
    let low = value * (1 - saturation)
    let falling = value * (1 - rest * saturation)
    let rising = value * (1 - (1 - rest) * saturation)
    return switch Int(sixth) % 6 {
    case 0: (value, rising, low)
    case 1: (falling, value, low)
    case 2: (low, value, rising)
    case 3: (low, falling, value)
    case 4: (rising, low, value)
    default: (value, low, falling)
    }
  }
}
