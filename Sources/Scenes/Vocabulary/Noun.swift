/// The outline of an object.
package enum Outline: String, CaseIterable, Sendable {
  case circle, square, triangle, cross, ring, star, crescent, bar
}

/// How large an object is among those of its preset.
package enum Size: String, CaseIterable, Sendable { case small, large }

/// An invented kind of thing: one colour and one texture, of any outline.
///
/// Classes for segmentation, since patches of a small encoder tell colours and textures apart but
/// not outlines.
package enum Species: String, CaseIterable, Sendable {
  case berry, leaf, gem, melon, plum, pumpkin, shell, poppy

  package var colour: Colour {
    switch self {
    case .berry, .poppy: .red
    case .leaf: .green
    case .gem: .blue
    case .melon: .yellow
    case .plum: .purple
    case .pumpkin: .orange
    case .shell: .white
    }
  }

  package var texture: Texture {
    switch self {
    case .berry, .gem, .plum, .shell: .dotted
    case .leaf, .melon, .pumpkin, .poppy: .striped
    }
  }
}

/// A colour and an outline, as in "red star".
package struct Kind: Hashable, Sendable {
  package var colour: Colour
  package var outline: Outline

  package init(_ colour: Colour, _ outline: Outline) {
    self.colour = colour
    self.outline = outline
  }

  /// The kinds that only the split `unseen` shows: all their words are known, not their union.
  package static let heldOut: Set<Kind> = [
    Kind(.red, .star), Kind(.green, .circle), Kind(.blue, .cross), Kind(.yellow, .crescent),
    Kind(.purple, .square), Kind(.orange, .triangle), Kind(.white, .ring), Kind(.red, .bar),
    Kind(.blue, .circle),
  ]

  /// All kinds, by colour and then outline.
  package static let all = Colour.allCases.flatMap { colour in
    Outline.allCases.map { Kind(colour, $0) }
  }

  /// The kinds that are not held out.
  package static let taught = all.filter { !heldOut.contains($0) }
}

/// Where one object lies as seen from another.
package enum Relation: String, CaseIterable, Sendable {
  case leftOf = "left of"
  case rightOf = "right of"
  case above, below

  /// Tells whether it holds of two centres in quarter pixels.
  ///
  /// The centres are apart by an eighth of the canvas or more along the relation's axis, and by
  /// less along the other.
  package func holds(_ first: Point, _ second: Point, side: Int) -> Bool {
    let (dx, dy) = (second.x - first.x, second.y - first.y)
    let (along, across) =
      switch self {
      case .leftOf: (dx, dy)
      case .rightOf: (-dx, dy)
      case .above: (dy, dx)
      case .below: (-dy, dx)
      }
    return along * 8 >= side * Point.scale && along > abs(across)
  }
}

/// A place on the canvas in quarter pixels; the first pixel's centre is (2, 2).
package struct Point: Equatable, Sendable {
  /// The number of steps that a pixel is wide.
  package static let scale = 4

  package var x: Int
  package var y: Int

  package init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }

  /// The pixel that the place lies in.
  package var pixel: (x: Int, y: Int) { (x >> 2, y >> 2) }
}
