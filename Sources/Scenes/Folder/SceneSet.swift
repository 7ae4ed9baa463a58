/// A dataset that the generator makes.
package enum SceneSet: String, CaseIterable, Sendable {
  case scenes, segment, refer, foil, count, rank, anomaly

  /// One line for people.
  package var title: String {
    switch self {
    case .scenes: "Scenes with captions, masks and relations"
    case .segment: "Scenes of species with masks and proposals"
    case .refer: "Scenes with expressions for one object each"
    case .foil: "Scenes with captions of which one word is wrong"
    case .count: "Crowds of small objects with their places"
    case .rank: "Groups of pictures in the order of a number, a size or a blur"
    case .anomaly: "Textures and things, half of them with a flaw and its mask"
    }
  }

  /// The content of its scenes.
  var content: SceneRecipe.Content {
    switch self {
    case .segment: .species
    case .refer: .lookalikes
    default: .kinds
    }
  }

  /// How many pictures (of `rank`, groups; of `foil`, pairs of captions) a split has.
  package func count(_ split: Split, _ extent: Extent) -> Int {
    let full =
      switch split {
      case .train: 8000
      case .val: 1000
      case .test: 2000
      case .unseen: 400
      }
    let ofScenes =
      switch extent {
      case .full: full
      case .ci: split == .train ? 1000 : max(200, full / 5)
      case .tiny: split == .train ? 40 : 20
      }
    switch self {
    case .scenes: return ofScenes
    case .segment, .refer, .foil, .anomaly:
      return split == .unseen ? 0 : max(20, ofScenes / 4)
    // Their pictures are larger, or many to a group.
    case .count: return split == .unseen ? 0 : max(20, ofScenes / 8)
    case .rank: return max(4, ofScenes / 80)
    }
  }
}

/// How large a dataset is.
package enum Extent: String, CaseIterable, Sendable {
  /// 8000 scenes to learn from, 1000 to choose by, 2000 to judge by, 400 of held-out kinds.
  case full
  /// 1000, 200, 400 and 200.
  case ci
  /// 40, 20, 20 and 20, for a look.
  case tiny
}
