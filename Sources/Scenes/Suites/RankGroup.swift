/// Pictures to be put in order, and the question that tells which order is meant.
package struct RankGroup: Sendable {
  /// What is compared.
  package enum Question: String, CaseIterable, Sendable { case number, size, blur }

  package struct Member: Sendable {
    /// `[S, S, 3]`.
    package let image: [UInt8]
    /// How many objects of the kind there are.
    package let number: Int
    /// The diameter of the largest object of the outline in pixels; 0 without one.
    package let size: Double
    /// The standard deviation of the blur in pixels.
    package let blur: Double
  }

  /// The outlines that no group of `train` or `val` asks for; each of `unseen` does.
  package static let heldOutOutlines: Set<Outline> = [.star, .ring]
  /// The pictures of a group.
  package static let size = 24

  package let question: Question
  package let kind: Kind
  /// `[24]`, each with 0 to 12 objects of the kind and the preset's number of others.
  package let members: [Member]

  /// Makes group `index` of a split.
  package init(_ recipe: SceneRecipe, split: Split, index: Int) {
    var draws = recipe.draws("rank", split, index)
    let question = draws.pick(Question.allCases)
    let kinds = Kind.all.filter { kind in
      let isHeldOut = RankGroup.heldOutOutlines.contains(kind.outline)
      return split == .test || isHeldOut == (split == .unseen)
    }
    let kind = draws.pick(kinds)
    self.question = question
    self.kind = kind
    members = (0..<RankGroup.size).map {
      Member(recipe, kind, question, split: split, index: index * RankGroup.size + $0)
    }
  }

  /// "rank the number of red star", "rank the size of the star" or "rank the blur".
  package var instruction: String {
    switch question {
    case .number: "rank the number of \(kind.colour) \(kind.outline)"
    case .size: "rank the size of the \(kind.outline)"
    case .blur: "rank the blur"
    }
  }

  /// What the question asks for in each picture, `[24]`.
  package var targets: [Double] {
    members.map { member in
      switch question {
      case .number: Double(member.number)
      case .size: member.size
      case .blur: member.blur
      }
    }
  }
}

extension RankGroup.Member {
  init(
    _ recipe: SceneRecipe, _ kind: Kind, _ question: RankGroup.Question, split: Split, index: Int
  ) {
    var draws = recipe.draws("rank member", split, index)
    let backgrounds = Background.allCases.filter { kind.colour.isVisible(on: $0) }
    let background = draws.pick(backgrounds)
    // A question for an outline alone has no second answer; one for a kind has tempting ones.
    let others = Kind.all.filter {
      $0.colour.isVisible(on: background)
        && (question == .number ? $0 != kind : $0.outline != kind.outline)
    }
    let wanted = draws.within((question == .size ? 1 : 0)...12)
    let mean = draws.within(12...22)
    let distractors = draws.within(recipe.preset.distractors)
    let kinds =
      [Kind](repeating: kind, count: wanted) + (0..<distractors).map { _ in draws.pick(others) }
    // 1/1000 pixel
    let deviation = draws.within(0...2500)

    let (side, noise) = (recipe.side, recipe.draws("rank noise", split, index))
    var canvas = Canvas(side: side)
    background.paint(
      &canvas, &draws, grain: noise, contrast: recipe.preset.backgroundContrast)
    var isTaken = [Bool](repeating: false, count: side * side)
    var (number, largest) = (0, 0)
    for shown in kinds {
      let colour = shown.colour.rgb.scaled(by: draws.within(218...282))
      for _ in 0..<24 {
        let radius = recipe.scaled(mean * draws.within(70...130) / 100)
        let places = (radius + 2)...(side * Point.scale - radius - 2)
        guard
          let footprint = Footprint(
            shown.outline, centre: Point(x: draws.within(places), y: draws.within(places)),
            radius: radius, turn: draws.within(-207...207), side: side, avoiding: isTaken)
        else { continue }
        for pixel in footprint.pixels {
          isTaken[pixel.y * side + pixel.x] = true
          canvas.blend(colour, at: pixel.y * side + pixel.x, cover: pixel.cover, of: 4)
        }
        if shown == kind { (number, largest) = (number + 1, max(largest, radius)) }
        break
      }
    }
    canvas.blur(thousandths: deviation)
    canvas.addNoise(noise) { _ in Int32(recipe.preset.noise * 3 / 4) }
    image = canvas.bytes
    self.number = number
    // Both are quotients of whole numbers, which every machine rounds alike.
    size = Double(largest) / 2
    blur = Double(deviation) / 1000
  }
}
