import Documents
import Evaluation
import Metrics

/// The settings of a block that differ in one number only, such as the shots.
struct Panel {
  let block: Block
  /// The number that varies; nil when none does.
  let axis: String?
  /// What is the same in all of the settings.
  let fixed: [String: JSON]
  /// By the value of the axis.
  let settings: [[String: JSON]]

  /// Whether the number that varies only names prompts, of which none is more than another.
  var isOverPrompts: Bool { axis == promptKey && settings.count > 1 }

  /// The setting at the axis' largest value; with prompts, that of the last one.
  var largest: [String: JSON] { settings.last ?? fixed }

  var name: String {
    fixed.isEmpty ? block.name : "\(block.name), \(settingText(fixed))"
  }

  /// Name and largest setting.
  var nameAtLargest: String {
    largest.isEmpty ? block.name : "\(block.name), \(settingText(largest))"
  }

  /// The rows at the largest setting that have results, best headline value first.
  func leaders(_ model: PageModel) -> [Row] {
    guard let headline = block.headline else { return [] }
    let isHigherBetter = model.metric(headline).higherIsBetter
    let rows = block.rows(in: largest).filter { !$0.measured.isEmpty }
    let worst = isHigherBetter ? -Double.infinity : .infinity
    return rows.sorted { left, right in
      let a = left.aggregates[headline]?.mean ?? worst
      let b = right.aggregates[headline]?.mean ?? worst
      if a == b { return TrialOrder.natural(left.label, right.label) < 0 }
      return isHigherBetter ? a > b : a < b
    }
  }

  static func panels(of block: Block) -> [Panel] {
    let axis = axis(of: block.settings)
    var order: [[String: JSON]] = []
    var members: [[String: JSON]: [[String: JSON]]] = [:]
    for setting in block.settings {
      var fixed = setting
      if let axis, setting[axis]?.double != nil { fixed[axis] = nil }
      if members[fixed] == nil { order.append(fixed) }
      members[fixed, default: []].append(setting)
    }
    return order.map { fixed in
      let settings = (members[fixed] ?? []).sorted { left, right in
        guard let axis else { return false }
        return (left[axis]?.double ?? 0) < (right[axis]?.double ?? 0)
      }
      return Panel(block: block, axis: axis, fixed: fixed, settings: settings)
    }
  }

  /// The key that is a number and takes several values; the prompt before the shots, these before
  /// any other.
  private static func axis(of settings: [[String: JSON]]) -> String? {
    let keys = settings.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
    let varying = keys.filter { key in
      let values = settings.compactMap { $0[key] }
      return values.allSatisfy { $0.double != nil } && Set(values).count > 1
    }
    return [promptKey, "shots"].first(where: varying.contains) ?? varying.sorted().first
  }
}
