package import Documents

/// What a publication asserts about results, and how it is measured here.
package struct PublishedClaim: Equatable, Sendable {
  package let id: String
  /// The assertion in one sentence.
  package let text: String
  /// Where it stands.
  package let source: String
  package let value: Quantity
  package let bound: Bound
  /// The claim as it was read.
  package let document: JSON

  /// The values with which a claim holds.
  package enum Bound: Equatable, Sendable {
    case atLeast(Double)
    case atMost(Double)
    case above(Double)
    case below(Double)
    case within(ClosedRange<Double>)

    /// Tells whether the claim holds with a value.
    package func holds(_ value: Double) -> Bool {
      switch self {
      case .atLeast(let bound): value >= bound
      case .atMost(let bound): value <= bound
      case .above(let bound): value > bound
      case .below(let bound): value < bound
      case .within(let range): range.contains(value)
      }
    }
  }

  /// Reads a claim that the schema has passed; nil where its bounds are none.
  package init?(json: JSON) {
    guard let bound = json["expect"].flatMap(Bound.init) else { return nil }
    id = json["id"]?.string ?? ""
    text = json["claim"]?.string ?? ""
    source = json["source"]?.string ?? ""
    value = Quantity(json["value"] ?? .null)
    self.bound = bound
    document = json
  }
}

extension PublishedClaim.Bound {
  init?(_ json: JSON) {
    if let bound = json["at_least"]?.double {
      self = .atLeast(bound)
    } else if let bound = json["at_most"]?.double {
      self = .atMost(bound)
    } else if let bound = json["above"]?.double {
      self = .above(bound)
    } else if let bound = json["below"]?.double {
      self = .below(bound)
    } else if let ends = json["within"]?.array?.compactMap(\.double), ends.count == 2,
      ends[0] <= ends[1]
    {
      self = .within(ends[0]...ends[1])
    } else {
      return nil
    }
  }
}
