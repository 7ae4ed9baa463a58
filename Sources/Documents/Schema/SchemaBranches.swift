extension [SchemaNode] {
  /// The constant that a node, or what it refers to, demands of a member.
  func constant(of member: String, in index: Int) -> JSON? {
    if let property = self[index].properties[member], let constant = self[property].constant {
      return constant
    }
    return self[index].reference.flatMap { constant(of: member, in: $0) }
  }

  /// The types that a node, or what it refers to, allows; nil means any.
  func types(of index: Int) -> [SchemaType]? {
    let node = self[index]
    if let types = node.types { return types }
    if let choices = node.constant.map({ [$0] }) ?? node.choices {
      return SchemaType.allCases.filter { type in choices.contains { type.admits($0) } }
    }
    return node.reference.flatMap { types(of: $0) }
  }

  /// The default that a node, or what it refers to, gives.
  func defaultValue(of index: Int) -> JSON? {
    self[index].defaultValue ?? self[index].reference.flatMap { defaultValue(of: $0) }
  }

  /// The member whose constant tells the branches for objects apart, such as `kind`.
  func discriminator(of branches: [Int]) -> String? {
    let forObjects = branches.filter { types(of: $0)?.contains(.object) ?? true }
    guard let first = forObjects.first, forObjects.count > 1 else { return nil }
    return memberNames(of: first).sorted().first { member in
      let constants = forObjects.compactMap { constant(of: member, in: $0) }
      let areDifferent = constants.indices.allSatisfy { index in
        !constants[..<index].contains { $0.isSame(as: constants[index]) }
      }
      return constants.count == forObjects.count && areDifferent
    }
  }

  private func memberNames(of index: Int) -> [String] {
    self[index].properties.keys + (self[index].reference.map { memberNames(of: $0) } ?? [])
  }
}
