internal import Documents
internal import Glibc
internal import Metrics

/// Accuracies of many models without and with shifts, as a CSV table has them.
package struct AccuracyTable: Sendable {
  /// Why a table cannot be used, a clause.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
  }

  /// The names of the models: the first column.
  package let models: [String]
  package let shifts: [String]
  /// Without a shift, `[model]`.
  let reference: [Double]
  /// Under each shift, `[shift][model]`.
  let shifted: [[Double]]
  /// The source of each model; one name for all without a column.
  let sources: [String]
  /// Other properties of the models.
  let factors: [Factor]

  /// A property: a cell for each model.
  struct Factor: Sendable {
    let name: String
    let cells: [String]
  }

  /// Reads a table with one head line and one line for each model.
  ///
  /// - Throws: ``Failure`` for a column that is missing, with the nearest name, and for a cell that
  ///   is no accuracy in `0...1`, with its line.
  package init(
    csv text: String, reference: String, shifts: [String], source: String?,
    factors names: [String] = []
  ) throws(Failure) {
    let records: [(line: Int, fields: [String])]
    do throws(CSVRecords.Failure) {
      records = try CSVRecords(text).records
    } catch {
      throw Failure(error.description)
    }
    guard let head = records.first?.fields else { throw Failure("it is empty") }
    let rows = records.dropFirst()
    guard !rows.isEmpty else { throw Failure("it has a head line, but no models") }
    if let row = rows.first(where: { $0.fields.count != head.count }) {
      throw Failure(
        "line \(row.line) has \(row.fields.count) fields, but the head line has \(head.count)")
    }
    func place(_ name: String) throws(Failure) -> Int {
      let places = head.indices.filter { head[$0] == name }
      if places.count == 1 { return places[0] }
      if places.count > 1 { throw Failure("it has \(places.count) columns called '\(name)'") }
      let hint =
        nearestName(to: name, in: head).map { "did you mean '\($0)'?" }
        ?? "it has \(head.map { "'\($0)'" }.joined(separator: ", "))"
      throw Failure("it has no column '\(name)'; \(hint)")
    }
    func accuracies(_ name: String) throws(Failure) -> [Double] {
      let place = try place(name)
      var values: [Double] = []
      for row in rows {
        let cell = row.fields[place]
        guard let value = Double(cell), value.isFinite else {
          throw Failure("line \(row.line), column '\(name)': '\(cell)' is no number")
        }
        guard (0...1).contains(value) else {
          throw Failure(
            "line \(row.line), column '\(name)': \(cell) is no accuracy between 0 and 1; divide "
              + "per cent by 100")
        }
        values.append(value)
      }
      return values
    }
    var columns: [[Double]] = []
    for shift in shifts { columns.append(try accuracies(shift)) }
    self.reference = try accuracies(reference)
    self.shifts = shifts
    shifted = columns
    models = rows.map { $0.fields[0] }
    var factors: [Factor] = []
    for name in names {
      let place = try place(name)
      factors.append(Factor(name: name, cells: rows.map { $0.fields[place] }))
    }
    self.factors = factors
    if let source {
      let place = try place(source)
      sources = rows.map { $0.fields[place] }
    } else {
      sources = rows.map { _ in "all" }
    }
  }

  /// The models of each source, in the order of the table.
  var groups: [SourceLines.Models] {
    var names: [String] = []
    for source in sources where !names.contains(source) { names.append(source) }
    return names.map { name in
      let places = sources.indices.filter { sources[$0] == name }
      return SourceLines.Models(
        name: name, reference: places.map { reference[$0] },
        shifted: shifted.map { column in places.map { column[$0] } })
    }
  }
}
