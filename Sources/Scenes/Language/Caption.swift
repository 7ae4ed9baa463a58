/// "a small red circle and a blue bar on grass": at most two objects, in any order.
package struct Caption: SceneText {
  package var phrases: [NounPhrase]
  package var background: Background?

  package var words: [Word] {
    let phrases = phrases.map { $0.words(after: "a") }.joined(separator: [Word("and")])
    let ending = background.map { [Word("on"), Word($0.rawValue, .background)] } ?? []
    return Array(phrases) + ending
  }

  /// Tells whether the caption is true: each phrase of an object of its own, and the background.
  package func isTrue(of scene: Scene) -> Bool {
    guard background == nil || background == scene.background else { return false }
    return canAssign(phrases[...], to: scene.objects)
  }

  private func canAssign(_ phrases: ArraySlice<NounPhrase>, to objects: [SceneObject]) -> Bool {
    guard let first = phrases.first else { return true }
    return objects.indices.contains { index in
      guard first.describes(objects[index]) else { return false }
      var rest = objects
      rest.remove(at: index)
      return canAssign(phrases.dropFirst(), to: rest)
    }
  }
}

/// "a red circle left of a blue bar".
package struct RelationCaption: SceneText {
  package var first: NounPhrase
  package var relation: Relation
  package var second: NounPhrase

  package var words: [Word] {
    first.words(after: "a") + relation.words + second.words(after: "a")
  }

  /// Tells whether the relation holds of some two objects that the phrases name.
  package func isTrue(of scene: Scene) -> Bool {
    scene.objects.contains { object in
      first.describes(object)
        && scene.objects.contains {
          second.describes($0) && relation.holds(object.centre, $0.centre, side: scene.side)
        }
    }
  }
}

extension Relation {
  /// "left of" is two words.
  var words: [Word] { rawValue.split(separator: " ").map { Word(String($0), .relation) } }
}

extension Scene {
  /// A true caption of up to two objects; half of the phrases tell the size, and one caption in
  /// five leaves the background out.
  package func caption() -> Caption {
    var draws = recipe.draws("caption", split, index)
    let caption = caption(&draws)
    return draws.chance(percent: 20) ? Caption(phrases: caption.phrases) : caption
  }

  /// What a split teaches as the caption: `caption()`, or a foil as often as the preset has
  /// training captions false.
  package func taughtCaption() -> Caption {
    var draws = recipe.draws("label noise", split, index)
    guard split == .train, draws.chance(percent: recipe.preset.falseCaptions), let foil = foil()
    else { return caption() }
    return foil.caption
  }

  /// A true caption with the background.
  func caption(_ draws: inout Draws) -> Caption {
    var chosen = objects
    draws.shuffle(&chosen)
    let phrases = chosen.prefix(2).map {
      NounPhrase($0, withSize: draws.chance(percent: 50))
    }
    return Caption(phrases: phrases, background: background)
  }

  /// A true sentence of where one object lies from another; nil where no relation holds.
  package func relationCaption() -> RelationCaption? {
    var draws = recipe.draws("relation", split, index)
    var sentences: [RelationCaption] = []
    for first in objects {
      for second in objects where second != first {
        for relation in Relation.allCases
        where relation.holds(first.centre, second.centre, side: side) {
          sentences.append(
            RelationCaption(
              first: NounPhrase(first, withSize: false), relation: relation,
              second: NounPhrase(second, withSize: false)))
        }
      }
    }
    return sentences.isEmpty ? nil : draws.pick(sentences)
  }
}
