internal import CSystem
internal import Documents
internal import Glibc

/// The two ways out: results to stdout, talk to stderr.
///
/// Whatever name or text of a plugin, dataset or file is among the words, none of it moves the cursor,
/// colours the screen or turns the direction of reading.
enum Console {
  /// Writes a result, with a newline.
  static func say(_ text: String) {
    emit(harmless(text, keepsColour: hasColour), to: STDOUT_FILENO)
  }

  /// Writes a document, with a newline: as it is to a file or pipe, harmless to a terminal.
  static func put(_ document: String) {
    isatty(STDOUT_FILENO) == 1
      ? say(document.replacing("\r\n", with: "\n")) : emit(document, to: STDOUT_FILENO)
  }

  /// Writes talk.
  static func note(_ text: String) { emit(harmless(text, keepsColour: false), to: STDERR_FILENO) }

  /// Writes what went wrong.
  static func complain(_ text: String) { note("assay: \(text)") }

  /// Tells whether people watch stderr.
  static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

  /// Tells whether colour may be used on stdout: a terminal, and no NO_COLOR.
  static var hasColour: Bool {
    isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR") == nil && environment("TERM") != "dumb"
  }

  /// The columns of the terminal on stdout; no end without one, so that `grep` finds whole rows.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return .max }
    return Int(size.ws_col)
  }

  /// A variable of the environment; nil when it is unset or empty.
  static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  /// The text with U+FFFD for all that acts on a terminal but line ends, tabs and Assay's own colours.
  private static func harmless(_ text: String, keepsColour: Bool) -> String {
    guard text.unicodeScalars.contains(where: \.isDisruptive) else { return text }
    guard keepsColour else { return text.repaired() }
    return text.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated().map {
      let colour = $1.prefix { $0.isNumber }
      let isColour = colour.utf8.count <= 2 && $1.dropFirst(colour.count).first == "m"
      return ($0 == 0 ? "" : isColour ? "\u{1B}[" : "\u{FFFD}[") + String($1).repaired()
    }.joined()
  }

  private static func emit(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    bytes.append(UInt8(ascii: "\n"))
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
