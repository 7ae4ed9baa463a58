internal import Tensors

extension Columns {
  /// The columns of the object table.
  static let objectFields = [
    "colour", "outline", "size", "species", "x", "y", "radius", "area", "left", "top", "right",
    "bottom",
  ]
  private static let mostObjects = 4

  mutating func addScenes(_ recipe: SceneRecipe) {
    let side = recipe.side
    add("images", .u8, [side, side, 3], "red, green and blue")
    add("instances", .u8, [side, side], "0 or the object from 1 on")
    add("background", .i32, [], "what lies behind the objects")
    add(
      "objects", .i32, [Columns.mostObjects, Columns.objectFields.count],
      "\(Columns.objectFields.joined(separator: ", ")) of each object, places and radius in "
        + "quarter pixels; -1 where there is none")
  }

  mutating func append(_ scene: Scene) {
    append(scene.image, to: "images")
    append(scene.instances, to: "instances")
    append(Background.allCases.index(of: scene.background), to: "background")
    var table = scene.objects.flatMap(\.fields)
    let width = Columns.objectFields.count
    table += [Int32](repeating: -1, count: Columns.mostObjects * width - table.count)
    append(table, to: "objects")
  }

  mutating func addReferences() {
    addText("expressions", "words that are true of exactly one object")
    add("expression_image", .i32, [], "the picture that an expression is about")
    add("expression_object", .i32, [], "the object that it denotes, from 1 on")
    add("expression_means", .i32, [], "unique, attribute or relational")
  }

  mutating func append(_ references: [Reference], of image: Int) {
    for reference in references {
      append(text: reference.expression.text, to: "expressions")
      append(image, to: "expression_image")
      append(reference.target + 1, to: "expression_object")
      append(Expression.Means.allCases.index(of: reference.means), to: "expression_means")
    }
  }

  mutating func addProposals(_ recipe: SceneRecipe) {
    add("proposals", .u8, [recipe.side, recipe.side], "a mask that may be an object")
    add("proposal_image", .i32, [], "the picture that a proposal is about")
    add("proposal_origin", .i32, [], "how it was made")
    add("proposal_score", .f32, [], "its intersection over union with an object, for analysis")
  }

  mutating func append(_ proposals: [Proposal], of image: Int) {
    for proposal in proposals {
      append(proposal.mask, to: "proposals")
      append(image, to: "proposal_image")
      append(Proposal.Origin.allCases.index(of: proposal.origin), to: "proposal_origin")
      append([Float(proposal.score)], to: "proposal_score")
    }
  }
}

extension SceneObject {
  /// A row of the object table.
  fileprivate var fields: [Int32] {
    [
      Colour.allCases.index(of: colour), Outline.allCases.index(of: outline),
      Size.allCases.index(of: size), species.map { Species.allCases.index(of: $0) } ?? -1,
      centre.x, centre.y, radius, area, box.left, box.top, box.right, box.bottom,
    ].map(Int32.init)
  }
}
