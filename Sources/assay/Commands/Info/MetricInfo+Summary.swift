internal import Documents
internal import Metrics

extension MetricInfo {
  /// The metric for people.
  var text: String {
    let rows = [
      ("range", rangeText),
      ("undefined where", undefined), ("source", source ?? "as defined above"),
      (
        "tasks",
        tasks.isEmpty ? "none: of groups, or of whole reports" : tasks.joined(separator: ", ")
      ),
    ].map { Row([("", "  " + $0), ("", $1)]) }
    return """
      \(key) (\(title)), version \(version), \(direction.text)
      \(summary)

      \(Row.table(rows))
      """
  }

  /// The metric as a document.
  var json: JSON {
    func end(_ value: Double) -> JSON { value.isFinite ? .number(value) : .null }
    return [
      "key": .string(key), "title": .string(title), "version": JSON(version),
      "higher_is_better": direction == .neutral ? .null : .bool(higherIsBetter),
      "summary": .string(summary), "undefined": .string(undefined), "source": JSON(source),
      "range": .array([end(range.lowerBound), end(range.upperBound)]),
      "tasks": .array(tasks.map(JSON.string)),
    ]
  }
}
