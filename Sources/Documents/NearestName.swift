/// The candidate that a mistyped name most likely meant, or nil when none is near.
///
/// Near means: at most a third of the longer name's letters differ (at least one may). The distance
/// is the Damerau-Levenshtein distance in its restricted form (optimal string alignment): insert,
/// delete, replace, or swap two neighbours. Case counts as no difference. Of equally near
/// candidates the first in alphabetical order wins.
public func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars.prefix(100))
  var best: (name: String, distance: Int)?
  for candidate in candidates.sorted() where candidate != name {
    let letters = Array(candidate.lowercased().unicodeScalars.prefix(100))
    let limit = max(1, max(wanted.count, letters.count) / 3)
    guard abs(wanted.count - letters.count) <= limit, min(wanted.count, letters.count) > 0 else {
      continue
    }
    let distance = alignmentDistance(wanted, letters)
    // A single letter replaced by another one is another name, not a typo.
    guard distance <= limit, distance < max(wanted.count, letters.count) else { continue }
    if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
  }
  return best?.name
}

/// The number of insertions, deletions, replacements and neighbour swaps between two words.
private func alignmentDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for row in 1...left.count {
    var current = [row] + [Int](repeating: 0, count: right.count)
    for column in 1...right.count {
      let same = left[row - 1] == right[column - 1]
      var cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
      if row > 1, column > 1, left[row - 1] == right[column - 2],
        left[row - 2] == right[column - 1]
      {
        cost = min(cost, beforeLast[column - 2] + 1)
      }
      current[column] = cost
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}
