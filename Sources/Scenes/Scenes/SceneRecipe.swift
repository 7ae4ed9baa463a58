/// All that a scene's bytes follow from.
///
///     let recipe = SceneRecipe(preset: .standard, seed: 1)
///     let scene = Scene(recipe, split: .train, index: 0)
package struct SceneRecipe: Equatable, Sendable {
  /// What the objects are told apart by.
  package enum Content: String, Sendable {
    /// Colours and outlines.
    case kinds
    /// Species: a colour and a texture each, of any outline.
    case species
    /// As kinds, and the first two objects have a colour or an outline or both in common.
    case lookalikes
  }

  /// What `side` may be; below, the smallest objects are no longer told apart.
  package static let sides = 32...256

  package var preset: Preset
  package var seed: UInt64
  /// The pictures are `side` pixels wide and high, a multiple of 16.
  package var side: Int
  package var content: Content

  package init(
    preset: Preset = .standard, seed: UInt64, side: Int = 64, content: Content = .kinds
  ) {
    precondition(SceneRecipe.sides.contains(side) && side % 16 == 0)
    self.preset = preset
    self.seed = seed
    self.side = side
    self.content = content
  }

  /// A radius of the preset on this canvas.
  func scaled(_ radius: Int) -> Int { radius * side / 64 }

  /// The draws for one purpose in one picture.
  func draws(_ purpose: String, _ split: Split, _ index: Int) -> Draws {
    // Pictures of equal seed and unlike content share nothing but their place.
    Draws(
      seed: seed, split: "\(content.rawValue) \(split.rawValue)", purpose: purpose, index: index)
  }
}
