import Documents

/// The places of a document at which its schema allows a number, or an array of numbers.
///
/// Members that the document lacks are made up where the schema has a number below them, so that a
/// field that is new to a schema is found without a word about it here.
struct SchemaWalk {
  struct Place {
    /// Members and numbers of elements, from the root on.
    var path: [String]
    /// The pointer of the part of the schema that allows the number.
    var schema: String
  }

  let schema: JSON

  init(_ schema: JSON) { self.schema = schema }

  /// Every part of the schema that allows a number.
  var numericSchemas: Set<String> {
    var found: Set<String> = []
    func search(_ node: JSON, _ pointer: String) {
      if SchemaWalk.isNumeric(node) { found.insert(pointer) }
      for (name, member) in node.object ?? [:] where name != "default" {
        search(member, "\(pointer)/\(name)")
      }
      for (number, element) in (node.array ?? []).enumerated() {
        search(element, "\(pointer)/\(number)")
      }
    }
    search(schema, "")
    return found
  }

  func node(_ pointer: String) -> JSON? {
    pointer.split(separator: "/").reduce(schema) { node, step in
      node.flatMap { node in Int(step).flatMap { index in node.array?[index] } ?? node[String(step)]
      }
    }
  }

  func numbers(in document: JSON) -> [Place] {
    places(document).filter { !$0.isArray }.map(\.place)
  }

  /// Arrays whose elements are numbers.
  func arrays(in document: JSON) -> [Place] { places(document).filter(\.isArray).map(\.place) }

  private static func isNumeric(_ node: JSON) -> Bool {
    let types = node["type"]?.array?.compactMap(\.string) ?? node["type"]?.string.map { [$0] } ?? []
    return types.contains("integer") || types.contains("number")
  }

  private func places(_ document: JSON) -> [(place: Place, isArray: Bool)] {
    var found: [(place: Place, isArray: Bool)] = []
    var open: Set<String> = []
    func search(_ value: JSON?, _ node: JSON, _ pointer: String, _ path: [String]) {
      if let target = node["$ref"]?.string.map({ String($0.dropFirst()) }),
        let referred = self.node(target)
      {
        // A definition that refers to itself is made up once.
        guard value != nil || open.insert(target).inserted else { return }
        search(value, referred, target, path)
        if value == nil { open.remove(target) }
      }
      if SchemaWalk.isNumeric(node) {
        found.append((Place(path: path, schema: pointer), false))
      }
      for keyword in ["oneOf", "anyOf"] {
        for (number, branch) in (node[keyword]?.array ?? []).enumerated() {
          if let kind = branch["properties"]?["kind"]?["const"], kind != value?["kind"] { continue }
          search(value, branch, "\(pointer)/\(keyword)/\(number)", path)
        }
      }
      for (name, member) in (node["properties"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
        search(value?[name], member, "\(pointer)/properties/\(name)", path + [name])
      }
      if let member = node["additionalProperties"], member.object != nil {
        for name in (value?.object?.keys.sorted() ?? []) + ["more"]
        where node["properties"]?[name] == nil {
          search(
            value?[name], member, "\(pointer)/additionalProperties", path + [name])
        }
      }
      if let items = node["items"] {
        let isOfNumbers =
          SchemaWalk.isNumeric(items)
          || items["oneOf"]?.array?.contains(where: SchemaWalk.isNumeric) == true
        if isOfNumbers { found.append((Place(path: path, schema: "\(pointer)/items"), true)) }
        search(value?.array?.first, items, "\(pointer)/items", path + ["0"])
      }
    }
    search(document, schema, "", [])
    return found
  }
}

extension JSON {
  /// The document with a value at a place, whose parents are made where they are not there.
  func setting(_ value: JSON, at path: ArraySlice<String>) -> JSON {
    guard let step = path.first else { return value }
    if let number = Int(step), object == nil {
      var elements = array ?? []
      if elements.isEmpty { elements = [.null] }
      guard elements.indices.contains(number) else { return self }
      elements[number] = elements[number].setting(value, at: path.dropFirst())
      return .array(elements)
    }
    var members = object ?? [:]
    members[step] = (members[step] ?? .null).setting(value, at: path.dropFirst())
    return .object(members)
  }
}
