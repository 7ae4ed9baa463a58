internal import Documents
internal import Reports

/// Where a rendering goes: a file, or stdout.
enum Output {
  /// Throws when what is to be rendered could not be written; called before the work.
  static func check(_ path: String?) throws {
    if let path { try OutputFiles.checkPlace(path) }
  }

  static func write(_ text: String, to path: String?) throws {
    guard let path else {
      Console.put(text.hasSuffix("\n") ? String(text.dropLast()) : text)
      return
    }
    do {
      try AtomicFile.write(to: path) { file throws(AtomicFile.Failure) in
        try file.write(Array(text.utf8))
      }
    } catch {
      throw UsageError(description: "--output \(path): \(error)")
    }
  }
}

extension Console {
  /// Colour and width for stdout; plain text for a file.
  static func style(for file: String?) -> TextStyle {
    file == nil ? TextStyle(width: width, usesColour: hasColour) : TextStyle()
  }
}
