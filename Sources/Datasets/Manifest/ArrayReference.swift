internal import Documents

/// What is done to the rows of an array when they are read.
package enum Normalisation: String, Sendable, Hashable {
  case none
  /// Each row is brought to unit Euclidean length.
  case l2
}

/// The rows of an array that are meant.
package enum RowSelection: Hashable, Sendable {
  case range(from: Int, to: Int)
  /// An integer array of row numbers.
  case file(path: String, key: String?)
}

/// Which of the two arrays that hold the lines of a text file is meant.
package enum TextLines: String, Sendable, Hashable {
  /// The bytes of all lines without their ends, u8 `[B]`.
  case bytes
  /// Where each line starts, and where the last one ends, i64 `[N + 1]`.
  case offsets
}

/// An array as the manifest names it.
package struct ArrayReference: Hashable, Sendable {
  /// The file, relative to the dataset folder.
  package var file: String
  /// The tensor's name in a safetensors file.
  package var key: String?
  /// Set for a text file.
  package var lines: TextLines?
  package var normalisation: Normalisation
  /// Leading indexes into a stacked array.
  package var at: [Int]
  package var rows: RowSelection?
  /// The place in the manifest, for messages.
  package var pointer: String

  /// Reads a reference that the schema has passed.
  init(_ json: JSON, pointer: String) {
    file = json["file"]?.string ?? ""
    key = json["key"]?.string
    lines = json["lines"]?.string.flatMap(TextLines.init)
    normalisation = json["normalize"]?.string.flatMap(Normalisation.init) ?? .none
    at = (json["at"]?.array ?? []).compactMap(\.int)
    rows = json["rows"].map(RowSelection.init)
    self.pointer = pointer
  }

  /// The files that the reference needs.
  var files: [String] {
    if case .file(let path, _) = rows { return [file, path] }
    return [file]
  }

  /// What tells arrays apart, without the place in the manifest.
  var identity: JSON {
    [
      "file": .string(file), "key": JSON(key), "lines": JSON(lines?.rawValue),
      "normalize": .string(normalisation.rawValue),
      "at": .array(at.map { JSON($0) }), "rows": rows?.identity ?? .null,
    ]
  }
}

extension RowSelection {
  init(_ json: JSON) {
    if let file = json["file"]?.string {
      self = .file(path: file, key: json["key"]?.string)
    } else {
      self = .range(from: json["from"]?.int ?? 0, to: json["to"]?.int ?? 0)
    }
  }

  var identity: JSON {
    switch self {
    case .range(let from, let to): [JSON(from), JSON(to)]
    case .file(let path, let key): ["file": .string(path), "key": JSON(key)]
    }
  }
}

/// Names that stand in the manifest or, a line each, in a file.
package enum NameList: Hashable, Sendable {
  case inline([String])
  case file(String)

  init(_ json: JSON) {
    if let file = json["file"]?.string {
      self = .file(file)
    } else {
      self = .inline((json.array ?? []).compactMap(\.string))
    }
  }
}
