import Testing

@testable import Scenes

@Suite("Crowds")
struct CountTests {
  static let crowds = (0..<300).map {
    CountScene(SceneRecipe(seed: 1), split: .test, index: $0)
  }

  @Test("points lie on pixels of their own, and blocks hold all of them")
  func points() {
    for crowd in Self.crowds {
      #expect(Set(crowd.points.map { $0.y * crowd.side + $0.x }).count == crowd.points.count)
      #expect(crowd.points.count <= 150)
      for block in [4, 8] {
        let counts = crowd.blockCounts(block)
        #expect(counts.count == (96 / block) * (96 / block))
        #expect(counts.reduce(0, +) == Int32(crowd.points.count))
      }
    }
    #expect(Self.crowds.contains { $0.points.isEmpty })
    #expect(Self.crowds.contains { $0.points.count > 100 })
  }

  @Test("of the blocks with any, 5 % and more hold two points or more")
  func crowding() {
    let counts = Self.crowds.flatMap { $0.blockCounts(8) }
    let full = Double(counts.count { $0 >= 2 }) / Double(counts.count)
    #expect(full >= 0.05, "\(full)")
  }

  @Test("the painted area tells less than half of the variance of the number")
  func area() {
    let squared = squaredCorrelation(
      Self.crowds.map { Double($0.paintedArea) }, Self.crowds.map { Double($0.points.count) })
    #expect(squared < 0.5, "\(squared)")
  }
}

@Suite("Groups to rank")
struct RankTests {
  static let groups = (0..<24).map {
    RankGroup(SceneRecipe(seed: 1), split: .train, index: $0)
  }

  @Test("a group asks for what its pictures vary in")
  func targets() {
    #expect(Set(Self.groups.map(\.question)).count == 3)
    for group in Self.groups {
      #expect(group.members.count == 24)
      #expect(Set(group.targets).count > 5, "\(group.instruction)")
      #expect(group.members.allSatisfy { (0...12).contains($0.number) && $0.blur <= 2.5 })
      #expect(Vocabulary.tokens(of: group.instruction).count == 24)
    }
  }

  @Test("held-out outlines are asked for in their split only")
  func heldOut() {
    for index in 0..<40 {
      let recipe = SceneRecipe(preset: .easy, seed: 2, side: 32)
      let taught = RankGroup(recipe, split: .val, index: index)
      #expect(!RankGroup.heldOutOutlines.contains(taught.kind.outline))
      let unseen = RankGroup(recipe, split: .unseen, index: index)
      #expect(RankGroup.heldOutOutlines.contains(unseen.kind.outline))
    }
  }

  @Test("the blur has the variance that is asked for", arguments: [300, 1000, 1730, 2500])
  func blur(deviation: Int) {
    var canvas = Canvas(side: 33)
    canvas[16, 16] = RGB(8000, 0, 0)
    canvas.blur(thousandths: deviation)
    var (mass, variance) = (0.0, 0.0)
    for place in canvas.pixels.indices {
      let weight = Double(canvas.pixels[place].red)
      mass += weight
      variance += weight * Double((place % 33 - 16) * (place % 33 - 16))
    }
    let wanted = Double(deviation * deviation) / 1e6
    #expect(abs(mass / 8000 - 1) < 0.01)
    #expect(abs(variance / mass - wanted) < 0.03 * wanted + 0.002)
  }

  @Test("no blur changes nothing")
  func noBlur() {
    var canvas = Canvas(side: 4, filledWith: RGB(1, 2, 3))
    canvas[1, 1] = RGB(255, 0, 7)
    let before = canvas.pixels
    canvas.blur(thousandths: 0)
    #expect(canvas.pixels == before)
  }
}

@Suite("Wares and flaws")
struct WareTests {
  static let judged = (0..<400).map {
    WareImage(SceneRecipe(seed: 1), split: .test, index: $0)
  }

  @Test("half of the pictures have a flaw, of 0.3 to 6 % of the pixels")
  func flaws() {
    #expect(Self.judged.count { $0.flaw != nil } == 200)
    for picture in Self.judged {
      let area = picture.mask.count { $0 == 1 }
      #expect(picture.flaw == nil ? area == 0 : (12...250).contains(area))
    }
    #expect(Set(Self.judged.compactMap(\.flaw)) == Set(Flaw.allCases))
    #expect(Set(Self.judged.map(\.ware)) == Set(Ware.judged))
  }

  @Test("what is taught shows neither the wares nor the flaws that only the test has")
  func taught() {
    let taught = (0..<200).map { WareImage(SceneRecipe(seed: 1), split: .train, index: $0) }
    #expect(Set(taught.map(\.ware)) == Set(Ware.taught))
    #expect(Set(taught.compactMap(\.flaw)) == Set(Flaw.taught))
    #expect(taught.allSatisfy { Vocabulary.tokens(of: $0.caption).count == 24 })
  }

  @Test("the mean brightness tells flaws hardly better than a coin")
  func brightness() {
    let areas = Ware.judged.map { ware in
      let some = Self.judged.filter { $0.ware == ware }
      let means = some.map { $0.image.reduce(0.0) { $0 + Double($1) } / Double($0.image.count) }
      let centre = means.reduce(0, +) / Double(means.count)
      return areaUnderROC(
        zip(some, means).map { (abs($1 - centre), $0.flaw != nil) })
    }
    let mean = areas.reduce(0, +) / Double(areas.count)
    #expect(mean < 0.65, "\(mean)")
  }

  @Test("closing fills a gap of two pixels and leaves a lone pixel alone")
  func closing() {
    var mask = Mask(side: 9, isInside: [Bool](repeating: false, count: 81))
    for place in [9 * 4 + 2, 9 * 4 + 5] { mask.isInside[place] = true }
    let closed = mask.closed()
    #expect(closed.isInside[9 * 4 + 3] && closed.isInside[9 * 4 + 4])
    var lone = Mask(side: 9, isInside: [Bool](repeating: false, count: 81))
    lone.isInside[40] = true
    #expect(lone.closed() == lone)
  }
}

@Suite("Proposals")
struct ProposalTests {
  @Test("an object's own mask fits it wholly, spoilt ones less, and background not at all")
  func scores() {
    for scene in scenes(20, .test, .species) {
      let proposals = scene.proposals()
      #expect(proposals.count == 3 * scene.objects.count + 4)
      for proposal in proposals {
        switch proposal.origin {
        case .object: #expect(proposal.score == 1)
        case .box, .rest: #expect(proposal.score == 0)
        // A shrunk thin mask may be the mask itself.
        case .shrunk: #expect(proposal.score <= 1 && proposal.mask.contains(1))
        default: #expect(proposal.score > 0 && proposal.score < 1)
        }
      }
    }
  }
}

// MARK: Statistics

/// The square of Pearson's correlation.
func squaredCorrelation(_ xs: [Double], _ ys: [Double]) -> Double {
  let count = Double(xs.count)
  let (meanX, meanY) = (xs.reduce(0, +) / count, ys.reduce(0, +) / count)
  let (dx, dy) = (xs.map { $0 - meanX }, ys.map { $0 - meanY })
  let product = zip(dx, dy).reduce(0) { $0 + $1.0 * $1.1 }
  return product * product / (dx.reduce(0) { $0 + $1 * $1 } * dy.reduce(0) { $0 + $1 * $1 })
}

/// The share of pairs in which the positive one has the higher score; ties count one half.
func areaUnderROC(_ scored: [(score: Double, isPositive: Bool)]) -> Double {
  let (positives, negatives) = (scored.filter(\.isPositive), scored.filter { !$0.isPositive })
  let wins = positives.reduce(0.0) { sum, positive in
    negatives.reduce(sum) {
      $0 + (positive.score > $1.score ? 1 : positive.score == $1.score ? 0.5 : 0)
    }
  }
  return wins / Double(positives.count * negatives.count)
}
