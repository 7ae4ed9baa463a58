internal import Glibc
package import Metrics

/// Numbers as people read them in tables; the JSON keeps every digit.
package enum Format {
  /// A value with four decimals, or four significant digits outside of 0.001...1000; what only
  /// rounding leaves, below 1e-12, is 0.
  package static func value(_ value: Double?) -> String {
    guard let value else { return "-" }
    guard value.isFinite else { return "\(value)" }
    let size = abs(value)
    if size < 1e-12 { return fixed(0, 4) }
    return (0.001..<1000).contains(size) ? fixed(value, 4) : significant(value, 4)
  }

  /// A difference with its sign.
  package static func signed(_ value: Double?) -> String {
    guard let value else { return "-" }
    let text = Format.value(value)
    return value > 0 ? "+\(text)" : text
  }

  /// An interval as `[lower, upper]`.
  package static func bounds(_ interval: Interval) -> String {
    "[\(value(interval.lower)), \(value(interval.upper))]"
  }

  /// A p-value with three decimals.
  package static func probability(_ p: Double?) -> String {
    guard let p else { return "-" }
    return p < 0.001 ? "<0.001" : fixed(p, 3)
  }

  /// A cost in seconds, or in MiB.
  package static func cost(_ amount: Double, _ key: CostKey) -> String {
    key == .peakRSS ? "\(fixed(amount / 1_048_576, 1)) MiB" : "\(fixed(amount, 3)) s"
  }

  /// A number as it would be written by hand: 50, 0.5.
  static func plain(_ value: Double) -> String {
    let rounded = (value * 1e6).rounded() / 1e6
    return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
  }

  /// Rounds to a number of decimals, halves away from zero.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let scale = pow(10, Double(decimals))
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return significant(value, decimals + 1) }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + padded }
    return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }

  private static func significant(_ value: Double, _ digits: Int) -> String {
    var exponent = log10(abs(value)).rounded(.down)
    // The mantissa must stay below 10 when it is rounded.
    if abs(value) / pow(10, exponent) + 0.5 * pow(10, Double(1 - digits)) >= 10 { exponent += 1 }
    return "\(fixed(value / pow(10, exponent), digits - 1))e\(Int(exponent))"
  }
}
