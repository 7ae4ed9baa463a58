/// An expression as it is written.
struct Syntax: Equatable, Sendable {
  let form: Form
  /// Where it stands in its text, in Unicode scalars.
  let range: Range<Int>

  indirect enum Form: Equatable, Sendable {
    /// As written.
    case number(String)
    case name(String)
    case quoted(String)
    case list([Syntax])
    /// `element for name in list`, the first loop the outermost.
    case each(Syntax, [Loop])
    case call(Word, [Argument])
    case negation(Syntax)
    case operation(Quantity.Operator, Syntax, Syntax)
    /// Operands with a comparison between each two.
    case comparison([Syntax], [Comparison])
    case conjunction([Syntax])
  }

  struct Word: Equatable, Sendable {
    let name: String
    let range: Range<Int>
  }

  /// An argument of a call; without a name it is known by its place.
  struct Argument: Equatable, Sendable {
    let name: Word?
    let value: Syntax
  }

  struct Loop: Equatable, Sendable {
    let name: Word
    let list: Syntax
  }

  struct Comparison: Equatable, Sendable {
    let relation: Relation
    let range: Range<Int>
  }

  enum Relation: String, Sendable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
    case equal = "=="

    /// The same read from right to left.
    var flipped: Relation {
      switch self {
      case .atLeast: .atMost
      case .atMost: .atLeast
      case .above: .below
      case .below: .above
      case .equal: .equal
      }
    }
  }
}
