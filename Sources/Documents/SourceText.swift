/// The text that a document was read from: it knows where each value stands.
///
///     let source = SourceText(path: "suite.json", text: bytes)
///     source.locating(problems)   // the same problems, with line and column
public struct SourceText: Sendable {
  /// The path of the file.
  public let path: String
  private let text: [UInt8]

  /// Takes over a text.
  public init(path: String, text: some Collection<UInt8>) {
    self.path = path
    self.text = Array(text)
  }

  /// A place in a text, from 1; columns count Unicode scalars.
  public struct Position: Equatable, Sendable {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1.
    public var column: Int

    /// Makes a position.
    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// The position of the value at a JSON pointer, or nil when the text has no such value.
  public func position(of pointer: String) -> Position? {
    JSONScanner(text, recordingPlaces: true).places[pointer].map { Lines(text).position($0.value) }
  }

  /// The position of a byte; offsets behind the end mean the end.
  public func position(offset: Int) -> Position { Lines(text).position(offset) }

  /// Gives each problem its line and column, and sorts the problems by them.
  ///
  /// A problem at a value that is missing gets the place of the nearest value around it.
  public func locating(_ problems: [DocumentProblem]) -> [DocumentProblem] {
    guard !problems.isEmpty else { return [] }
    let places = JSONScanner(text, recordingPlaces: true).places
    let lines = Lines(text)
    let located = problems.map { problem -> (offset: Int, problem: DocumentProblem) in
      var pointer = problem.pointer
      while places[pointer] == nil, let slash = pointer.lastIndex(of: "/") {
        pointer = String(pointer[..<slash])
      }
      let place = places[pointer]
      let name = problem.isAboutName ? place?.name : nil
      var offset = name ?? place?.value ?? 0
      if let inner = problem.offset, place != nil {
        offset = self.offset(of: inner, inTextAt: offset)
      }
      var problem = problem
      (problem.line, problem.column) = lines.pair(offset)
      return (offset, problem)
    }
    // The sort is stable by index, so that problems of one place keep their order.
    return located.enumerated().sorted { left, right in
      (left.element.offset, left.offset) < (right.element.offset, right.offset)
    }.map(\.element.problem)
  }

  /// The byte of a scalar of the text that begins at a quote, where escapes are longer than what
  /// they stand for.
  private func offset(of scalar: Int, inTextAt quote: Int) -> Int {
    var byte = quote + 1
    for _ in 0..<scalar where byte < text.count && text[byte] != 0x22 {
      if text[byte] == 0x5C {
        let isUnicode = byte + 1 < text.count && text[byte + 1] == 0x75
        byte += isUnicode ? 6 : 2
      } else {
        byte += 1
        while byte < text.count, text[byte] & 0xC0 == 0x80 { byte += 1 }
      }
    }
    return byte
  }

  /// Repeated names, numbers out of range and whatever else json-c lets pass.
  func problems(_ findings: [JSONScanner.Finding]) -> [DocumentProblem] {
    let lines = Lines(text)
    return findings.map {
      let (line, column) = lines.pair($0.offset)
      return DocumentProblem(pointer: $0.pointer, message: $0.message, line: line, column: column)
    }
  }

  /// The starts of the lines of a text.
  private struct Lines {
    private let text: [UInt8]
    private let starts: [Int]

    init(_ text: [UInt8]) {
      self.text = text
      starts = [0] + text.indices.filter { text[$0] == 0x0A }.map { $0 + 1 }
    }

    func position(_ offset: Int) -> Position {
      let offset = min(max(offset, 0), text.count)
      var (low, high) = (0, starts.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if starts[middle] <= offset { low = middle } else { high = middle }
      }
      let column = text[starts[low]..<offset].count { $0 & 0xC0 != 0x80 }
      return Position(line: low + 1, column: column + 1)
    }

    func pair(_ offset: Int) -> (Int, Int) {
      let position = position(offset)
      return (position.line, position.column)
    }
  }
}
