/// A crowd of one kind of small object among others, to be counted.
///
/// Places follow a Thomas cluster process (1 to 5 parents), so that patches hold several objects;
/// later objects are painted over earlier ones. The radius is one for the picture and unlike
/// between pictures, so that the painted area does not tell the number.
package struct CountScene: Sendable {
  package let side: Int
  /// What is counted.
  package let kind: Kind
  package let background: Background
  /// `[S, S, 3]`.
  package let image: [UInt8]
  /// The pixels of the counted objects' centres, no two the same.
  package let points: [(x: Int, y: Int)]
  /// How many pixels show the kind's colour.
  package let paintedArea: Int

  /// Makes picture `index` of a split on a canvas of 96 pixels, or of `recipe.side * 3 / 2`.
  package init(_ recipe: SceneRecipe, split: Split, index: Int) {
    side = recipe.side * 3 / 2
    var draws = recipe.draws("count", split, index)
    let background = draws.pick(Background.allCases)
    let kinds = Kind.taught.filter { $0.colour.isVisible(on: background) }
    let kind = draws.pick(kinds)
    self.background = background
    self.kind = kind

    let number = CountScene.number(&draws)
    // 1.25 to 3.5 pixels: the smallest of three draws for a crowd, the largest for a few, or else
    // the painted area would tell the number.
    let radii = (0..<3).map { _ in draws.within(5...14) }.sorted()
    let radius = number > 40 ? radii[0] : radii[2]
    let canvasSide = side
    points = CountScene.crowd(number, side: canvasSide, &draws)
    let others = kinds.filter { $0.colour != kind.colour }
    let distractors = (0..<draws.within(recipe.preset.distractors)).map { _ in
      (kind: draws.pick(others), x: draws.below(canvasSide), y: draws.below(canvasSide))
    }

    var things = points.map { (kind: kind, x: $0.x, y: $0.y) } + distractors
    draws.shuffle(&things)
    let noise = recipe.draws("count noise", split, index)
    var canvas = Canvas(side: side)
    background.paint(
      &canvas, &draws, grain: noise, contrast: recipe.preset.backgroundContrast)
    var owner = [Kind?](repeating: nil, count: side * side)
    for thing in things {
      let colour = thing.kind.colour.rgb.scaled(by: draws.within(218...282))
      let footprint = Footprint(
        thing.kind.outline, centre: Point(x: thing.x * 4 + 2, y: thing.y * 4 + 2),
        radius: radius, turn: draws.within(-207...207), side: side)
      for pixel in footprint.pixels {
        let place = pixel.y * side + pixel.x
        canvas.blend(colour, at: place, cover: pixel.cover, of: 4)
        if pixel.isInside { owner[place] = thing.kind }
      }
    }
    canvas.addNoise(noise) { _ in Int32(recipe.preset.noise * 3 / 4) }
    image = canvas.bytes
    paintedArea = owner.count { $0 == kind }
  }

  /// 20 % of the pictures hold 0 to 3, half 4 to 40, and 30 % 41 to 150.
  private static func number(_ draws: inout Draws) -> Int {
    switch draws.weighted([20, 50, 30]) {
    case 0: draws.within(0...3)
    case 1: draws.within(4...40)
    default: draws.within(41...150)
    }
  }

  /// Different pixels around 1 to 5 parents, 6 to 14 pixels about each.
  private static func crowd(
    _ number: Int, side: Int, _ draws: inout Draws
  ) -> [(x: Int, y: Int)] {
    let parents = (0..<draws.within(1...5)).map { _ in
      (
        x: draws.within(side / 8...side * 7 / 8), y: draws.within(side / 8...side * 7 / 8),
        spread: draws.within(24...56)
      )
    }
    var taken = Set<Int>()
    var points: [(x: Int, y: Int)] = []
    while points.count < number {
      let parent = draws.pick(parents)
      let x = parent.x + draws.bell(deviation: parent.spread) / 4
      let y = parent.y + draws.bell(deviation: parent.spread) / 4
      guard (2..<side - 2).contains(x), (2..<side - 2).contains(y),
        taken.insert(y * side + x).inserted
      else { continue }
      points.append((x, y))
    }
    return points
  }

  /// How many points lie in each block of `block` by `block` pixels, `[S / block, S / block]`.
  package func blockCounts(_ block: Int) -> [Int32] {
    let grid = side / block
    var counts = [Int32](repeating: 0, count: grid * grid)
    for point in points { counts[point.y / block * grid + point.x / block] += 1 }
    return counts
  }

  /// What is asked for: "a red circle".
  package var query: String {
    NounPhrase(kind).words(after: "a").map(\.text).joined(separator: " ")
  }
}
