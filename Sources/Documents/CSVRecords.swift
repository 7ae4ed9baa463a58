/// The records of a CSV text as RFC 4180 has them: quoted fields may hold commas, line ends and
/// doubled quotes; lines end in LF or CRLF.
package struct CSVRecords: Sendable {
  /// Why a text has no records: a clause with its line.
  package struct Failure: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// Each record with the number of the line on which it starts, from 1.
  package private(set) var records: [(line: Int, fields: [String])] = []

  /// Reads a text.
  package init(_ text: String) throws(Failure) {
    var fields: [String] = []
    var field = ""
    var (line, start) = (1, 1)
    var (isQuoted, wasQuoted) = (false, false)
    var scalars = Substring(text).unicodeScalars
    // A byte order mark is no part of the first name.
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    func endRecord() {
      fields.append(field)
      if fields != [""] || wasQuoted { records.append((start, fields)) }
      (fields, field, wasQuoted) = ([], "", false)
    }
    while let scalar = scalars.popFirst() {
      if scalar == "\n" { line += 1 }
      switch (scalar, isQuoted) {
      case ("\"", true):
        if scalars.first == "\"" {
          scalars.removeFirst()
          field.unicodeScalars.append("\"")
        } else {
          isQuoted = false
        }
      case (_, true): field.unicodeScalars.append(scalar)
      case ("\"", false):
        guard field.isEmpty, !wasQuoted else {
          throw Failure(
            description:
              "line \(line) has a quote inside a field; put the field in quotes and double it")
        }
        (isQuoted, wasQuoted) = (true, true)
      case (",", false):
        fields.append(field)
        (field, wasQuoted) = ("", false)
      case ("\r", false) where scalars.first == "\n": continue
      case ("\n", false):
        endRecord()
        start = line
      default: field.unicodeScalars.append(scalar)
      }
    }
    guard !isQuoted else {
      throw Failure(
        description: "the quote that opens in the record of line \(start) is not closed")
    }
    if !field.isEmpty || !fields.isEmpty || wasQuoted { endRecord() }
  }
}
