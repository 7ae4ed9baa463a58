extension RowGroups {
  /// The rows of scores from the highest to the lowest, equal scores in one group.
  ///
  /// Within a group the rows with `isFirst` come first; otherwise rows keep their order. Sorts in
  /// linear time, by radix over keys whose order as whole numbers is that of the scores.
  init(descending scores: [Float], first isFirst: [Bool]) {
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
    var rows: [Int32] = []
    rows.reserveCapacity(n)
    var starts: [Int] = []
    starts.reserveCapacity(n + 1)
    for (place, pair) in pairs.enumerated() {
      if place == 0 || pair >> 32 != pairs[place - 1] >> 32 { starts.append(place) }
      rows.append(Int32(truncatingIfNeeded: pair & 0xFFFF_FFFF))
    }
    starts.append(n)
    self.init(rows: rows, starts: starts)
  }
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
