internal import Documents
package import Metrics
internal import Suites

/// The calibration curve of one set of a trial's rows.
package struct CalibrationRecord: Equatable, Sendable {
  /// What tells the sets apart, such as `shortcut`; `all` for all rows.
  package var by: String
  package var key: String
  package var curve: CalibrationCurve

  package init(by: String, key: String, curve: CalibrationCurve) {
    self.by = by
    self.key = key
    self.curve = curve
  }
}

/// The curves of all rows, of each set of a contrast and of each group of an attribute.
///
/// Empty where there are other than two classes, or nothing that all rows are divided by.
func calibrationCurves(of query: CaseQuery, _ table: any OutcomeTable) -> [CalibrationRecord] {
  guard let table = table as? any CalibratableTable, let all = table.calibrationCurve else {
    return []
  }
  var sets = query.contrasts.flatMap { contrast in
    contrast.sets.map { (by: contrast.by, key: $0.key, rows: $0.rows) }
  }
  for grouping in query.groupings where grouping.isAttribute && !grouping.holdsClass {
    for (code, key) in grouping.keys.enumerated() {
      sets.append(
        (grouping.by, key, grouping.codes.indices.filter { grouping.codes[$0] == code }))
    }
  }
  guard !sets.isEmpty else { return [] }
  return [CalibrationRecord(by: "all", key: "all", curve: all)]
    + sets.compactMap { set in
      guard !set.rows.isEmpty else { return nil }
      return table.selecting(rows: set.rows).calibrationCurve.map {
        CalibrationRecord(by: set.by, key: set.key, curve: $0)
      }
    }
}

extension CalibrationRecord {
  var json: JSON {
    [
      "by": .string(by), "key": .string(key),
      "bins": .array(
        curve.bins.map { bin in
          [
            "bin": JSON(bin.place), "probability": JSON(bin.probability),
            "share": JSON(bin.share), "n": JSON(bin.n),
          ]
        }),
    ]
  }

  init(_ record: RecordCursor) throws(RecordError) {
    self.init(
      by: try record.member("by").string(), key: try record.member("key").string(),
      curve: CalibrationCurve(
        bins: try record.member("bins").map { bin throws(RecordError) in
          CalibrationCurve.Bin(
            place: try bin.member("bin").int(),
            probability: try bin.member("probability").double(),
            share: try bin.member("share").double(), n: try bin.member("n").count())
        }))
  }
}
