/// A picture of one to four objects on a background, and all that is true of it.
///
///     let scene = Scene(SceneRecipe(seed: 1), split: .test, index: 3)
///     scene.image                                    // [S, S, 3], u8
///     scene.objects.map { "\($0.colour) \($0.outline)" }
///
/// Equal recipes, splits and indexes give equal bytes on every machine: all is whole-number
/// arithmetic on counter-based draws.
package struct Scene: Sendable {
  package let recipe: SceneRecipe
  package let split: Split
  package let index: Int
  package let background: Background
  /// In the order of placement, which is that of `instances`.
  package let objects: [SceneObject]
  /// Red, green and blue of each pixel, `[S, S, 3]`.
  package let image: [UInt8]
  /// Which object each pixel belongs to, from 1 on, or 0, `[S, S]`.
  ///
  /// A pixel belongs to the object that holds its centre; masks are not blended.
  package let instances: [UInt8]

  /// Makes picture `index` of a split.
  package init(_ recipe: SceneRecipe, split: Split, index: Int) {
    var layout = SceneLayout(recipe, split: split, index: index)
    layout.place()
    self.recipe = recipe
    self.split = split
    self.index = index
    let side = recipe.side
    background = layout.background
    objects = layout.objects
    instances = layout.instances

    let noise = recipe.draws("noise", split, index)
    var paint = recipe.draws("paint", split, index)
    var canvas = Canvas(side: side)
    background.paint(
      &canvas, &paint, grain: noise, contrast: recipe.preset.backgroundContrast)
    for (object, footprint) in zip(layout.objects, layout.footprints) {
      for pixel in footprint.pixels {
        canvas.blend(
          object.paint(x: pixel.x, y: pixel.y), at: pixel.y * side + pixel.x,
          cover: pixel.cover, of: 4)
      }
    }
    let (onObject, behind) = (Int32(recipe.preset.noise), Int32(recipe.preset.noise * 3 / 4))
    canvas.addNoise(noise) { [instances] in instances[$0] > 0 ? onObject : behind }
    image = canvas.bytes
  }

  /// The pixels along an edge.
  package var side: Int { recipe.side }

  /// What each pixel shows: the object's outline from 1 on, or 0 for the background, `[S, S]`.
  package var outlineMap: [UInt8] { map { UInt8(Outline.allCases.index(of: $0.outline) + 1) } }

  /// What each pixel shows: the object's colour from 1 on, or 0 for the background, `[S, S]`.
  package var colourMap: [UInt8] { map { UInt8(Colour.allCases.index(of: $0.colour) + 1) } }

  /// What each pixel shows: the object's species from 1 on, or 0, `[S, S]`.
  package var speciesMap: [UInt8] {
    map { object in object.species.map { UInt8(Species.allCases.index(of: $0) + 1) } ?? 0 }
  }

  private func map(_ value: (SceneObject) -> UInt8) -> [UInt8] {
    let values = [0] + objects.map(value)
    return instances.map { values[Int($0)] }
  }

  /// The class of each patch of `patch` by `patch` pixels of a map `[S, S]`.
  ///
  /// The most frequent class of its object pixels (the lowest of equals), where these are 20 of 64
  /// or more; 0 else. Returns `[S / patch, S / patch]`.
  package static func patchLabels(_ map: [UInt8], side: Int, patch: Int) -> [UInt8] {
    let grid = side / patch
    return (0..<grid * grid).map { place in
      var counts = [Int](repeating: 0, count: 256)
      for y in 0..<patch {
        let start = (place / grid * patch + y) * side + place % grid * patch
        for value in map[start..<start + patch] { counts[Int(value)] += 1 }
      }
      let covered = patch * patch - counts[0]
      counts[0] = 0
      guard covered * 64 >= 20 * patch * patch, let most = counts.max() else { return 0 }
      return UInt8(counts.firstIndex(of: most) ?? 0)
    }
  }
}

extension Collection where Element: Equatable, Index == Int {
  /// The place of an element that is known to be there.
  func index(of element: Element) -> Int {
    guard let place = firstIndex(of: element) else {
      preconditionFailure("\(element) is not among \(self)")
    }
    return place
  }
}
