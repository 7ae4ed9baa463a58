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

  package init(id: String, text: String, source: String, value: Quantity, bound: Bound) {
    self.id = id
    self.text = text
    self.source = source
    self.value = value
    self.bound = bound
  }

  /// What has to hold, with everything that has a name of its own written out.
  package var holds: String { bound.text(of: value.text) }

  /// The claim as a member of a report.
  package var json: JSON {
    [
      "id": .string(id), "text": .string(text), "source": .string(source),
      "holds": .string(holds),
    ]
  }

  /// Reads a claim of a report; nil where it says nothing that can be evaluated.
  package init?(json: JSON) {
    var interpreter = Interpreter(Vocabulary())
    guard let holds = json["holds"]?.string,
      let condition = try? interpreter.condition(holds, at: "/holds")
    else { return nil }
    self.init(
      id: json["id"]?.string ?? "", text: json["text"]?.string ?? "",
      source: json["source"]?.string ?? "", value: condition.value, bound: condition.bound)
  }
}
