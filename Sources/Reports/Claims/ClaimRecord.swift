package import Documents
package import Evaluation
package import Metrics
package import Suites

/// A claim of a suite.
package struct SuiteClaim: Equatable, Sendable {
  package var suite: String
  package var claim: PublishedClaim

  package init(suite: String, claim: PublishedClaim) {
    self.suite = suite
    self.claim = claim
  }
}

/// What became of a claim in one run.
package struct ClaimRecord: Equatable, Sendable {
  package var asserted: SuiteClaim
  /// Nil when it could not be measured.
  package var value: Double?
  package var interval: Interval?
  package var verdict: ClaimVerdict
  /// Why there is no value or no interval.
  package var reason: String?
}

/// Whether a claim holds here.
package enum ClaimVerdict: String, CaseIterable, Sendable {
  /// With the value and with its whole interval.
  case reproduced
  /// With the value, but not with all of its interval.
  case withinNoise = "reproduced-within-noise"
  case notReproduced = "not-reproduced"
  case notMeasured = "not-measured"
  /// Not measured, since the data that it is about is not here.
  case dataAbsent = "data-absent"

  /// The verdict in words.
  package var text: String {
    switch self {
    case .reproduced: "reproduced"
    case .withinNoise: "reproduced within noise"
    case .notReproduced: "not reproduced here"
    case .notMeasured: "not measured"
    case .dataAbsent: "data absent"
    }
  }

  init(_ bound: PublishedClaim.Bound, value: Double, interval: Interval?) {
    guard bound.holds(value) else {
      self = .notReproduced
      return
    }
    let isCertain = interval.map { bound.holds($0.lower) && bound.holds($0.upper) } ?? true
    self = isCertain ? .reproduced : .withinNoise
  }
}

extension ClaimRecord {
  /// The record as a member of a report's `claims`.
  package var json: JSON {
    var members: [String: JSON] = [
      "suite": .string(asserted.suite), "claim": asserted.claim.json,
      "value": value.map { JSON($0) } ?? .null, "verdict": .string(verdict.rawValue),
    ]
    members["interval"] = interval?.json
    members["reason"] = reason.map(JSON.string)
    return .object(members)
  }

  /// Reads a record.
  package init(_ record: RecordCursor) throws(RecordError) {
    let definition = try record.member("claim")
    guard let claim = PublishedClaim(json: definition.value) else {
      throw definition.unlike("a claim with an expression in 'holds'")
    }
    let verdict = try record.member("verdict")
    guard let known = ClaimVerdict(rawValue: try verdict.string()) else {
      throw verdict.unlike(
        "one of \(ClaimVerdict.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.init(
      asserted: SuiteClaim(suite: try record.member("suite").string(), claim: claim),
      value: try record.optional("value")?.double(),
      interval: try record.optional("interval").map { cursor throws(RecordError) in
        try Interval(cursor)
      },
      verdict: known, reason: try record.optional("reason")?.string())
  }
}
