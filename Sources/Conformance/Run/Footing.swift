/// What has to work before a check can find anything, from the least to the most.
enum Footing: Int, CaseIterable, Comparable {
  /// The file alone.
  case file
  /// A library that loads.
  case library
  /// An entry that returns the library's table.
  case table
  /// A method that can be created.
  case instance
  /// A trial on ordinary data.
  case trial

  static func < (left: Footing, right: Footing) -> Bool { left.rawValue < right.rawValue }
}

extension Check {
  /// What this check builds on.
  var footing: Footing {
    switch id {
    case "L01", "L02": .file
    case "L03", "L04": .library
    case "T34": .table
    case "C20", "C23", "C25": .instance
    default: scope == .task ? .trial : .table
    }
  }
}

/// The hangs and exhausted memories to which other checks would come too, each after its deadline.
struct DeadEnds {
  private struct Trial {
    var method: String
    var claim: Int?
    var isCreate: Bool
    var reason: String
  }

  private var library: String?
  private var table: String?
  private var trials: [Trial] = []

  /// Takes note of a check that came to such an end.
  mutating func add(_ check: Check, method: String?, claim: Int?, reason: String) {
    switch check.id {
    case "L01": library = reason
    case "L04": table = reason
    case "T34":
      // The name of the call comes first in the words of its deadline.
      trials.append(
        Trial(
          method: method ?? "", claim: claim, isCreate: reason.hasPrefix("create "),
          reason: reason))
    default: break
    }
  }

  /// Why a check need not be run; nil when it has to be.
  func reason(toSkip check: Check, method: String?, claim: Int?) -> String? {
    let footing = check.footing
    if let library, footing >= .library {
      return "needs a library that loads, see L01: \(library)"
    }
    if let table, footing >= .table { return "needs the library's table, see L04: \(table)" }
    guard footing >= .instance else { return nil }
    let trial = trials.first {
      $0.method == method && ($0.isCreate || (footing == .trial && $0.claim == claim))
    }
    return trial.map { "needs a trial on ordinary data, see T34: \($0.reason)" }
  }
}
