/// Chooses a background and objects, and finds places for them.
struct SceneLayout {
  let recipe: SceneRecipe
  let background: Background
  private(set) var objects: [SceneObject] = []
  private(set) var footprints: [Footprint] = []
  private(set) var instances: [UInt8]
  /// Which pixels an object covers, wholly or in part.
  private var isTaken: [Bool]
  private var wanted: [SceneObject] = []
  private var draws: Draws
  private let split: Split

  init(_ recipe: SceneRecipe, split: Split, index: Int) {
    self.recipe = recipe
    self.split = split
    draws = recipe.draws("layout", split, index)
    background = draws.pick(Background.allCases)
    let pixels = recipe.side * recipe.side
    instances = [UInt8](repeating: 0, count: pixels)
    isTaken = [Bool](repeating: false, count: pixels)
    choose()
  }

  // MARK: What

  private mutating func choose() {
    var count = 1 + draws.weighted(recipe.preset.objectCounts)
    switch recipe.content {
    case .species:
      let species = Species.allCases.filter { $0.colour.isVisible(on: background) }
      let chosen = (0..<count).map { _ in draws.pick(species) }
      wanted = chosen.map { object(Kind($0.colour, draws.pick(Outline.allCases)), $0) }
    case .kinds:
      let kinds = count == 1 ? [firstKind()] : kinds(count)
      wanted = kinds.map { object($0) }
    case .lookalikes:
      count = max(count, 2)
      let kinds = lookalikes(count)
      wanted = kinds.map { object($0) }
      // Alike in colour and outline, they differ in size.
      if kinds[0] == kinds[1] {
        wanted[0] = object(kinds[0], size: .large)
        wanted[1] = object(kinds[1], size: .small)
      }
    }
    keepRoom()
  }

  /// The kinds that may be drawn: visible, and held out or not as the split asks.
  private func kinds(where isMeant: (Kind) -> Bool = { _ in true }) -> [Kind] {
    Kind.taught.filter { $0.colour.isVisible(on: background) && isMeant($0) }
  }

  private mutating func firstKind() -> Kind {
    guard split == .unseen else { return draws.pick(kinds()) }
    return draws.pick(
      Kind.all.filter { Kind.heldOut.contains($0) && $0.colour.isVisible(on: background) })
  }

  /// Half of the pictures: unlike outlines; 30 %: two share an outline; 20 %: two share a colour.
  private mutating func kinds(_ count: Int) -> [Kind] {
    var chosen = [firstKind()]
    let mix = draws.weighted([50, 30, 20])
    while chosen.count < count {
      let (first, isSecond) = (chosen[0], chosen.count == 1)
      let pool = kinds { kind in
        guard !chosen.contains(kind) else { return false }
        switch mix {
        case 1 where isSecond: return kind.outline == first.outline
        case 2 where isSecond: return kind.colour == first.colour
        default: return !chosen.contains { $0.outline == kind.outline }
        }
      }
      chosen.append(draws.pick(pool))
    }
    return chosen
  }

  /// The first two share the outline, the colour, or both; the others are unlike all before.
  private mutating func lookalikes(_ count: Int) -> [Kind] {
    let first = firstKind()
    let second =
      switch draws.below(3) {
      case 0: draws.pick(kinds { $0.outline == first.outline && $0 != first })
      case 1: draws.pick(kinds { $0.colour == first.colour && $0 != first })
      default: first
      }
    var chosen = [first, second]
    while chosen.count < count {
      chosen.append(draws.pick(kinds { !chosen.contains($0) }))
    }
    return chosen
  }

  private mutating func object(
    _ kind: Kind, _ species: Species? = nil, size: Size? = nil
  ) -> SceneObject {
    let size = size ?? draws.pick(Size.allCases)
    return SceneObject(
      kind: kind, size: size, texture: species?.texture ?? .plain, species: species,
      centre: Point(x: 0, y: 0), radius: recipe.scaled(draws.within(recipe.preset.radii(size))),
      turn: draws.within(-207...207), gain: draws.within(218...282))
  }

  /// Of four objects at most one is large, of three at most two: more find no room.
  private mutating func keepRoom() {
    let most = wanted.count == 4 ? 1 : 2
    var large = 0
    for index in wanted.indices where wanted[index].size == .large {
      large += 1
      if large > most {
        wanted[index].size = .small
        wanted[index].radius = recipe.scaled(draws.within(recipe.preset.smallRadius))
      }
    }
  }

  // MARK: Where

  /// Places the objects one after the other; one for which 24 tries find no room is left out.
  mutating func place() {
    for object in wanted {
      for _ in 0..<24 {
        if tryPlace(object) { break }
      }
    }
  }

  private mutating func tryPlace(_ object: SceneObject) -> Bool {
    var object = object
    let margin = object.radius + 2
    let places = margin...(recipe.side * Point.scale - margin)
    object.centre = Point(x: draws.within(places), y: draws.within(places))
    guard
      let footprint = Footprint(
        object.outline, centre: object.centre, radius: object.radius, turn: object.turn,
        side: recipe.side, avoiding: isTaken)
    else { return false }
    for pixel in footprint.pixels {
      let place = pixel.y * recipe.side + pixel.x
      isTaken[place] = true
      if pixel.isInside { instances[place] = UInt8(objects.count + 1) }
    }
    objects.append(object.measured(footprint))
    footprints.append(footprint)
    return true
  }
}
