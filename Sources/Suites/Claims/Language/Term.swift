internal import Documents

/// What an expression stands for while it is read.
struct Term {
  let value: Value
  /// Where a person wrote it, which may be at the call of what it is named in.
  let place: Passage

  enum Value {
    /// A name or a number as written: a number is a quantity too.
    case literal(JSON)
    case quantity(Quantity)
    case list([Term])
  }

  /// The quantity; nil for names and lists.
  var quantity: Quantity? {
    switch value {
    case .literal(let json): json.double.map(Quantity.number)
    case .quantity(let quantity): quantity
    case .list: nil
    }
  }

  /// What a setting's member can be; nil for what is measured and for lists.
  var literal: JSON? {
    switch value {
    case .literal(let json): json
    case .quantity(.number(let number)): JSON(number)
    case .quantity, .list: nil
    }
  }

  var name: String? { literal?.string }

  /// Lists opened, all else as it is.
  var flattened: [Term] {
    guard case .list(let elements) = value else { return [self] }
    return elements.flatMap(\.flattened)
  }
}

/// A named expression, which may have parameters.
struct Definition: Sendable {
  let name: String
  let parameters: [String]
  let body: Syntax
  let text: String
  let pointer: String
}

/// What names mean to the claims of one suite.
struct Vocabulary {
  /// Rows of `methods` that come from a grid: their names, each with its place in the grid.
  var families: [String: [MethodGrid.Row]] = [:]
  /// Lists that the suite itself has, such as `seeds`.
  var lists: [String: [JSON]] = [:]
  var definitions: [String: Definition] = [:]
  /// Whether a name is that of a metric.
  var isMetric: (String) -> Bool = { _ in true }
  /// The metrics that a mistyped one may have meant.
  var metrics: [String] = []
  /// Why results have no values of a metric; nil where they have.
  var metricObstacle: (String) -> String? = { _ in nil }
  /// Why no row has a name; nil where one has.
  var rowObstacle: (String) -> String? = { _ in nil }
  /// Why results have no such groups; nil where they have.
  var partitionObstacle: (String) -> String? = { _ in nil }

  /// The words of the language itself.
  static let functions: [String] =
    Quantity.Fold.allCases.map(\.rawValue) + Quantity.Correlation.allCases.map(\.rawValue)
    + Quantity.Line.allCases.map(\.rawValue)
    + Quantity.OperatingPoints.Functional.allCases.map(\.rawValue) + ["reported"]

  /// Everything that can be called.
  var callable: [String] {
    Self.functions + metrics + definitions.keys + families.keys
  }
}

/// A part of a claim that reads measured values, with the places of its words.
struct ClaimReading: Sendable {
  let measurement: Quantity.Measurement
  /// By the name of the argument; `method`, and `except/0` for the first exception.
  let places: [String: Passage]
  /// The place of the whole call.
  let place: Passage

  func place(of word: String) -> Passage { places[word] ?? place }
}
