internal import Documents

extension DatasetChecks {
  /// Checks names that people read and results are joined by.
  mutating func names() {
    check(classes, "class", at: "/classes", mayRepeat: true)
    check(templates, "template", at: "/templates", mayRepeat: true)
    for (attribute, names) in groupNames.sorted(by: { $0.key < $1.key }) {
      check(
        names, "value of group '\(attribute)'",
        at: JSONPointer.appending(attribute, to: "/groups") + "/names", mayRepeat: false)
    }
    for (target, names) in zip(manifest.targets, targetClasses) {
      check(
        names, "class of target '\(target.name)'", at: "\(target.pointer)/classes",
        mayRepeat: false)
    }
    for entry in manifest.cases {
      for (attribute, group) in entry.groups.sorted(by: { $0.key < $1.key }) {
        check(
          group.names, "value of group '\(attribute)'",
          at: JSONPointer.appending(attribute, to: "\(entry.pointer)/groups") + "/names",
          mayRepeat: false)
      }
    }
  }

  /// Refuses marks that nobody sees, and tells of names that mean the same.
  ///
  /// - Parameter mayRepeat: Whether equal names are a warning only: ImageNet itself has two classes
  ///   'missile'. Of a group they would tear one group in two.
  private mutating func check(
    _ names: [String], _ kind: String, at pointer: String, mayRepeat: Bool
  ) {
    if let place = names.firstIndex(where: { $0.unicodeScalars.contains(where: isUnseen) }) {
      let codes = names[place].unicodeScalars.filter(isUnseen)
        .map { "U+" + hexadecimal($0.value) }.joined(separator: ", ")
      report(
        pointer,
        "\(kind) \(place) has a character that nobody sees (\(codes)); take it out of the name")
    }
    func key(_ name: String) -> String {
      name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    var (places, lowered) = ([String: Int](), [String: Int]())
    for (place, name) in names.enumerated() {
      let key = key(name)
      if let earlier = places[key] {
        let text = "\(kind) \(place) and \(kind) \(earlier) are both '\(key)'"
        if mayRepeat {
          find(.warning, "repeated-name", at: pointer, "\(text); reports tell them apart by number")
        } else {
          report(pointer, "\(text); give each a name of its own")
        }
      } else if let earlier = lowered[key.lowercased()] {
        find(
          .warning, "repeated-name", at: pointer,
          "\(kind) \(place), '\(key)', and \(kind) \(earlier), '\(names[earlier])', differ in case "
            + "alone")
      }
      places[key] = places[key] ?? place
      lowered[key.lowercased()] = lowered[key.lowercased()] ?? place
    }
  }
}

/// Byte-order marks, spaces of no width, and control characters, which change what a name equals or
/// what a terminal does, and are not seen.
private func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F...0x9F, 0x200B, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
  default: false
  }
}

private func hexadecimal(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
}
