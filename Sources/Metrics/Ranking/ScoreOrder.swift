extension RowGroups {
  /// The rows of scores from the highest to the lowest, equal scores in one group.
  ///
  /// Within a group the rows with `isFirst` come first; otherwise rows keep their order. Sorts in
  /// linear time, by radix over keys whose order as whole numbers is that of the scores.
  init(descending scores: [Float], first isFirst: [Bool]) {
    let pairs = sortedPairs(scores, first: isFirst)
    self.init(ordered: pairs) { place in pairs[place] >> 32 != pairs[place - 1] >> 32 }
  }

  /// The same of f64 scores: they are sorted as f32, and where that merges some that differ, again.
  init(descending scores: [Double], first isFirst: [Bool]) {
    var pairs = sortedPairs(scores.map { Float($0) }, first: isFirst)
    func score(_ pair: UInt64) -> Double { scores[row(of: pair)] }
    var start = 0
    while start < pairs.count {
      var end = start + 1
      var isMerged = false
      while end < pairs.count, pairs[end] >> 32 == pairs[start] >> 32 {
        isMerged = isMerged || score(pairs[end]) != score(pairs[start])
        end += 1
      }
      if isMerged {
        // Stable, so that of equal scores those that stand first stay there.
        let order = pairs[start..<end].enumerated().sorted { one, other in
          let (left, right) = (score(one.element), score(other.element))
          return left == right ? one.offset < other.offset : left > right
        }
        pairs.replaceSubrange(start..<end, with: order.map(\.element))
      }
      start = end
    }
    self.init(ordered: pairs) { place in score(pairs[place]) != score(pairs[place - 1]) }
  }

  private init(ordered pairs: [UInt64], startsLevel: (Int) -> Bool) {
    var rows: [Int32] = []
    rows.reserveCapacity(pairs.count)
    var starts: [Int] = []
    starts.reserveCapacity(pairs.count + 1)
    for (place, pair) in pairs.enumerated() {
      if place == 0 || startsLevel(place) { starts.append(place) }
      rows.append(Int32(truncatingIfNeeded: row(of: pair)))
    }
    starts.append(pairs.count)
    self.init(rows: rows, starts: starts)
  }
}

private func row(of pair: UInt64) -> Int { Int(pair & 0xFFFF_FFFF) }

/// The key of each score above its row, in ascending order of the keys.
private func sortedPairs(_ scores: [Float], first isFirst: [Bool]) -> [UInt64] {
  let n = scores.count
  var pairs = [UInt64](unsafeUninitializedCapacity: n) { pairs, count in
    // A stable sort keeps what stands first among equals.
    for wanted in [true, false] {
      for row in 0..<n where isFirst[row] == wanted {
        pairs[count] = UInt64(descendingKey(scores[row])) << 32 | UInt64(row)
        count += 1
      }
    }
  }
  sortByHighHalf(&pairs)
  return pairs
}

/// A whole number that is the smaller the higher the score is; both zeros have the same.
private func descendingKey(_ score: Float) -> UInt32 {
  let bits = (score + 0).bitPattern
  return bits >> 31 == 1 ? bits : ~(bits | 0x8000_0000)
}

/// Sorts by the upper 32 bits in three passes of 11 bits, skipping those in which all keys agree.
private func sortByHighHalf(_ pairs: inout [UInt64]) {
  let bits = 11
  let mask = UInt64(1 << bits) - 1
  var other = [UInt64](repeating: 0, count: pairs.count)
  for shift in stride(from: 32, to: 64, by: bits) {
    var next = [Int](repeating: 0, count: 1 << bits)
    for pair in pairs { next[Int(pair >> UInt64(shift) & mask)] += 1 }
    if next.contains(pairs.count) { continue }
    var start = 0
    for digit in next.indices { (next[digit], start) = (start, start + next[digit]) }
    next.withUnsafeMutableBufferPointer { next in
      pairs.withUnsafeBufferPointer { pairs in
        other.withUnsafeMutableBufferPointer { other in
          for pair in pairs {
            let digit = Int(pair >> UInt64(shift) & mask)
            other[next[digit]] = pair
            next[digit] &+= 1
          }
        }
      }
    }
    swap(&pairs, &other)
  }
}
