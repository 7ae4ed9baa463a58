/// A word and what it says.
package struct Word: Equatable, Sendable {
  package enum Role: Sendable { case grammar, size, colour, outline, species, background, relation }

  package var text: String
  package var role: Role

  init(_ text: String, _ role: Role = .grammar) {
    self.text = text
    self.role = role
  }
}

/// Words that name an object: "small red circle", "red circle", "berry".
package struct NounPhrase: Equatable, Sendable {
  package enum Noun: Equatable, Sendable {
    case kind(Kind)
    case species(Species)
  }

  package var size: Size?
  package var noun: Noun

  package init(_ kind: Kind, size: Size? = nil) {
    self.size = size
    noun = .kind(kind)
  }

  /// Names an object, by its species where it has one.
  init(_ object: SceneObject, withSize: Bool) {
    size = withSize ? object.size : nil
    noun = object.species.map { .species($0) } ?? .kind(object.kind)
  }

  /// Tells whether the words are true of an object.
  package func describes(_ object: SceneObject) -> Bool {
    guard size == nil || size == object.size else { return false }
    switch noun {
    case .kind(let kind): return object.kind == kind
    case .species(let species): return object.species == species
    }
  }

  /// The words after an article.
  func words(after article: String) -> [Word] {
    let size = size.map { [Word($0.rawValue, .size)] } ?? []
    switch noun {
    case .kind(let kind):
      return [Word(article)] + size + [
        Word(kind.colour.rawValue, .colour), Word(kind.outline.rawValue, .outline),
      ]
    case .species(let species): return [Word(article)] + size + [Word(species.rawValue, .species)]
    }
  }
}

/// A text in the language of the scenes.
package protocol SceneText: Equatable, Sendable {
  /// The words in order.
  var words: [Word] { get }
}

extension SceneText {
  /// The words with spaces between them.
  package var text: String { words.map(\.text).joined(separator: " ") }
}
