extension JSONSchema {
  /// A valid value with all defaults filled in, in nested objects and in defaults themselves too.
  ///
  /// A member that is absent gets the `default` of its schema; without one it stays absent, even
  /// when its own members have defaults. Of `oneOf` and `anyOf` the first branch that the value
  /// satisfies counts. Numbers are brought to the type that the schema names, so that `1` and `1.0`
  /// give one canonical text. Values that are not valid are left as they are where they are not.
  public func completing(_ value: JSON) -> JSON {
    completed(value, under: 0, depth: 0) ?? value
  }

  /// The completed value, or nil when defaults nest without end.
  func completed(_ value: JSON, under index: Int, depth: Int) -> JSON? {
    guard depth <= 2 * JSON.maximumDepth else { return nil }
    let node = nodes[index]
    var value = value
    for next in [node.reference] + [branch(of: node.oneOf, for: value)]
      + [branch(of: node.anyOf, for: value)]
    {
      guard let next else { continue }
      guard let completed = completed(value, under: next, depth: depth) else { return nil }
      value = completed
    }
    switch value {
    case .object(let members): return completed(members, under: node, depth: depth)
    case .array(let elements):
      guard let items = node.items else { return value }
      var result: [JSON] = []
      for element in elements {
        guard let element = completed(element, under: items, depth: depth + 1) else { return nil }
        result.append(element)
      }
      return .array(result)
    default: return JSONSchema.normalised(value, to: node.types)
    }
  }

  private func completed(
    _ given: [String: JSON], under node: SchemaNode, depth: Int
  ) -> JSON? {
    var members = given
    for (name, property) in node.properties where members[name] == nil {
      members[name] = nodes.defaultValue(of: property)
    }
    for (name, value) in members {
      var schemas = node.properties[name].map { [$0] } ?? []
      for (pattern, schema) in node.patternProperties {
        if let regex = try? Regex(pattern), (try? regex.firstMatch(in: name)) != nil {
          schemas.append(schema)
        }
      }
      if schemas.isEmpty, case .schema(let schema) = node.additional { schemas = [schema] }
      var completedValue = value
      for schema in schemas {
        guard let next = completed(completedValue, under: schema, depth: depth + 1) else {
          return nil
        }
        completedValue = next
      }
      members[name] = completedValue
    }
    return .object(members)
  }

  private func branch(of branches: [Int], for value: JSON) -> Int? {
    var validator = SchemaValidator(nodes)
    return branches.first { validator.problems(of: value, at: "", under: $0).isEmpty }
  }

  private static func normalised(_ value: JSON, to types: [SchemaType]?) -> JSON {
    guard let types else { return value }
    switch value {
    case .number(let number) where types.contains(.integer) && !types.contains(.number):
      return Int64(exactly: number).map(JSON.integer) ?? value
    case .integer(let integer) where types.contains(.number) && !types.contains(.integer):
      return Double(exactly: integer).map(JSON.number) ?? value
    default: return value
    }
  }
}
