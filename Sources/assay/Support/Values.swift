internal import ArgumentParser
internal import Documents

/// A span of time on the command line: `30`, `30s`, `2m`, `1h`.
struct Seconds: ExpressibleByArgument {
  var value: Double
  init(value: Double) { self.value = value }
  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
    let unit = argument.last.flatMap { units[$0] }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    guard let number = Double(digits), number > 0, number.isFinite else { return nil }
    // Two weeks: a longer span overflows the clocks that it is compared with.
    guard number * (unit ?? 1) <= 1_209_600 else { return nil }
    value = number * (unit ?? 1)
  }
  var defaultValueDescription: String { "\(Int(value))s" }
}

/// An amount of memory on the command line: `4G`, `512M`.
struct Bytes: ExpressibleByArgument {
  var value: Int
  init?(argument: String) {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    let unit = argument.last.flatMap { units[Character($0.uppercased())] }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    guard let number = Int(digits), number > 0 else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
    guard !overflow, bytes <= 1 << 50 else { return nil }
    value = bytes
  }
}

/// Seeds on the command line: `1..5`, `1,2,7`.
struct SeedList: ExpressibleByArgument {
  var values: [Int]
  /// Whole numbers of JSON are exact up to here, so that every report can be read again.
  private static let largest = 1 << 53 - 1
  init?(argument: String) {
    var values: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      if let range = SeedList.range(part) {
        values += range
      } else if let value = Int(part), (0...SeedList.largest).contains(value) {
        values.append(value)
      } else {
        return nil
      }
    }
    self.values = values
  }

  /// The seeds, each named once.
  ///
  /// - Throws: `UsageError` for a repeat, which would count as a draw of its own.
  func distinct() throws -> [Int] {
    var seen: Set<Int> = []
    if let twice = values.first(where: { !seen.insert($0).inserted }) {
      throw UsageError(description: "--seeds names \(twice) twice; a copy is no further draw")
    }
    return values
  }

  private static func range(_ text: Substring) -> ClosedRange<Int>? {
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    guard ends.count == 3, ends[1].isEmpty, let low = Int(ends[0]), let high = Int(ends[2]),
      low >= 0, low <= high, high <= SeedList.largest, high - low < 100_000
    else { return nil }
    return low...high
  }
}

/// A method on the command line: `gda`, or `gda:alpha=2,search=false`.
struct MethodArgument: ExpressibleByArgument {
  /// As it was given.
  var text: String
  var id: String
  var settings: [String: JSON]
  /// Settings that are given more than once.
  var repeatedKeys: [String] = []

  init?(argument: String) {
    text = argument
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    id = String(parts[0])
    settings = [:]
    guard !id.isEmpty else { return nil }
    guard parts.count == 2 else { return }
    for pair in parts[1].split(separator: ",") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty else { return nil }
      // A value that is JSON is taken as such; anything else is a string.
      let value = (try? JSON(parsing: String(sides[1]))) ?? .string(String(sides[1]))
      if settings.updateValue(value, forKey: String(sides[0])) != nil {
        repeatedKeys.append(String(sides[0]))
      }
    }
  }

  /// Whether a report could not tell the two apart.
  func isSameRow(as other: MethodArgument) -> Bool { id == other.id && settings == other.settings }
}
