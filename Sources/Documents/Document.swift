internal import Glibc

/// A JSON file: its value, and the text it was read from.
///
///     let document = try Document(path: "suite.json", schema: schema)
///     guard known(document.value["task"]) else {
///       throw document.error([DocumentProblem(pointer: "/task", message: "is no task")])
///     }
public struct Document: Sendable {
  /// The value, as written: no defaults filled in.
  public let value: JSON
  /// The text.
  public let source: SourceText
  /// The largest file that is read, in bytes.
  public static let maximumSize = 256 << 20

  /// Reads a file: strict JSON, no repeated names, and valid under the schema.
  ///
  /// - Throws: One error that lists all problems of the file.
  public init(path: String, schema: JSONSchema? = nil) throws(DocumentError) {
    let text = try Document.bytes(path: path)
    try self.init(text: text, path: path, schema: schema)
  }

  /// Takes over a text that was read from `path`.
  public init(
    text: [UInt8], path: String, schema: JSONSchema? = nil
  ) throws(DocumentError) {
    let (document, problems) = try Document.reading(text: text, path: path, schema: schema)
    guard problems.isEmpty else { throw DocumentError(path: path, problems: problems) }
    self = document
  }

  /// Reads a file as far as it is JSON, and tells all that its text and a schema have against it.
  ///
  /// - Throws: An error only where there is no value: no file, or a text that is not JSON.
  public static func reading(
    path: String, schema: JSONSchema?
  ) throws(DocumentError) -> (document: Document, problems: [DocumentProblem]) {
    try reading(text: try Document.bytes(path: path), path: path, schema: schema)
  }

  private static func reading(
    text: [UInt8], path: String, schema: JSONSchema?
  ) throws(DocumentError) -> (document: Document, problems: [DocumentProblem]) {
    let source = SourceText(path: path, text: text)
    let read: (value: JSON, findings: [JSONScanner.Finding])
    do {
      read = try JSON.reading(text)
    } catch {
      let position = source.position(offset: error.offset)
      let problem = DocumentProblem(
        pointer: "", message: "not valid JSON: \(error.message)", line: position.line,
        column: position.column)
      throw DocumentError(path: path, problems: [problem])
    }
    let found = source.problems(read.findings)
    return (
      Document(value: read.value, source: source),
      found + (schema?.validate(read.value, source: source) ?? [])
    )
  }

  private init(value: JSON, source: SourceText) {
    self.value = value
    self.source = source
  }

  /// An error of problems that only the caller can see, with their places in the text.
  public func error(_ problems: [DocumentProblem]) -> DocumentError {
    DocumentError(path: source.path, problems: source.locating(problems))
  }

  /// One list of what was found at reading and of what only the caller can see, in the order of the
  /// text.
  ///
  /// What the caller says of a value that was refused already, or of a part of it, would only follow
  /// from that, and is left out.
  public func joining(
    _ found: [DocumentProblem], _ further: [DocumentProblem]
  ) -> [DocumentProblem] {
    let refused = Set(found.map(\.refusedPointer))
    let own = further.filter { problem in
      var pointer = problem.pointer
      while !refused.contains(pointer) {
        guard let slash = pointer.lastIndex(of: "/") else { return true }
        pointer = String(pointer[..<slash])
      }
      return false
    }
    return source.locating(found + own)
  }

  /// Reads the value of a file: strict JSON, no repeated names, and valid under the schema.
  ///
  /// - Throws: One error that lists all problems of the file.
  public static func read(path: String, schema: JSONSchema) throws(DocumentError) -> JSON {
    try Document(path: path, schema: schema).value
  }

  /// How a value is laid out in a file.
  public enum Layout: Sendable {
    /// Each element and member on a line of its own.
    case pretty
    /// Each member of the document, and each element of its lists of objects, on one line.
    case lines
  }

  /// Writes a value as text for people; the file appears whole or not at all.
  public static func write(
    _ value: JSON, to path: String, layout: Layout = .pretty
  ) throws(DocumentError) {
    do {
      try AtomicFile.write(to: path) { (sink) throws(AtomicFile.Failure) in
        switch layout {
        case .pretty: try sink.write(Array(value.prettyText.utf8))
        case .lines:
          try value.forEachLine { (line) throws(AtomicFile.Failure) in
            try sink.write(Array(line.utf8))
          }
        }
      }
    } catch {
      throw DocumentError(path: path, message: error.description)
    }
  }

  private static func bytes(path: String) throws(DocumentError) -> [UInt8] {
    func failure() -> DocumentError {
      DocumentError(path: path, message: "cannot be read: \(String(cString: strerror(errno)))")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count == 0 { return bytes }
      if count < 0 {
        guard errno == EINTR else { throw failure() }
        continue
      }
      bytes += piece[..<count]
      guard bytes.count <= maximumSize else {
        throw DocumentError(
          path: path, message: "is larger than \(maximumSize >> 20) MiB, too large for JSON here")
      }
    }
  }
}
