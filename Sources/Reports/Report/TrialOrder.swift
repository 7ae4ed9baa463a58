package import Documents
package import Evaluation

/// The order in which people expect trials: suite, dataset, setting, label, seed.
package enum TrialOrder {
  /// Tells whether a trial stands before another; equal places are settled by id.
  package static func precedes(_ left: TrialRecord, _ right: TrialRecord) -> Bool {
    let order =
      firstDifference([
        natural(left.suite, right.suite), natural(left.dataset, right.dataset),
        settings(left.setting, right.setting), natural(left.label, right.label),
        sign(left.seed, right.seed),
      ])
    return order == 0 ? left.id < right.id : order < 0
  }

  /// Compares settings key by key; a setting without the key stands first, numbers go by value.
  package static func settings(_ left: [String: JSON], _ right: [String: JSON]) -> Int {
    for key in Set(left.keys).union(right.keys).sorted() {
      let order = values(left[key], right[key])
      if order != 0 { return order }
    }
    return 0
  }

  /// Compares texts with runs of digits taken as numbers, so that `shift 2` stands before `shift 10`.
  ///
  /// Negative, zero or positive, like the other comparisons here.
  package static func natural(_ left: String, _ right: String) -> Int {
    let (a, b) = (chunks(left), chunks(right))
    for (x, y) in zip(a, b) {
      let order =
        if let x = x.number, let y = y.number {
          firstDifference([sign(x.count, y.count), sign(x, y)])
        } else {
          sign(x.text, y.text)
        }
      if order != 0 { return order }
    }
    return firstDifference([sign(a.count, b.count), sign(left, right)])
  }

  /// A setting in one line, such as `shots=4, shift=blur`; `-` for the empty one.
  package static func text(_ setting: [String: JSON]) -> String {
    guard !setting.isEmpty else { return "-" }
    return setting.keys.sorted().map { key in
      "\(key)=\(setting[key]?.string ?? setting[key]?.canonicalText ?? "")"
    }.joined(separator: ", ")
  }

  private static func values(_ left: JSON?, _ right: JSON?) -> Int {
    guard let left, let right else { return sign(left == nil ? 0 : 1, right == nil ? 0 : 1) }
    if let a = left.double, let b = right.double { return sign(a, b) }
    if let a = left.string, let b = right.string { return natural(a, b) }
    let rank = { (value: JSON) in value.double != nil ? 0 : value.string != nil ? 1 : 2 }
    return firstDifference([
      sign(rank(left), rank(right)), sign(left.canonicalText, right.canonicalText),
    ])
  }

  /// A run of digits, or a run of anything else.
  private struct Chunk {
    var text: String
    /// The digits without leading zeros; longer ones are larger.
    var number: String?
  }

  private static func chunks(_ text: String) -> [Chunk] {
    var chunks: [Chunk] = []
    var rest = Substring(text)
    while let first = rest.first {
      let isDigit = isDigit(first)
      let run = rest.prefix { TrialOrder.isDigit($0) == isDigit }
      rest = rest.dropFirst(run.count)
      let number = isDigit ? String(run.drop { $0 == "0" }) : nil
      chunks.append(Chunk(text: String(run), number: number))
    }
    return chunks
  }

  private static func isDigit(_ character: Character) -> Bool {
    ("0"..."9").contains(character) && character.isASCII
  }

  private static func sign<T: Comparable>(_ left: T, _ right: T) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }

  private static func firstDifference(_ orders: [Int]) -> Int { orders.first { $0 != 0 } ?? 0 }
}
