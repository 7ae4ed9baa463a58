internal import Glibc

func logarithm2(_ value: Double) -> Double { log2(value) }
func power10(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

/// The look of one method in all charts of a page: a colour, a mark and a dash, so that each of the
/// first 8 methods can be told from the others without its colour.
struct Series: Hashable {
  let index: Int
  /// Whose colour it has: another series' where one method is shown in several parts.
  private let hue: Int

  static let colourCount = 8

  init(index: Int, of whole: Series? = nil) {
    self.index = index
    hue = (whole?.hue ?? index) % Series.colourCount
  }

  var colour: Markup { "s\(hue)" }

  /// The dash of the line; none for every fourth series.
  var dash: Markup {
    switch index % 4 {
    case 1: " stroke-dasharray=\"7 3\""
    case 2: " stroke-dasharray=\"2 3\""
    case 3: " stroke-dasharray=\"9 3 2 3\""
    default: ""
    }
  }

  /// The mark at a position.
  func mark(_ x: Double, _ y: Double, title: String? = nil) -> Markup {
    let title: Markup = title.map { $0.isEmpty ? "" : "<title>\($0)</title>" } ?? .empty
    let path: Markup =
      switch index % 8 {
      case 0: "m-3.6,0a3.6,3.6 0 1,0 7.2,0a3.6,3.6 0 1,0 -7.2,0z"
      case 1: "m-3.2,-3.2h6.4v6.4h-6.4z"
      case 2: "m0,-4.4l4.2,7.4h-8.4z"
      case 3: "m0,-4.6l4.6,4.6l-4.6,4.6l-4.6,-4.6z"
      case 4: "m0,4.4l4.2,-7.4h-8.4z"
      case 5: "m0,-4.4l1.2,3.2h3.2l-2.6,2.1l1,3.5l-2.8,-2l-2.8,2l1,-3.5l-2.6,-2.1h3.2z"
      case 6:
        "m-4,-2l2,-2l2,2l2,-2l2,2l-2,2l2,2l-2,2l-2,-2l-2,2l-2,-2l2,-2z"
      default: "m-1.4,-4.2h2.8v2.8h2.8v2.8h-2.8v2.8h-2.8v-2.8h-2.8v-2.8h2.8z"
      }
    return "<path class=\"mark \(colour)\" d=\"M\(x),\(y)\(path)\">\(title)</path>"
  }
}

/// The shapes that the charts are made of.
enum SVG {
  /// A drawing with its text alternative; it shrinks and grows with the page within bounds.
  static func image(
    width: Double, height: Double, description: String, classes: Markup = "plot",
    _ content: Markup
  ) -> Markup {
    """
    <svg class="\(classes)" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
    role="img" aria-label="\(description)">\(content)</svg>

    """
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ classes: Markup
  ) -> Markup {
    "<path class=\"\(classes)\" d=\"M\(x1),\(y1)L\(x2),\(y2)\"/>"
  }

  static func polyline(
    _ points: [(x: Double, y: Double)], _ classes: Markup, dash: Markup = ""
  ) -> Markup {
    guard let first = points.first else { return .empty }
    let rest = points.dropFirst().map { point -> Markup in "L\(point.x),\(point.y)" }
    return "<path class=\"\(classes)\"\(dash) d=\"M\(first.x),\(first.y)\(rest)\"/>"
  }

  static func rectangle(
    x: Double, y: Double, width: Double, height: Double, _ classes: Markup
  ) -> Markup {
    "<rect class=\"\(classes)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\"/>"
  }

  /// A small dot of the background.
  static func dot(_ x: Double, _ y: Double, _ classes: Markup) -> Markup {
    "<circle class=\"\(classes)\" cx=\"\(x)\" cy=\"\(y)\" r=\"2\"/>"
  }

  /// Text that begins, ends or is centred at `x` by its class: none, `end`, `mid`.
  static func text(_ content: String, _ x: Double, _ y: Double, _ classes: Markup = "") -> Markup {
    "<text class=\"\(classes)\" x=\"\(x)\" y=\"\(y)\">\(content)</text>"
  }

  /// About how wide a text is at 11 px.
  static func width(of text: String) -> Double { Double(text.count) * 6.4 }

  /// A text cut to a width, with an ellipsis when something is missing.
  static func cut(_ text: String, to width: Double) -> String {
    let room = Int(width / 6.4)
    return text.count <= room ? text : text.prefix(max(room - 1, 1)) + "\u{2026}"
  }
}
