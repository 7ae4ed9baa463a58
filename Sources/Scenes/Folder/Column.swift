internal import Tensors

/// One array of a split, which grows row by row.
struct Column {
  let name: String
  let dtype: DType
  /// The extents of one row.
  let row: [Int]
  /// What a row holds, for the manifest.
  let summary: String
  private(set) var bytes: [UInt8] = []

  init(_ name: String, _ dtype: DType, _ row: [Int], _ summary: String) {
    self.name = name
    self.dtype = dtype
    self.row = row
    self.summary = summary
  }

  mutating func append(_ values: [UInt8]) { bytes += values }

  mutating func append(_ values: [Int32]) {
    for value in values { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
  }

  mutating func append(_ values: [Float]) {
    append(values.map { Int32(bitPattern: $0.bitPattern) })
  }

  /// All rows, `[N] + row`.
  var tensor: Tensor {
    let rowBytes = max(1, row.reduce(dtype.size, *))
    precondition(bytes.count % rowBytes == 0, "'\(name)' has a row that is not whole")
    return Tensor(dtype: dtype, shape: Shape([bytes.count / rowBytes] + row)) { memory in
      bytes.withUnsafeBytes(memory.copyMemory)
    }
  }
}

/// The arrays and lines of text of one split, by name.
struct Columns {
  private(set) var columns: [Column] = []
  private(set) var lines: [String: [String]] = [:]

  /// Adds an array without rows.
  mutating func add(_ name: String, _ dtype: DType, _ row: [Int], _ summary: String) {
    columns.append(Column(name, dtype, row, summary))
  }

  mutating func append(_ values: [UInt8], to name: String) { columns[place(name)].append(values) }
  mutating func append(_ values: [Int32], to name: String) { columns[place(name)].append(values) }
  mutating func append(_ values: [Float], to name: String) { columns[place(name)].append(values) }

  mutating func append(_ value: Int, to name: String) { append([Int32(value)], to: name) }

  /// Adds a text to its file and its tokens to the array of the name.
  mutating func append(text: String, to name: String) {
    append(Vocabulary.tokens(of: text), to: name)
    lines[name, default: []].append(text)
  }

  /// Adds an array of tokens, whose texts become a file.
  mutating func addText(_ name: String, _ summary: String) {
    add(name, .i32, [Vocabulary.length], summary)
    lines[name] = []
  }

  private func place(_ name: String) -> Int {
    guard let place = columns.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("there is no array '\(name)'")
    }
    return place
  }
}
