internal import Evaluation
internal import Glibc

/// One line on a terminal that shows how far a run is; silent elsewhere.
struct ProgressBar {
  private let isShown: Bool
  private var lastDrawn = -1.0

  init(isQuiet: Bool) { isShown = !isQuiet && Console.isWatched }

  mutating func show(_ progress: Progress) {
    guard isShown else { return }
    let isLast = progress.done == progress.total
    guard isLast || progress.elapsedSeconds - lastDrawn >= 0.1 else { return }
    lastDrawn = progress.elapsedSeconds

    let width = 28
    let filled = progress.total == 0 ? width : width * progress.done / progress.total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    var line = "[\(bar)] \(progress.done)/\(progress.total) trials"
    if progress.failed > 0 { line += ", \(progress.failed) failed" }
    if progress.reused > 0 { line += ", \(progress.reused) reused" }
    if !isLast, let left = progress.secondsLeft { line += ", \(duration(left)) left" }
    put("\r\u{1B}[2K\(line)" + (isLast ? "\n" : ""))
  }

  /// Ends an unfinished line, so that the next words start on a line of their own.
  mutating func end(_ progress: Progress?) {
    guard isShown, let progress, progress.done < progress.total else { return }
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
