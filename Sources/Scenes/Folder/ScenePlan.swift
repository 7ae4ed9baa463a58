package import Documents

/// A dataset to be made: which set, how large, how hard, and from which seed.
///
///     let plan = ScenePlan(.scenes, extent: .ci, recipe: SceneRecipe(seed: 1))
///     let digest = try plan.write(to: "data/scenes")
///     let folder = try plan.folder(inCache: "~/.cache/assay", expecting: digest)
package struct ScenePlan: Equatable, Sendable {
  /// Raised whenever the bytes of any plan change.
  package static let version = 1

  package let set: SceneSet
  package let extent: Extent
  package let recipe: SceneRecipe

  package init(_ set: SceneSet, extent: Extent = .full, recipe: SceneRecipe) {
    self.set = set
    self.extent = extent
    var recipe = recipe
    recipe.content = set.content
    self.recipe = recipe
  }

  /// The dataset's name, such as `scenes-default-1`; what is not usual is told in it.
  package var id: String {
    let name = set == .scenes ? "scenes" : "scenes-\(set)"
    let side = recipe.side == 64 ? "" : "-\(recipe.side)px"
    let extent = extent == .full ? "" : "-\(extent)"
    return "\(name)-\(recipe.preset.name)-\(recipe.seed)\(side)\(extent)"
  }

  /// Everything that the bytes follow from, and the names of the numbers in the arrays.
  package var document: JSON {
    func names<T: RawRepresentable & CaseIterable>(_ type: T.Type) -> JSON
    where T.RawValue == String { .array(T.allCases.map { .string($0.rawValue) }) }
    let preset = recipe.preset
    func range(_ range: ClosedRange<Int>) -> JSON {
      [JSON(range.lowerBound), JSON(range.upperBound)]
    }
    return [
      "generator": "scenes", "version": JSON(ScenePlan.version), "set": .string(set.rawValue),
      "extent": .string(extent.rawValue), "seed": .string(String(recipe.seed)),
      "side": JSON(recipe.side),
      "preset": [
        "name": .string(preset.name),
        "object_counts": .array(preset.objectCounts.map { JSON($0) }),
        "small_radius": range(preset.smallRadius), "large_radius": range(preset.largeRadius),
        "noise_sigma": JSON(preset.noise), "background_contrast": JSON(preset.backgroundContrast),
        "distractors": range(preset.distractors), "label_noise": JSON(preset.falseCaptions),
      ],
      "names": [
        "colour": names(Colour.self), "outline": names(Outline.self), "size": names(Size.self),
        "background": names(Background.self), "species": names(Species.self),
        "ware": names(Ware.self), "flaw": names(Flaw.self),
        "question": names(RankGroup.Question.self), "means": names(Expression.Means.self),
        "subject": names(Foil.Subject.self), "origin": names(Proposal.Origin.self),
      ],
      "vocabulary": .array(Vocabulary.words.map(JSON.string)),
    ]
  }
}

/// Why a generated dataset could not be written or used.
package struct SceneError: Error, Equatable, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// A file or folder cannot be written.
    case notWritten = "not-written"
    /// What was made has another digest than the one that must come out.
    case otherDigest = "other-digest"
  }

  package var code: Code
  package var description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
