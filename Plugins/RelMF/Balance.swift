internal import AssayKit

/// How clicks and other pairs are set against each other.
enum Scheme: String, CaseIterable, Sendable {
  /// The mean over all pairs, as the estimators of the paper are written down.
  case exact
  /// What the trainer published with the paper descends on: half of each batch clicks, half other
  /// pairs.
  case published
}

/// What weighs how much in a loss over all pairs of users and items, by the numbers N, a and b.
///
///     L = (a Σ_pairs δ0(s) + Σ_clicks (c (δ1(s) - b δ0(s)) + (b - a) δ0(s))) / N
///
/// so that a click adds `c δ1 + b (1 - c) δ0` and any other pair `a δ0`.
struct Balance {
  let divisor: Double
  /// The weight `a` of a pair that is not clicked.
  let background: Double
  /// The weight `b` of what a click's weight leaves over.
  let own: Double

  /// The same where the sum over all pairs leaves out the clicks.
  var withoutBackground: Balance { Balance(divisor: divisor, background: 0, own: own) }

  /// Whether a click counts among the pairs that are not clicked by its own weight alone.
  var isEven: Bool { own == background }

  /// Takes the numbers of a scheme for n clicks and m other pairs.
  ///
  /// Of the exact loss `N = n + m` and `a = b = weight`. In a batch of the published one both halves
  /// have one size, and the sum of its terms is divided by the number of clicks plus weight times
  /// that of others: `N = n (1 + weight)`, `b = weight` and `a = weight n / m`.
  init(_ scheme: Scheme, weight: Double, clickCount: Int, pairCount: Int) {
    switch scheme {
    case .exact:
      self.init(divisor: Double(pairCount), background: weight, own: weight)
    case .published:
      let clicks = Double(max(clickCount, 1))
      self.init(
        divisor: clicks * (1 + weight),
        background: weight * clicks / Double(max(pairCount - clickCount, 1)), own: weight)
    }
  }

  private init(divisor: Double, background: Double, own: Double) {
    self.divisor = divisor
    self.background = background
    self.own = own
  }
}

/// The pairs that are not clicked, by number.
struct Blanks {
  /// The distinct items of each user's clicks, in order.
  private let items: [[Int]]
  /// How many blanks the users before each have, and all together.
  private let starts: [Int]

  var count: Int { starts.last ?? 0 }

  init(_ clicks: Clicks, itemCount: Int) {
    items = (1..<clicks.starts.count).map { user in
      Set(clicks.pairs.items[clicks.starts[user - 1]..<clicks.starts[user]]).map(Int.init).sorted()
    }
    starts = items.reduce(into: [0]) { $0.append(($0.last ?? 0) + itemCount - $1.count) }
  }

  /// The user and the item of a blank.
  subscript(number: Int) -> (user: Int, item: Int) {
    let user = first(in: 0..<items.count) { starts[$0 + 1] > number }
    let own = items[user]
    let place = number - starts[user]
    // Before the j-th click lie items[j] - j blanks.
    return (user, place + first(in: 0..<own.count) { own[$0] - $0 > place })
  }

  /// The first number that a rising condition holds for, the end of the range where there is none.
  private func first(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
