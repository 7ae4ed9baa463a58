internal import Documents

extension PluginDescription {
  /// What keeps the description from being used, a sentence; nil when nothing does.
  ///
  /// Ids are words of command lines, file names, tables and pages, so they are held to the alphabet
  /// that `assay.h` gives; other texts only have to be short enough for people.
  var problem: String? {
    var ids: Set<String> = []
    for method in methods {
      guard MethodDescription.isID(method.id) else {
        return "the method id '\(method.id.repaired(limit: 80))' should be 1 to "
          + "\(MethodDescription.longestID) lower case letters, digits, '-' and '.', the first of "
          + "them a letter or digit; rename the method"
      }
      guard ids.insert(method.id).inserted else {
        return "two methods have the id '\(method.id)'; rename one of them"
      }
      let texts = [
        ("version", method.version, 64), ("summary", method.summary, 1 << 10),
        ("license", method.license, 1 << 10), ("references", method.references, 16 << 10),
      ]
      for (name, text, limit) in texts where text.utf8.count > limit {
        return "the \(name) of '\(method.id)' is \(text.utf8.count) bytes long, above \(limit); "
          + "shorten it"
      }
      let claimed = method.claims.flatMap { claim in
        [("a task", claim.task, 0)] + claim.inputs.map { ("an input name", $0.name, 0) }
      }
      // A line of its own could pass for a row of a table or a command to a build server.
      for (name, text, _) in texts + claimed where text.contains(where: \.isNewline) {
        return
          "\(name.contains(" ") ? name : "the \(name)") of '\(method.id)' has a line break; make "
          + "it one line"
      }
      if method.configSchema.mentions(["pattern", "patternProperties"]) {
        return "the config schema of '\(method.id)' has a pattern, which can take for ever to "
          + "match; list the choices with enum"
      }
    }
    return nil
  }
}

extension JSON {
  /// Whether any object of the document has a member of one of the names.
  fileprivate func mentions(_ names: Set<String>) -> Bool {
    if let members = object {
      return members.contains { names.contains($0.key) || $0.value.mentions(names) }
    }
    return array?.contains { $0.mentions(names) } ?? false
  }
}

extension MethodDescription {
  static let longestID = 64

  /// Tells whether a text may be the id of a method.
  static func isID(_ text: String) -> Bool {
    func isWord(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
    guard let first = text.utf8.first, isWord(first), text.utf8.count <= longestID else {
      return false
    }
    return text.utf8.allSatisfy { isWord($0) || $0 == 45 || $0 == 46 }
  }
}
