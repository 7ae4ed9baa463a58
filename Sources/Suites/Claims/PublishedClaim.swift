package import Documents
internal import Metrics

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

  /// Reads a claim that the schema has passed.
  package init?(json: JSON) {
    var problems: [DocumentProblem] = []
    self.init(json, pointer: "", problems: &problems)
    guard problems.isEmpty else { return nil }
  }

  /// Reads a claim that the schema has passed, and reports names that are not known.
  init?(_ json: JSON, pointer: String, problems: inout [DocumentProblem]) {
    guard let bound = json["expect"].flatMap(Bound.init) else {
      problems.append(
        DocumentProblem(
          pointer: "\(pointer)/expect", message: "the lower end is above the upper one"))
      return nil
    }
    id = json["id"]?.string ?? ""
    text = json["claim"]?.string ?? ""
    source = json["source"]?.string ?? ""
    value = Quantity(json["value"] ?? .null)
    self.bound = bound
    document = json
    for measurement in value.measurements {
      guard case .metric(let key) = measurement.value, MetricInfo.named(key) == nil else {
        continue
      }
      problems.append(
        DocumentProblem(
          pointer: "\(pointer)/value",
          message: unknown("metric", key, among: MetricInfo.all.map(\.key))))
    }
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
