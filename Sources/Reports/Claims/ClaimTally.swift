internal import Suites

/// What became of claims, counted by the paper that makes them.
package struct ClaimTally: Equatable, Sendable {
  /// One paper, or all claims that no paper makes.
  package struct Row: Equatable, Sendable {
    /// Nil for claims without one, such as controls.
    package var paper: String?
    package var counts: [ClaimVerdict: Int]
    package var total: Int { counts.values.reduce(0, +) }
  }

  /// Papers by their names, and last what no paper says.
  package let rows: [Row]

  package init(_ claims: [ClaimRecord]) {
    let names = ClaimTally.papers(in: claims.map(\.asserted.claim.source))
    var counts: [String?: [ClaimVerdict: Int]] = [:]
    for (claim, name) in zip(claims, names) {
      counts[name, default: [:]][claim.verdict, default: 0] += 1
    }
    let named = counts.keys.compactMap(\.self).sorted()
    rows =
      named.map { Row(paper: $0, counts: counts[$0] ?? [:]) }
      + (counts[nil].map { [Row(paper: nil, counts: $0)] } ?? [])
  }

  package func count(_ verdict: ClaimVerdict) -> Int {
    rows.reduce(0) { $0 + ($1.counts[verdict] ?? 0) }
  }

  package var total: Int { rows.reduce(0) { $0 + $1.total } }

  /// All of it in one sentence.
  package var text: String {
    let parts = ClaimVerdict.allCases.map { "\(count($0)) \($0.tallyText)" }
    return "\(total) \(total == 1 ? "claim" : "claims"): " + parts.joined(separator: ", ")
  }

  // MARK: Papers

  /// The paper that each source names: authors, venue and year at its beginning.
  ///
  /// `the unbiasedness of Nguyen and Ho, ICLR 2024` is the paper that another source calls
  /// `Nguyen and Ho, ICLR 2024`.
  static func papers(in sources: [String]) -> [String?] {
    let names = sources.map(paper)
    let known = Set(names.compactMap(\.self))
    return names.map { name in
      guard let name else { return nil }
      let shorter = known.filter { $0 != name && name.hasSuffix(" \($0)") }
      return shorter.min { ($0.count, $0) < ($1.count, $1) } ?? name
    }
  }

  private static func paper(_ source: String) -> String? {
    let characters = Array(source)
    func isDigit(_ place: Int) -> Bool {
      characters.indices.contains(place) && characters[place].isASCII && characters[place].isNumber
    }
    var place = 0
    while place < characters.count {
      guard isDigit(place) else {
        place += 1
        continue
      }
      var end = place
      while isDigit(end) { end += 1 }
      let isDecimal = end + 1 < characters.count && characters[end] == "." && isDigit(end + 1)
      let year = Int(String(characters[place..<end])) ?? 0
      if end - place == 4, (1900...2099).contains(year), !isDecimal {
        return String(characters[..<end])
      }
      place = end
    }
    // A preprint is known by its number alone.
    guard let mark = source.firstRange(of: "arXiv:") else { return nil }
    let number = source[mark.upperBound...].prefix { $0.isNumber || $0 == "." }
    return String(source[..<number.endIndex])
  }
}

extension ClaimVerdict {
  /// The verdict as it is counted.
  fileprivate var tallyText: String {
    switch self {
    case .reproduced: "reproduced"
    case .withinNoise: "within noise"
    case .notReproduced: "not reproduced"
    case .notMeasured: "not measured"
    case .dataAbsent: "not measured because the data is absent"
    }
  }
}
