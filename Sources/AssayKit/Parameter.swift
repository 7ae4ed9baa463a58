public import Documents

/// The parameters of a method, with their defaults as initial values.
public protocol MethodConfig: Sendable {
  /// Every parameter, declared once for the schema and for decoding.
  static var parameters: [Parameter<Self>] { get }
  /// Pairs of keys of which one at least has to stay at its default.
  ///
  /// The schema says so too, so that such a config is found before anything runs.
  static var exclusive: [(String, String)] { get }
  /// The defaults.
  init()
}

extension MethodConfig {
  /// None.
  public static var exclusive: [(String, String)] { [] }
}

/// The config of a method without parameters.
public struct NoConfig: MethodConfig {
  /// None.
  public static var parameters: [Parameter<NoConfig>] { [] }
  /// Makes the only value.
  public init() {}
}

/// One parameter: its JSON Schema (type, default, range, description) and how it is read.
public struct Parameter<Config>: Sendable {
  let name: String
  let read: @Sendable (JSON, inout Config) throws(MethodError) -> Void
  /// The value that a config has.
  let value: @Sendable (Config) -> JSON
  private let form: [String: JSON]
  private let summary: String
  private var condition: Condition?

  private struct Condition: Sendable {
    var words: String
    var holds: @Sendable (Config, Inputs) -> Bool
  }

  /// A field of the config; a literal key path such as `\.alpha`.
  public typealias Field<Value> = any WritableKeyPath<Config, Value> & Sendable

  /// A number within a range.
  public static func number(
    _ name: String, _ field: Field<Double>, _ range: ClosedRange<Double>, _ summary: String
  ) -> Parameter {
    Parameter(
      name, field,
      [
        "type": "number", "minimum": json(range.lowerBound),
        "maximum": json(range.upperBound),
      ], summary, { json($0) }
    ) { value in
      value.double.flatMap { range.contains($0) ? $0 : nil }
    } wanting: {
      "a number from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  /// A whole number within a range.
  public static func integer(
    _ name: String, _ field: Field<Int>, _ range: ClosedRange<Int>, _ summary: String
  ) -> Parameter {
    Parameter(
      name, field,
      [
        "type": "integer", "minimum": JSON(range.lowerBound),
        "maximum": JSON(range.upperBound),
      ], summary, { JSON($0) }
    ) { value in
      value.int.flatMap { range.contains($0) ? $0 : nil }
    } wanting: {
      "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  /// A truth value.
  public static func flag(_ name: String, _ field: Field<Bool>, _ summary: String) -> Parameter {
    Parameter(name, field, ["type": "boolean"], summary, JSON.bool) {
      $0.bool
    } wanting: {
      "true or false"
    }
  }

  /// One of the cases of an enum, by raw value.
  public static func choice<Case>(
    _ name: String, _ field: Field<Case>, _ summary: String
  ) -> Parameter where Case: CaseIterable & RawRepresentable & Sendable, Case.RawValue == String {
    let names = Case.allCases.map(\.rawValue)
    return Parameter(
      name, field, ["type": "string", "enum": .array(names.map(JSON.string))], summary,
      { .string($0.rawValue) }
    ) { value in
      value.string.flatMap(Case.init(rawValue:))
    } wanting: {
      "one of \(names.map { "'\($0)'" }.joined(separator: ", "))"
    }
  }

  /// A text.
  public static func text(_ name: String, _ field: Field<String>, _ summary: String) -> Parameter {
    Parameter(name, field, ["type": "string"], summary, JSON.string) {
      $0.string
    } wanting: {
      "a text"
    }
  }

  /// A list of numbers, each within a range, and as many as `count` allows.
  public static func numbers(
    _ name: String, _ field: Field<[Double]>, _ range: ClosedRange<Double>,
    count: ClosedRange<Int> = 1...1000, _ summary: String
  ) -> Parameter {
    let items: JSON = [
      "type": "number", "minimum": json(range.lowerBound), "maximum": json(range.upperBound),
    ]
    return Parameter(
      name, field,
      [
        "type": "array", "items": items, "minItems": JSON(count.lowerBound),
        "maxItems": JSON(count.upperBound),
      ], summary, { .array($0.map(json)) }
    ) { value in
      guard let elements = value.array, count.contains(elements.count) else { return nil }
      let numbers = elements.compactMap(\.double).filter(range.contains)
      return numbers.count == elements.count ? numbers : nil
    } wanting: {
      "\(count.lowerBound) to \(count.upperBound) numbers from \(range.lowerBound) to "
        + "\(range.upperBound)"
    }
  }

  /// A list of whole numbers, each within a range, and as many as `count` allows.
  public static func integers(
    _ name: String, _ field: Field<[Int]>, _ range: ClosedRange<Int>,
    count: ClosedRange<Int> = 1...1000, _ summary: String
  ) -> Parameter {
    let items: JSON = [
      "type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound),
    ]
    return Parameter(
      name, field,
      [
        "type": "array", "items": items, "minItems": JSON(count.lowerBound),
        "maxItems": JSON(count.upperBound),
      ], summary, { .array($0.map { JSON($0) }) }
    ) { value in
      guard let elements = value.array, count.contains(elements.count) else { return nil }
      let numbers = elements.compactMap(\.int).filter(range.contains)
      return numbers.count == elements.count ? numbers : nil
    } wanting: {
      "\(count.lowerBound) to \(count.upperBound) whole numbers from \(range.lowerBound) to "
        + "\(range.upperBound)"
    }
  }

  private init<Value: Sendable>(
    _ name: String, _ field: Field<Value>, _ form: [String: JSON], _ summary: String,
    _ write: @escaping @Sendable (Value) -> JSON,
    _ read: @escaping @Sendable (JSON) -> Value?,
    wanting wanted: @escaping @Sendable () -> String
  ) {
    self.name = name
    self.form = form
    self.summary = summary
    value = { write($0[keyPath: field]) }
    self.read = { (json, config) throws(MethodError) in
      guard let value = read(json) else {
        throw .config(
          "config key '\(name)' is \(json.canonicalText), but has to be \(wanted())")
      }
      config[keyPath: field] = value
    }
  }

  /// Says when the parameter counts at all: `only` completes "it counts only ...".
  ///
  ///     .integer("k", \.k, 1...1000, "Neighbours.").only("without a search") { config, _ in !config.search }
  ///
  /// The words become part of the description. A config whose value is not the default where the
  /// parameter does not count gets a warning in its trial.
  public func only(
    _ words: String, _ holds: @escaping @Sendable (Config, Inputs) -> Bool
  ) -> Parameter {
    var parameter = self
    parameter.condition = Condition(words: words, holds: holds)
    return parameter
  }

  /// The JSON Schema of the value.
  func schema(_ defaults: Config) -> JSON {
    var schema = form
    schema["default"] = value(defaults)
    schema["description"] = .string(
      condition.map { "\(summary) Counts only \($0.words)." } ?? summary)
    return .object(schema)
  }

  /// Says that the value was set but has no effect here; nil where it has, or is the default.
  func idleness(of config: Config, _ defaults: Config, _ inputs: Inputs) -> String? {
    guard let condition, value(config) != value(defaults), !condition.holds(config, inputs) else {
      return nil
    }
    return "config key '\(name)' has no effect here: it counts only \(condition.words)"
  }

  /// A number as the shortest JSON number, so that 100.0 is written as 100.
  private static func json(_ value: Double) -> JSON {
    Int64(exactly: value).map(JSON.integer) ?? JSON(value)
  }
}

extension MethodConfig {
  /// The JSON Schema of the config object, with a default for every property.
  public static var schema: JSON {
    let defaults = Self()
    let properties = parameters.map { ($0.name, $0.schema(defaults)) }
    var schema: [String: JSON] = [
      "type": "object", "additionalProperties": false,
      "properties": .object(Dictionary(properties, uniquingKeysWith: { first, _ in first })),
    ]
    // One `anyOf` is all that an object may have; more pairs would need `allOf`.
    if let pair = exclusive.first {
      schema["anyOf"] = .array(
        [pair.0, pair.1].map { key in
          let value = parameters.first { $0.name == key }?.value(defaults) ?? .null
          return ["properties": [key: ["const": value]]]
        })
    }
    return .object(schema)
  }

  /// A sentence for each parameter that was set but has no effect on these inputs.
  func idle(_ inputs: Inputs) -> [String] {
    let defaults = Self()
    return Self.parameters.compactMap { $0.idleness(of: self, defaults, inputs) }
  }

  /// Reads a config object; a key that is absent keeps its default.
  public init(reading json: JSON) throws(MethodError) {
    guard let members = json.object else {
      throw .config("the config has to be a JSON object, not \(json.canonicalText)")
    }
    self.init()
    let parameters = Self.parameters
    for key in members.keys.sorted() {
      guard let parameter = parameters.first(where: { $0.name == key }) else {
        let known = parameters.map { "'\($0.name)'" }.sorted().joined(separator: ", ")
        throw .config(
          "config key '\(key)' is not known; "
            + (known.isEmpty ? "this method has no config" : "the keys are \(known)"))
      }
      try parameter.read(members[key] ?? .null, &self)
    }
    let defaults = Self()
    for pair in Self.exclusive {
      let set = parameters.filter { [pair.0, pair.1].contains($0.name) }
        .filter { $0.value(self) != $0.value(defaults) }
      if set.count == 2 {
        throw .config(
          "config keys '\(pair.0)' and '\(pair.1)' exclude each other: leave one at its default")
      }
    }
  }
}
