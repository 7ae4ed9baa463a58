/// "the large red circle left of the blue bar": words for exactly one object.
package struct Expression: SceneText {
  /// What it takes to find the object.
  package enum Means: String, CaseIterable, Sendable {
    /// No other object has the colour or the outline.
    case unique
    /// Another object has the colour, the outline or both; the words without a relation suffice.
    case attribute
    /// The same, and the words tell where the object lies from another one.
    case relational
  }

  package var target: NounPhrase
  package var relation: Relation?
  /// What the target is seen from; there with a relation only, and itself words for one object.
  package var landmark: NounPhrase?

  package var words: [Word] {
    target.words(after: "the") + (relation?.words ?? []) + (landmark?.words(after: "the") ?? [])
  }

  /// The objects that the words are true of, by their places.
  package func denoted(in scene: Scene) -> [Int] {
    let named = scene.objects.indices.filter { target.describes(scene.objects[$0]) }
    guard let relation, let landmark else { return named }
    let marks = scene.objects.indices.filter { landmark.describes(scene.objects[$0]) }
    guard marks.count == 1 else { return [] }
    let mark = scene.objects[marks[0]].centre
    return named.filter {
      $0 != marks[0] && relation.holds(scene.objects[$0].centre, mark, side: scene.side)
    }
  }
}

/// An expression and the one object it is for.
package struct Reference: Equatable, Sendable {
  package var expression: Expression
  package var means: Expression.Means
  /// The place of the object in `Scene.objects`.
  package var target: Int
}

extension Scene {
  /// One expression of each kind that the scene has any of, drawn among all that are true of
  /// exactly one object.
  package func references() -> [Reference] {
    var draws = recipe.draws("reference", split, index)
    let all = allReferences
    return Expression.Means.allCases.compactMap { means in
      let some = all.filter { $0.means == means }
      return some.isEmpty ? nil : draws.pick(some)
    }
  }

  /// Every expression of the grammar that denotes one object.
  var allReferences: [Reference] {
    objects.indices.flatMap { target in
      let object = objects[target]
      let hasRival = objects.indices.contains {
        $0 != target
          && (objects[$0].colour == object.colour || objects[$0].outline == object.outline)
      }
      let phrases = [false, true].map { NounPhrase(object, withSize: $0) }
      let plain = phrases.map { Expression(target: $0) }
      let related = phrases.flatMap { phrase in
        objects.filter { $0 != object }.flatMap { mark in
          Relation.allCases.map {
            Expression(
              target: phrase, relation: $0, landmark: NounPhrase(mark, withSize: false))
          }
        }
      }
      let candidates =
        plain.map {
          Reference(expression: $0, means: hasRival ? .attribute : .unique, target: target)
        }
        + (hasRival ? related : []).map {
          Reference(expression: $0, means: .relational, target: target)
        }
      return candidates.filter { $0.expression.denoted(in: self) == [target] }
    }
  }
}
