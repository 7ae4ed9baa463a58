internal import Documents
internal import Random

/// A value for one property of a config, with words for it.
struct ConfigCase {
  var property: String
  var value: JSON
  var words: String { "\(property) = \(value.canonicalText)" }
}

/// Values derived from a method's config schema.
struct ConfigCases {
  private let properties: [(name: String, schema: JSON)]

  init(_ schema: JSON) {
    properties = (schema["properties"]?.object ?? [:]).sorted { $0.key < $1.key }
      .map { (name: $0.key, schema: $0.value) }
  }

  var isEmpty: Bool { properties.isEmpty }
  var names: [String] { properties.map(\.name) }

  /// Every property at the ends of its range, and every choice.
  var borders: [ConfigCase] {
    properties.flatMap { name, schema in
      ConfigCases.borders(schema).map { ConfigCase(property: name, value: $0) }
    }
  }

  /// A value for each property, picked by the generator.
  func random(_ random: inout Philox) -> [String: JSON] {
    var config: [String: JSON] = [:]
    for (name, schema) in properties {
      config[name] = ConfigCases.value(schema, &random) ?? schema["default"]
    }
    return config
  }

  private static func borders(_ schema: JSON) -> [JSON] {
    if let choices = schema["enum"]?.array { return choices }
    if schema["type"]?.string == "boolean" { return [false, true] }
    if let items = schema["items"], schema["type"]?.string == "array" {
      return borders(items).map {
        .array([JSON](repeating: $0, count: max(schema["minItems"]?.int ?? 1, 1)))
      }
    }
    return [schema["minimum"], schema["maximum"]].compactMap { $0 }
  }

  private static func value(_ schema: JSON, _ random: inout Philox) -> JSON? {
    if let choices = schema["enum"]?.array, !choices.isEmpty {
      return choices[random.below(choices.count)]
    }
    switch schema["type"]?.string {
    case "boolean": return .bool(random.below(2) == 1)
    case "array":
      guard let items = schema["items"] else { return nil }
      let least = max(schema["minItems"]?.int ?? 0, 0)
      let most = max(min(schema["maxItems"]?.int ?? 4, least + 4), least)
      let count = least + random.below(most - least + 1)
      let elements = (0..<count).compactMap { _ in value(items, &random) }
      return elements.count == count ? .array(elements) : nil
    case "integer":
      guard let (low, high) = range(schema) else { return nil }
      // Large bounds are there to allow, not to be run: small numbers are the likely ones.
      return JSON(Int(low) + random.below(Int(min(high - low, 100)) + 1))
    case "number":
      guard let (low, high) = range(schema) else { return nil }
      let share = random.uniform()
      return JSON(low > 0 ? exp(low, high, share) : low + (high - low) * share * share * share)
    default: return nil
    }
  }

  /// Between two positive bounds on a logarithmic scale.
  private static func exp(_ low: Double, _ high: Double, _ share: Double) -> Double {
    var (low, high, share) = (low, high, share)
    // Bisection with geometric means needs no logarithm.
    for _ in 0..<30 {
      let middle = (low * high).squareRoot()
      if share < 0.5 { high = middle } else { low = middle }
      share = share < 0.5 ? share * 2 : share * 2 - 1
    }
    return low
  }

  private static func range(_ schema: JSON) -> (Double, Double)? {
    let low = schema["minimum"]?.double ?? schema["exclusiveMinimum"]?.double
    let high = schema["maximum"]?.double ?? schema["exclusiveMaximum"]?.double
    guard let low, let high, low < high else { return nil }
    return (low, high)
  }
}
