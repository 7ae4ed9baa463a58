/// One thing that is wrong with a document, and where.
public struct DocumentProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The JSON pointer to the value; the empty pointer is the whole document.
  public var pointer: String
  /// The line, from 1, where the text is known.
  public var line: Int?
  /// The column, from 1, in Unicode scalars, where the text is known.
  public var column: Int?
  /// What is wrong and what to do, without a final full stop.
  public var message: String
  /// The place within a value that is a text, in Unicode scalars of it; nil for all of the value.
  public var offset: Int?

  /// Tells that the name of the member is meant, not its value.
  var isAboutName = false
  /// The member that the value at the pointer lacks.
  var missing: String?

  /// The value of which nothing more can be said.
  var refusedPointer: String {
    missing.map { JSONPointer.appending($0, to: pointer) } ?? pointer
  }

  /// Makes a problem.
  public init(pointer: String, message: String, line: Int? = nil, column: Int? = nil) {
    self.pointer = pointer
    self.message = message
    self.line = line
    self.column = column
  }

  /// The problem as `at /pointer: sentence`.
  public var description: String { pointer.isEmpty ? message : "at \(pointer): \(message)" }
}

/// Everything that is wrong with one document.
public struct DocumentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file, or a name for a document that is no file.
  public var path: String
  /// All problems, in the order of the text; at least one.
  public var problems: [DocumentProblem]

  /// Makes an error of all problems of a document.
  public init(path: String, problems: [DocumentProblem]) {
    self.path = path
    self.problems = problems
  }

  /// Makes an error of one problem with the whole document.
  public init(path: String, message: String) {
    self.init(path: path, problems: [DocumentProblem(pointer: "", message: message)])
  }

  /// One line per problem: `file:line:column: at /pointer: sentence`.
  public var description: String {
    problems.map { problem in
      let place = [problem.line, problem.column].compactMap { $0 }.map { ":\($0)" }.joined()
      return "\(path)\(place): \(problem)"
    }.joined(separator: "\n")
  }
}
