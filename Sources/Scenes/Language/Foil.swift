/// A true caption, and the same with one word that makes it false.
package struct Foil: Equatable, Sendable {
  /// The kind of the wrong word.
  package enum Subject: String, CaseIterable, Sendable { case outline, colour, background }

  package var original: Caption
  package var caption: Caption
  package var subject: Subject
  /// The place of the wrong word among the caption's words.
  package var wordIndex: Int
}

extension Scene {
  /// A foil of which outline, colour and background are as likely as each other.
  ///
  /// The wrong word is true of no object of the picture, and the false caption is one that could be
  /// true of another: no held-out kind and no invisible object gives it away without the picture.
  /// Nil for species, which have no such words, and where no word is left.
  package func foil() -> Foil? {
    var draws = recipe.draws("foil", split, index)
    let original = caption(&draws)
    let subject = draws.pick(Foil.Subject.allCases)
    let phrase = draws.below(original.phrases.count)
    guard case .kind(let kind) = original.phrases[phrase].noun else { return nil }
    var caption = original
    switch subject {
    case .background:
      let others = Background.allCases.filter { other in
        other != background && original.colours.allSatisfy { $0.isVisible(on: other) }
      }
      guard !others.isEmpty else { return nil }
      caption.background = draws.pick(others)
    case .outline:
      let others = Outline.allCases.filter { other in
        !objects.contains { $0.outline == other }
          && !Kind.heldOut.contains(Kind(kind.colour, other))
      }
      guard !others.isEmpty else { return nil }
      caption.phrases[phrase].noun = .kind(Kind(kind.colour, draws.pick(others)))
    case .colour:
      let others = Colour.allCases.filter { other in
        !objects.contains { $0.colour == other } && other.isVisible(on: background)
          && !Kind.heldOut.contains(Kind(other, kind.outline))
      }
      guard !others.isEmpty else { return nil }
      caption.phrases[phrase].noun = .kind(Kind(draws.pick(others), kind.outline))
    }
    let pairs = zip(original.words, caption.words).enumerated()
    guard let place = pairs.first(where: { $0.element.0 != $0.element.1 })?.offset else {
      return nil
    }
    return Foil(original: original, caption: caption, subject: subject, wordIndex: place)
  }
}

extension Caption {
  /// The colours that it names.
  var colours: [Colour] {
    phrases.compactMap { phrase in
      if case .kind(let kind) = phrase.noun { kind.colour } else { nil }
    }
  }
}
