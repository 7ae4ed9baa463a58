/// One thing in a scene.
package struct SceneObject: Equatable, Sendable {
  package var kind: Kind
  package var size: Size
  package var texture: Texture
  package var species: Species?
  package var centre: Point
  /// In quarter pixels.
  package var radius: Int
  /// The tangent of half the angle of its turn, in 1/1024.
  package var turn: Int
  /// The brightness, in 1/256 of the colour's own.
  package var gain: Int
  /// The pixels of its mask.
  package var area = 0
  /// The smallest box around its mask: first column and row, and those after the last.
  package var box = Box()

  package var colour: Colour { kind.colour }
  package var outline: Outline { kind.outline }

  package struct Box: Equatable, Sendable {
    package var left = 0
    package var top = 0
    package var right = 0
    package var bottom = 0
  }

  /// The colour of a pixel of the object.
  func paint(x: Int, y: Int) -> RGB {
    let full = colour.rgb.scaled(by: gain)
    let (dx, dy) = (x - centre.pixel.x + 960, y - centre.pixel.y + 960)
    let isDark =
      switch texture {
      case .plain: false
      case .dotted: dx % 5 < 2 && dy % 5 < 2
      case .striped: (dx + dy) % 6 < 3
      }
    return isDark ? full.scaled(by: 120) : full
  }

  /// The object with what its footprint tells.
  func measured(_ footprint: Footprint) -> SceneObject {
    var object = self
    let inside = footprint.pixels.filter(\.isInside)
    object.area = inside.count
    guard let first = inside.first else { return object }
    object.box = inside.reduce(
      into: Box(left: first.x, top: first.y, right: first.x + 1, bottom: first.y + 1)
    ) { box, pixel in
      box.left = min(box.left, pixel.x)
      box.top = min(box.top, pixel.y)
      box.right = max(box.right, pixel.x + 1)
      box.bottom = max(box.bottom, pixel.y + 1)
    }
    return object
  }
}
