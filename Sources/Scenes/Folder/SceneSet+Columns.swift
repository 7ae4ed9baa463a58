internal import Tensors

extension SceneSet {
  /// Makes the pictures of a split and all that is known of them.
  func columns(_ recipe: SceneRecipe, _ split: Split, count: Int) -> Columns {
    switch self {
    case .scenes, .segment, .refer: sceneColumns(recipe, split, count)
    case .foil: foilColumns(recipe, split, count)
    case .count: countColumns(recipe, split, count)
    case .rank: rankColumns(recipe, split, count)
    case .anomaly: anomalyColumns(recipe, split, count)
    }
  }

  private func sceneColumns(_ recipe: SceneRecipe, _ split: Split, _ count: Int) -> Columns {
    var columns = Columns()
    let side = recipe.side
    columns.addScenes(recipe)
    columns.addText("captions", "a true caption of at most two objects")
    columns.addText("relations", "where one object lies from another, or no words")
    if self == .segment {
      columns.add("semantic", .u8, [side, side], "0 or the species from 1 on")
      columns.add("patches", .u8, [side / 8, side / 8], "the species of each 8 x 8 patch, or 0")
    }
    if self == .refer { columns.addReferences() }
    let hasProposals = self != .scenes && split != .train
    if hasProposals { columns.addProposals(recipe) }
    for index in 0..<count {
      let scene = Scene(recipe, split: split, index: index)
      columns.append(scene)
      columns.append(text: scene.taughtCaption().text, to: "captions")
      columns.append(text: scene.relationCaption()?.text ?? "", to: "relations")
      if self == .segment {
        let map = scene.speciesMap
        columns.append(map, to: "semantic")
        columns.append(Scene.patchLabels(map, side: side, patch: 8), to: "patches")
      }
      if self == .refer { columns.append(scene.references(), of: index) }
      if hasProposals { columns.append(scene.proposals(), of: index) }
    }
    return columns
  }

  private func foilColumns(_ recipe: SceneRecipe, _ split: Split, _ count: Int) -> Columns {
    var columns = Columns()
    columns.addScenes(recipe)
    columns.addText("captions", "a true caption")
    columns.addText("foils", "the same with one word that makes it false")
    columns.add("subject", .i32, [], "the kind of the word: outline, colour or background")
    columns.add("word", .i32, [], "the place of the word among the tokens")
    var (index, made) = (0, 0)
    while made < count {
      let scene = Scene(recipe, split: split, index: index)
      index += 1
      guard let foil = scene.foil() else { continue }
      made += 1
      columns.append(scene)
      columns.append(text: foil.original.text, to: "captions")
      columns.append(text: foil.caption.text, to: "foils")
      columns.append(Foil.Subject.allCases.index(of: foil.subject), to: "subject")
      columns.append(foil.wordIndex + 1, to: "word")
    }
    return columns
  }

  private func countColumns(_ recipe: SceneRecipe, _ split: Split, _ count: Int) -> Columns {
    var columns = Columns()
    let side = recipe.side * 3 / 2
    columns.add("images", .u8, [side, side, 3], "red, green and blue")
    columns.addText("queries", "what is counted")
    columns.add("points", .i32, [2], "column and row of each counted object, all pictures in order")
    columns.add("offsets", .i32, [], "where each picture's points start, and where the last end")
    columns.add("blocks", .i32, [side / 8, side / 8], "how many points lie in each 8 x 8 block")
    columns.add("area", .i32, [], "the pixels that show what is counted")
    var total = 0
    columns.append(total, to: "offsets")
    for index in 0..<count {
      let scene = CountScene(recipe, split: split, index: index)
      total += scene.points.count
      columns.append(scene.image, to: "images")
      columns.append(text: scene.query, to: "queries")
      columns.append(scene.points.flatMap { [Int32($0.x), Int32($0.y)] }, to: "points")
      columns.append(total, to: "offsets")
      columns.append(scene.blockCounts(8), to: "blocks")
      columns.append(scene.paintedArea, to: "area")
    }
    return columns
  }

  private func rankColumns(_ recipe: SceneRecipe, _ split: Split, _ count: Int) -> Columns {
    var columns = Columns()
    let size = RankGroup.size
    columns.add("images", .u8, [size, recipe.side, recipe.side, 3], "24 pictures of a group")
    columns.addText("instructions", "what they are to be ranked by")
    columns.add("question", .i32, [], "number, size or blur")
    columns.add("targets", .f32, [size], "what the question asks for")
    for index in 0..<count {
      let group = RankGroup(recipe, split: split, index: index)
      for member in group.members { columns.append(member.image, to: "images") }
      columns.append(text: group.instruction, to: "instructions")
      columns.append(RankGroup.Question.allCases.index(of: group.question), to: "question")
      columns.append(group.targets.map(Float.init), to: "targets")
    }
    return columns
  }

  private func anomalyColumns(_ recipe: SceneRecipe, _ split: Split, _ count: Int) -> Columns {
    var columns = Columns()
    let side = recipe.side
    columns.add("images", .u8, [side, side, 3], "red, green and blue")
    columns.add("masks", .u8, [side, side], "1 where the flaw is")
    columns.add("ware", .i32, [], "what is shown")
    columns.add("flaw", .i32, [], "what is wrong, or -1")
    // Nothing is told of the wares to judge by.
    let hasCaptions = split == .train || split == .val
    if hasCaptions { columns.addText("captions", "whether the ware is flawless or damaged") }
    for index in 0..<count {
      let picture = WareImage(recipe, split: split, index: index)
      columns.append(picture.image, to: "images")
      columns.append(picture.mask, to: "masks")
      columns.append(Ware.allCases.index(of: picture.ware), to: "ware")
      columns.append(picture.flaw.map { Flaw.allCases.index(of: $0) } ?? -1, to: "flaw")
      if hasCaptions { columns.append(text: picture.caption, to: "captions") }
    }
    return columns
  }
}
