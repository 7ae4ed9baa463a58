internal import Documents

/// The notes, warnings and numbers of one trial, as many as a report can hold.
struct Remarks {
  /// The most notes, warnings and numbers that are kept of one trial.
  static let limit = 1000
  /// The bytes kept of one note or warning.
  static let textBytes = 4096
  /// The bytes kept of the name of a number.
  static let nameBytes = 200
  /// The bytes kept of all texts and names of one trial.
  static let allBytes = 64 << 10

  /// Counts what is kept: in the host, which trusts no count, and in the worker, which need not send
  /// what would be dropped.
  struct Room {
    private var count = 0
    private var byteCount = 0
    private var isFull = false
    private(set) var dropped = 0

    /// The text as it is kept, repaired and cut; nil when there is no more room.
    ///
    /// The first text that does not fit is the last one looked at, so that a flood costs nothing.
    mutating func admit(_ text: String, limit: Int) -> String? {
      guard !isFull else {
        drop(1)
        return nil
      }
      let text = text.repaired(limit: limit)
      isFull = count == Remarks.limit || text.utf8.count > Remarks.allBytes - byteCount
      guard !isFull else {
        drop(1)
        return nil
      }
      count += 1
      byteCount += text.utf8.count
      return text
    }

    /// Counts what was not even sent; never beyond what an integer holds.
    mutating func drop(_ more: Int) {
      let (sum, overflow) = dropped.addingReportingOverflow(max(more, 0))
      dropped = overflow ? .max : sum
    }

    /// Forgets the count and returns it.
    mutating func takeDropped() -> Int {
      defer { dropped = 0 }
      return dropped
    }
  }

  private(set) var notes: [String] = []
  private(set) var warnings: [TrialOutcome.Warning] = []
  private(set) var selfReported: [String: Double] = [:]
  private var room = Room()

  mutating func note(_ text: String) {
    if let text = room.admit(text, limit: Remarks.textBytes) { notes.append(text) }
  }

  mutating func warn(_ code: String, _ text: String) {
    guard let text = room.admit(text, limit: Remarks.textBytes) else { return }
    warnings.append(TrialOutcome.Warning(code: code, text: text))
  }

  /// Takes a number that the method reports about itself; nil stands for one that is not finite.
  mutating func report(_ name: String, _ value: Double?) {
    let known = name.repaired(limit: Remarks.nameBytes)
    guard let value, value.isFinite else {
      return warn("metric-not-finite", "the plugin reported '\(known)' as NaN or infinite")
    }
    if selfReported[known] != nil {
      selfReported[known] = value
    } else if let name = room.admit(name, limit: Remarks.nameBytes) {
      selfReported[name] = value
    }
  }

  /// Counts what the worker says that it dropped.
  mutating func drop(_ count: Int) { room.drop(count) }

  /// Hands everything over, with a sentence on what was dropped.
  func fill(_ outcome: inout TrialOutcome) {
    outcome.notes = notes
    outcome.warnings = warnings
    outcome.selfReported = selfReported
    guard room.dropped > 0 else { return }
    outcome.warnings.append(
      TrialOutcome.Warning(
        code: "log-flood",
        text: "\(room.dropped) further notes, warnings and numbers of the plugin were dropped: a "
          + "report keeps \(Remarks.limit) of a trial and \(Remarks.allBytes >> 10) KB of their "
          + "text"))
  }
}
