/// A group's key that names a corruption and its severity, such as `gaussian_noise-3`.
struct ShiftKey: Equatable {
  var corruption: String
  var severity: Int

  init?(_ key: String) {
    guard let mark = key.lastIndex(of: "-"), mark > key.startIndex,
      let severity = Int(key[key.index(after: mark)...]), severity >= 0
    else { return nil }
    corruption = String(key[..<mark])
    // An age group such as 25-49 is none.
    guard corruption.contains(where: \.isLetter) else { return nil }
    self.severity = severity
  }
}
