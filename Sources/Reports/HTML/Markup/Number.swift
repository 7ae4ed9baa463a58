import Metrics

/// Numbers as they stand on the page.
enum Number {
  /// A value with a fixed number of decimals, so that a column aligns on the point.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "not finite" }
    let text = abs(value) < 1000 ? Format.fixed(value, decimals) : Format.value(value)
    return withMinus(text)
  }

  /// A value with the bounds of its interval, where it has one.
  static func estimate(_ value: Double, _ interval: Interval?, _ decimals: Int = 3) -> String {
    fixed(value, decimals) + (interval.map { " \(bounds($0, decimals))" } ?? "")
  }

  /// The bounds of an interval in brackets.
  static func bounds(_ interval: Interval, _ decimals: Int) -> String {
    "[\(fixed(interval.lower, decimals)), \(fixed(interval.upper, decimals))]"
  }

  /// The decimals that intervals of such widths deserve: two digits of a typical width.
  static func decimals(for intervals: [Interval]) -> Int {
    let widths = intervals.map { $0.upper - $0.lower }.filter { $0 > 0 && $0.isFinite }.sorted()
    guard !widths.isEmpty else { return 4 }
    return digits(of: widths[widths.count / 2], atLeast: 2)
  }

  /// The decimals that show a step of this size with one digit more.
  static func digits(of step: Double, atLeast minimum: Int) -> Int {
    var decimals = 1
    var scaled = step
    while scaled < 1, decimals < 6 {
      scaled *= 10
      decimals += 1
    }
    return min(max(decimals, minimum), 4)
  }

  /// A count with thin groups of three.
  static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (value < 0 ? "\u{2212}" : "") + groups.joined(separator: ",")
  }

  /// A number of things with its noun.
  static func of(_ value: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count(value)) \(value == 1 ? singular : plural ?? singular + "s")"
  }

  /// A setting's value or a tick, without decimals that say nothing.
  static func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return withMinus(Format.value(value)) }
    if value == value.rounded() { return withMinus(String(Int(value))) }
    var text = Format.fixed(value, 4)
    while text.hasSuffix("0") { text.removeLast() }
    return withMinus(text)
  }

  private static func withMinus(_ text: String) -> String {
    text.hasPrefix("-") ? "\u{2212}" + text.dropFirst() : text
  }
}
