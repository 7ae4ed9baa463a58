internal import Documents

/// A range of a text that is a value of a document, for the place of what is wrong there.
struct Passage: Equatable, Sendable {
  /// Where the text stands, as a JSON pointer.
  let pointer: String
  let text: String
  /// Counted in Unicode scalars of the text.
  let range: Range<Int>

  /// The problem at this place: the sentence, and below it the text with the range marked.
  func problem(_ message: String) -> DocumentProblem {
    let scalars = Array(text.unicodeScalars)
    // A long text is shown around the range alone.
    let first = max(0, range.lowerBound - 60)
    let last = min(scalars.count, max(range.lowerBound + 60, min(range.upperBound, first + 140)))
    func string(_ part: Range<Int>) -> String {
      String(String.UnicodeScalarView(scalars[part]).map { $0 == "\n" ? " " : Character($0) })
    }
    let head = first > 0 ? "..." : ""
    let shown = head + string(first..<last) + (last < scalars.count ? "..." : "")
    let indent = String(repeating: " ", count: head.count + range.lowerBound - first)
    let length = max(1, min(range.upperBound, last) - range.lowerBound)
    let marks = String(repeating: "^", count: length)
    var problem = DocumentProblem(
      pointer: pointer, message: "\(message)\n    \(shown)\n    \(indent)\(marks)")
    problem.offset = range.lowerBound
    return problem
  }
}

/// Why a text says nothing that can be evaluated.
struct ExpressionError: Error, Equatable {
  let message: String
  let place: Passage

  var problem: DocumentProblem { place.problem(message) }
}
