internal import Evaluation
internal import Glibc

/// How far a run is: one line that is redrawn on a terminal, elsewhere a line each minute.
struct ProgressBar {
  private enum Place { case terminal, log, nowhere }
  private let place: Place
  /// What is counted, in the plural.
  private let unit: String
  private var lastDrawn: Double
  /// A log gets a line after so many seconds.
  private static let logInterval = 60.0

  init(isQuiet: Bool, unit: String = "trials") {
    self.unit = unit
    place = isQuiet ? .nowhere : Console.isWatched ? .terminal : .log
    lastDrawn = place == .log ? 0 : -1
  }

  mutating func show(_ progress: Progress) {
    switch place {
    case .nowhere: return
    case .terminal: draw(progress)
    case .log:
      guard progress.done < progress.total,
        progress.elapsedSeconds - lastDrawn >= ProgressBar.logInterval
      else { return }
      lastDrawn = progress.elapsedSeconds
      put("\(duration(progress.elapsedSeconds)): \(text(progress))\n")
    }
  }

  private mutating func draw(_ progress: Progress) {
    let isLast = progress.done == progress.total
    guard isLast || progress.elapsedSeconds - lastDrawn >= 0.1 else { return }
    lastDrawn = progress.elapsedSeconds
    let width = 28
    let filled = progress.total == 0 ? width : width * progress.done / progress.total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    put("\r\u{1B}[2K[\(bar)] \(text(progress))" + (isLast ? "\n" : ""))
  }

  private func text(_ progress: Progress) -> String {
    var line = "\(progress.done)/\(progress.total) \(unit)"
    if progress.failed > 0 { line += ", \(progress.failed) failed" }
    if progress.reused > 0 { line += ", \(progress.reused) reused" }
    if progress.done < progress.total, let left = progress.secondsLeft {
      line += ", \(duration(left)) left"
    }
    return line
  }

  /// Ends an unfinished line, so that the next words start on a line of their own.
  mutating func end(_ progress: Progress?) {
    guard place == .terminal, let progress, progress.done < progress.total else { return }
    put("\n")
  }

  private func put(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// `45 s`, `3 min 20 s`, `2 h 05 min`.
func duration(_ seconds: Double) -> String {
  let whole = Int(seconds.rounded(.up))
  switch whole {
  case ..<60: return "\(whole) s"
  case ..<3600: return "\(whole / 60) min \(whole % 60) s"
  default:
    let minutes = whole / 60 % 60
    return "\(whole / 3600) h \(minutes < 10 ? "0" : "")\(minutes) min"
  }
}
