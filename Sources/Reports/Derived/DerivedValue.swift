package import Documents
package import Evaluation
package import Metrics

/// A number that is made of several groups or rows of a report, over all seeds.
package struct DerivedValue: Equatable, Sendable {
  package var row: RowKey
  package var metric: String
  /// What the value is about, such as `corruption`; nil for the whole row.
  package var by: String?
  package var key: String?
  /// Nil where it is undefined.
  package var value: Double?
  package var interval: Interval?
  /// Why there is no value or no interval.
  package var reason: String?
  /// Where a mixture stands among its parts.
  package var verdict: Dilution.Verdict?

  /// The value as an element of the `values` of its row.
  func json(in shared: SharedEntries) -> JSON {
    var members: [String: JSON] = [
      "metric": .string(metric), "value": value.map { JSON($0) } ?? .null,
    ]
    members["by"] = by.map(JSON.string)
    members["key"] = key.map(JSON.string)
    members["interval"] = interval?.json(usual: nil, in: shared)
    members["reason"] = reason.map(JSON.string)
    members["verdict"] = verdict.map { .string($0.rawValue) }
    return .object(members)
  }
}

extension DerivedValue {
  /// Reads a value of a row.
  init(
    _ value: RecordCursor, of row: RowKey, in shared: SharedEntries
  ) throws(RecordError) {
    let verdict = try value.optional("verdict")
    let known = try verdict.map { cursor throws(RecordError) in
      guard let known = Dilution.Verdict(rawValue: try cursor.string()) else {
        throw cursor.unlike("one of between, above, below")
      }
      return known
    }
    self.init(
      row: row, metric: try value.member("metric").string(), by: try value.optional("by")?.string(),
      key: try value.optional("key")?.string(), value: try value.optional("value")?.double(),
      interval: try value.optional("interval").map { cursor throws(RecordError) in
        try Interval(cursor, usual: nil, in: shared)
      }, reason: try value.optional("reason")?.string(), verdict: known)
  }
}
