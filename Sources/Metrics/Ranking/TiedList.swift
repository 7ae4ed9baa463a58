/// A list of candidates by descending score, of which equal ones stand in random order: what its
/// metrics are expected to be when every order of equal scores is as likely as any other.
///
/// So no value depends on the order in which candidates lie in a file, and a method that scores all
/// alike gets what chance gives. Source: McSherry and Najork, "Computing information retrieval
/// performance measures efficiently in the presence of tied scores", ECIR 2008.
///
/// ```swift
/// // Two candidates above, then a tie of four with the only relevant one among them.
/// let list = TiedList([TiedLevel(above: 2, count: 4, relevant: 1)])
/// list.hit(atDepth: 5)  // 3/4: rank 6 alone misses
/// ```
struct TiedList {
  /// From the highest score to the lowest; those without a relevant candidate may be left out.
  let levels: [TiedLevel]
  /// The number of relevant candidates.
  let relevant: Int

  init(_ levels: [TiedLevel]) {
    self.levels = levels
    relevant = levels.reduce(0) { $0 + $1.relevant }
  }

  /// The level in which the first relevant candidate stands.
  private var first: TiedLevel? { levels.first { $0.relevant > 0 } }

  /// The probability that a relevant candidate stands among the first `depth`.
  func hit(atDepth depth: Int) -> Double {
    guard let first else { return 0 }
    let places = first.places(within: depth)
    // That none of the places is taken by one of the relevant, place after place.
    var missed = 1.0
    for place in 0..<places where missed > 0 {
      missed *= Double(max(0, first.count - first.relevant - place)) / Double(first.count - place)
    }
    return 1 - missed
  }

  /// The mean rank of the first relevant candidate, from 1; 0 without any.
  var firstRank: Double {
    guard let first else { return 0 }
    return Double(first.above) + Double(first.count + 1) / Double(first.relevant + 1)
  }

  /// The mean of 1 / rank of the first relevant candidate.
  var reciprocalRank: Double {
    guard let first else { return 0 }
    var sum = 0.0
    // The probability that the first relevant one has this place among the tied.
    var share = Double(first.relevant) / Double(first.count)
    for place in 1...first.count where share > 0 {
      sum += share / Double(first.above + place)
      let behind = Double(first.count - place)
      share *= (behind - Double(first.relevant) + 1) / max(behind, 1)
    }
    return sum
  }

  /// The expected number of relevant candidates among the first `depth`.
  func found(atDepth depth: Int) -> Double {
    levels.reduce(0) { sum, level in
      sum + Double(level.relevant * level.places(within: depth)) / Double(level.count)
    }
  }

  /// The expected sum of the precisions at the ranks of relevant candidates up to `depth`.
  func precisions(atDepth depth: Int = .max) -> Double {
    var sum = 0.0
    var before = 0.0
    for level in levels where level.relevant > 0 {
      let relevant = Double(level.relevant)
      // Of a tied place before a relevant one, the probability that it is relevant too.
      let others = level.count > 1 ? (relevant - 1) / Double(level.count - 1) : 0
      let share = relevant / Double(level.count)
      for place in 0..<level.places(within: depth) {
        sum +=
          share * (before + 1 + others * Double(place)) / Double(level.above + place + 1)
      }
      before += relevant
    }
    return sum
  }
}

/// The candidates of one score.
struct TiedLevel: Equatable {
  /// The number of candidates of higher scores.
  let above: Int
  let count: Int
  /// How many of them are relevant.
  let relevant: Int

  /// How many of the first `depth` ranks the level holds.
  func places(within depth: Int) -> Int { max(0, min(count, depth - above)) }
}
