import Testing

@testable import Scenes

/// The first scenes of a split.
func scenes(
  _ count: Int, _ split: Split = .train, _ content: SceneRecipe.Content = .kinds,
  preset: Preset = .standard, seed: UInt64 = 1
) -> [Scene] {
  let recipe = SceneRecipe(preset: preset, seed: seed, content: content)
  return (0..<count).map { Scene(recipe, split: split, index: $0) }
}

@Suite("Scenes")
struct SceneTests {
  @Test("a scene does not depend on which were made before")
  func order() {
    let recipe = SceneRecipe(seed: 4)
    let forwards = (0..<4).map { Scene(recipe, split: .val, index: $0).image }
    let backwards = (0..<4).reversed().map { Scene(recipe, split: .val, index: $0).image }
    #expect(forwards == backwards.reversed())
    #expect(Set(forwards).count == 4)
  }

  @Test("seeds and splits show different pictures")
  func seeds() {
    let first = Scene(SceneRecipe(seed: 1), split: .train, index: 0).image
    #expect(first != Scene(SceneRecipe(seed: 2), split: .train, index: 0).image)
    #expect(first != Scene(SceneRecipe(seed: 1), split: .test, index: 0).image)
  }

  @Test("the object table tells what the masks show", arguments: Preset.all)
  func table(preset: Preset) {
    for scene in scenes(60, preset: preset) {
      #expect(scene.image.count == 64 * 64 * 3)
      #expect((1...4).contains(scene.objects.count))
      #expect(scene.instances.allSatisfy { Int($0) <= scene.objects.count })
      for (number, object) in scene.objects.enumerated() {
        let mask = scene.instances.indices.filter { Int(scene.instances[$0]) == number + 1 }
        let (columns, rows) = (mask.map { $0 % 64 }, mask.map { $0 / 64 })
        #expect(mask.count == object.area && object.area > 0)
        #expect(columns.min() == object.box.left && rows.min() == object.box.top)
        #expect(columns.max() == object.box.right - 1 && rows.max() == object.box.bottom - 1)
        #expect(object.colour.isVisible(on: scene.background))
      }
    }
  }

  @Test("held-out kinds are in every scene of their split and in no other")
  func heldOut() {
    for split in [Split.train, .val, .test] {
      for scene in scenes(200, split) {
        #expect(scene.objects.allSatisfy { !Kind.heldOut.contains($0.kind) })
      }
    }
    let seen = scenes(200, .unseen).map { scene in
      scene.objects.map(\.kind).filter(Kind.heldOut.contains)
    }
    #expect(seen.allSatisfy { $0.count == 1 })
    #expect(Set(seen.joined()) == Kind.heldOut)
  }

  @Test("all words occur, each about as often as the others")
  func frequencies() {
    let objects = scenes(800).flatMap(\.objects)
    for outline in Outline.allCases {
      let share = Double(objects.count { $0.outline == outline }) / Double(objects.count)
      #expect((0.08...0.18).contains(share), "\(outline): \(share)")
    }
    for colour in Colour.allCases {
      let share = Double(objects.count { $0.colour == colour }) / Double(objects.count)
      #expect((0.09...0.20).contains(share), "\(colour): \(share)")
    }
  }

  @Test("objects take 12 to 25 % of the pixels, and 15 to 35 % of the patches")
  func foreground() {
    let some = scenes(150)
    let pixels = some.flatMap(\.instances)
    let patches = some.flatMap { Scene.patchLabels($0.colourMap, side: 64, patch: 8) }
    let share = Double(pixels.count { $0 > 0 }) / Double(pixels.count)
    let patchShare = Double(patches.count { $0 > 0 }) / Double(patches.count)
    #expect((0.12...0.25).contains(share), "\(share)")
    #expect((0.15...0.35).contains(patchShare), "\(patchShare)")
  }

  @Test("a patch is of the class that most of its object pixels have, from 20 of 64 on")
  func patches() {
    var map = [UInt8](repeating: 0, count: 64)
    for place in 0..<19 { map[place] = 5 }
    #expect(Scene.patchLabels(map, side: 8, patch: 8) == [0])
    map[20] = 3
    #expect(Scene.patchLabels(map, side: 8, patch: 8) == [5])
    for place in 20..<60 { map[place] = 3 }
    #expect(Scene.patchLabels(map, side: 8, patch: 8) == [3])
  }

  @Test("a picture twice as wide shows objects twice as wide")
  func scale() {
    func share(_ side: Int) -> Double {
      let recipe = SceneRecipe(seed: 3, side: side)
      let pixels = (0..<100).flatMap { Scene(recipe, split: .train, index: $0).instances }
      return Double(pixels.count { $0 > 0 }) / Double(pixels.count)
    }
    #expect(abs(share(32) - share(96)) < 0.03)
  }

  @Test("an object looks like its species")
  func species() {
    for scene in scenes(100, .train, .species) {
      for object in scene.objects {
        #expect(object.species?.colour == object.colour)
        #expect(object.species?.texture == object.texture)
      }
      #expect(scene.speciesMap.contains { $0 > 0 })
    }
  }
}

@Suite("Outlines")
struct OutlineTests {
  @Test("the areas are those of the formulas, within 3 %")
  func areas() {
    // In units of the radius: disc, ring, bar and square by their formulas; of the pentagram with
    // circumradius 1.207 (lines at 382 / 1024 from the centre), 1.1226 times its square.
    let areas: [Outline: Double] = [
      .circle: 3.1416, .ring: 3.1416 * (1 - 0.2991), .square: 2.628, .bar: 1.427,
      .star: 1.1226 * 1.4574,
    ]
    for (outline, area) in areas {
      for turn in [-207, 0, 100] {
        let footprint = Footprint(
          outline, centre: Point(x: 256, y: 256), radius: 160, turn: turn, side: 128)
        let measured = Double(footprint.area) / 1600
        #expect(abs(measured / area - 1) < 0.03, "\(outline): \(measured)")
      }
    }
  }

  @Test("no outline reaches farther than the box that is searched", arguments: Outline.allCases)
  func reach(outline: Outline) {
    for turn in stride(from: -207, through: 207, by: 23) {
      let footprint = Footprint(
        outline, centre: Point(x: 256, y: 256), radius: 160, turn: turn, side: 128)
      let farthest = footprint.pixels.map { max(abs($0.x - 64), abs($0.y - 64)) }.max() ?? 0
      #expect(farthest <= 160 * 1229 / 1024 / 4 + 1)
    }
  }

  @Test("a triangle and a star point upwards")
  func upwards() {
    #expect(Outline.triangle.contains(0, -900) && !Outline.triangle.contains(0, 900))
    #expect(Outline.star.contains(0, -1000) && !Outline.star.contains(0, 1000))
  }
}

@Suite("Draws")
struct DrawTests {
  @Test("the noise has the mean and the deviation that are asked for")
  func bell() {
    var draws = Draws(seed: 1, split: "test", purpose: "bell", index: 0)
    let values = (0..<20_000).map { _ in Double(draws.bell(deviation: 100)) }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean) < 3)
    #expect(abs(variance.squareRoot() - 100) < 2)
  }

  @Test("weights are kept")
  func weights() {
    var draws = Draws(seed: 1, split: "test", purpose: "weights", index: 0)
    let places = (0..<10_000).map { _ in draws.weighted([50, 0, 30, 20]) }
    for (place, weight) in [50, 0, 30, 20].enumerated() {
      #expect(abs(places.count { $0 == place } - weight * 100) < 200)
    }
    #expect(!places.contains(1))
  }
}
