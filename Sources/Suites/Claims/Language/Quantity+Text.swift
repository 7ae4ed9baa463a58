internal import Documents

extension Quantity {
  /// The quantity as an expression without names of its own, which reads as the same quantity.
  package var text: String { text(inside: 0) }

  private func text(inside power: Int) -> String {
    switch self {
    case .number(let number):
      return number < 0 && power > 0 ? "(\(number.literal))" : number.literal
    case .measured(let measurement): return measurement.text
    case .operation(let operation, let left, let right):
      let own = operation == .plus || operation == .minus ? 1 : 2
      // What stands to the right of an operator of its own power wants parentheses.
      let text =
        left.text(inside: own) + " \(operation.rawValue) " + right.text(inside: own + 1)
      return own < power ? "(\(text))" : text
    case .fold(let fold, let parts): return "\(fold.rawValue)(\(Self.text(parts)))"
    case .correlation(let correlation, let first, let second):
      return "\(correlation.rawValue)([\(Self.text(first))], [\(Self.text(second))])"
    case .line(let line, let first, let second, let place):
      let head = line == .accuracyAt ? "\(place.literal), " : ""
      return "\(line.rawValue)(\(head)[\(Self.text(first))], [\(Self.text(second))])"
    case .operatingPoints(let points):
      let others = points.others.map(\.word).joined(separator: ", ")
      let words =
        points.methods.map(\.word) + (others.isEmpty ? [] : ["others: [\(others)]"])
        + circumstances(points.dataset, points.setting)
      return "\(points.functional.rawValue)(\(words.joined(separator: ", ")))"
    }
  }

  private static func text(_ parts: [Quantity]) -> String {
    parts.map(\.text).joined(separator: ", ")
  }
}

extension Quantity.Measurement {
  fileprivate var text: String {
    var words = [method.word]
    let function: String
    switch value {
    case .metric(let key): function = key
    case .reported(let name):
      function = "reported"
      words.append(name.word)
    }
    words += circumstances(dataset, setting)
    if let group, group.isReference {
      words.append("unshifted: \((group.key ?? "").word)")
    } else if let group {
      words.append("by: \(group.by.word)")
      if let key = group.key { words.append("group: \(key.word)") }
      if !group.exceptions.isEmpty {
        words.append("except: [\(group.exceptions.map(\.word).joined(separator: ", "))]")
      }
    }
    return "\(function)(\(words.joined(separator: ", ")))"
  }
}

/// The dataset and the setting as named arguments.
private func circumstances(_ dataset: String?, _ setting: [String: JSON]) -> [String] {
  let own: Set<String> = ["dataset", "by", "group", "except", "unshifted", "others"]
  return (dataset.map { ["dataset: \($0.word)"] } ?? [])
    + setting.sorted { $0.key < $1.key }.map { name, value in
      let label = own.contains(name) ? name.quoted : name.word
      return "\(label): \(value.string?.word ?? value.canonicalText)"
    }
}

extension PublishedClaim.Bound {
  /// The condition that a number has these values.
  func text(of value: String) -> String {
    switch self {
    case .atLeast(let bound): "\(value) >= \(bound.literal)"
    case .atMost(let bound): "\(value) <= \(bound.literal)"
    case .above(let bound): "\(value) > \(bound.literal)"
    case .below(let bound): "\(value) < \(bound.literal)"
    case .within(let range) where range.lowerBound == range.upperBound:
      "\(value) == \(range.lowerBound.literal)"
    case .within(let range):
      "\(range.lowerBound.literal) <= \(value) <= \(range.upperBound.literal)"
    }
  }
}

extension Double {
  fileprivate var literal: String { Int64(exactly: self).map(String.init) ?? "\(self)" }
}

extension String {
  /// The name as it is written in an expression.
  fileprivate var word: String { Lexer.isBare(self) ? self : quoted }

  fileprivate var quoted: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
