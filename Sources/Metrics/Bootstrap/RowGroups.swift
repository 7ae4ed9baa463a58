/// Rows in groups that follow each other, and the two sums over them that metrics are made of.
package struct RowGroups: Sendable {
  /// The rows, group after group.
  package let rows: [Int32]
  /// Where each group starts in `rows`, and the end of the last one.
  package let starts: [Int]

  /// The number of groups.
  package var count: Int { starts.count - 1 }

  package init(rows: [Int32], starts: [Int]) {
    self.rows = rows
    self.starts = starts
  }

  /// Groups the rows `0 ..< groups.count` by their group's number, keeping their order within.
  package init(groupOfRow groups: [Int32], count: Int) {
    var starts = [Int](repeating: 0, count: count + 1)
    for group in groups { starts[Int(group) + 1] += 1 }
    for group in 0..<count { starts[group + 1] += starts[group] }
    var next = starts
    var rows = [Int32](repeating: 0, count: groups.count)
    for (row, group) in groups.enumerated() {
      rows[next[Int(group)]] = Int32(row)
      next[Int(group)] += 1
    }
    self.init(rows: rows, starts: starts)
  }

  /// One group of the rows that are named.
  package init(one rows: [Int32]) { self.init(rows: rows, starts: [0, rows.count]) }

  /// The weight of each group in each lane, `[count, 64]`.
  package func counts(under weights: WeightBlock) -> [UInt32] {
    weights.withLines { counts($0) }
  }

  /// The weighted sum of a value per row over each group in each lane, `[count, 64]`.
  ///
  /// Terms are added in f64 in the order of `rows`, so that every machine gets the same bits.
  package func sums(of values: [Double], under weights: WeightBlock) -> [Double] {
    weights.withLines { sums(of: values, $0) }
  }
}

extension RowGroups {
  /// Unsafe invariant: `lines` holds 64 counts on a 64-byte border for every row of the groups.
  func counts(_ lines: UnsafePointer<UInt8>) -> [UInt32] {
    let raw = UnsafeRawPointer(lines)
    return [UInt32](unsafeUninitializedCapacity: count * 64) { result, initialized in
      result.initialize(repeating: 0)
      initialized = count * 64
      rows.withUnsafeBufferPointer { rows in
        for group in 0..<count {
          let lanes = UnsafeMutableBufferPointer(rebasing: result[(group * 64)..<(group * 64 + 64)])
          var next = starts[group]
          while next < starts[group + 1] {
            // Even and odd lanes apart in u16, which 257 rows of at most 255 cannot overflow.
            let end = min(next + 257, starts[group + 1])
            var even = SIMD32<UInt16>.zero
            var odd = SIMD32<UInt16>.zero
            for place in next..<end {
              let line = raw.load(
                fromByteOffset: Int(rows[place]) &* 64, as: SIMD32<UInt16>.self)
              even &+= line & 0xFF
              odd &+= line &>> 8
            }
            for pair in 0..<32 {
              lanes[2 * pair] &+= UInt32(even[pair])
              lanes[2 * pair + 1] &+= UInt32(odd[pair])
            }
            next = end
          }
        }
      }
    }
  }

  /// Unsafe invariant: as in `counts`; and `values` has an element for every row of the groups.
  func sums(of values: [Double], _ lines: UnsafePointer<UInt8>) -> [Double] {
    let raw = UnsafeRawPointer(lines)
    return [Double](unsafeUninitializedCapacity: count * 64) { result, initialized in
      initialized = count * 64
      values.withUnsafeBufferPointer { values in
        rows.withUnsafeBufferPointer { rows in
          for group in 0..<count {
            for byte in stride(from: UInt64(0), to: 8, by: 2) {
              // Lane 8 j + byte for all j at once. A small whole number becomes a double by writing
              // it into the mantissa of 2^52 and subtracting 2^52.
              let low = SIMD8<UInt64>(repeating: 8 &* byte)
              let high = SIMD8<UInt64>(repeating: 8 &* byte &+ 8)
              let magic = SIMD8<UInt64>(repeating: 0x4330_0000_0000_0000)
              var lowSum = SIMD8<Double>.zero
              var highSum = SIMD8<Double>.zero
              for place in starts[group]..<starts[group + 1] {
                let row = Int(rows[place])
                let line = raw.load(fromByteOffset: row &* 64, as: SIMD8<UInt64>.self)
                let value = values[row]
                let lowCount = unsafeBitCast(
                  ((line &>> low) & 0xFF) | magic, to: SIMD8<Double>.self)
                let highCount = unsafeBitCast(
                  ((line &>> high) & 0xFF) | magic, to: SIMD8<Double>.self)
                lowSum += (lowCount - 0x1p52) * value
                highSum += (highCount - 0x1p52) * value
              }
              for word in 0..<8 {
                let lane = group * 64 + word * 8 + Int(byte)
                (result.baseAddress.unsafelyUnwrapped + lane).initialize(to: lowSum[word])
                (result.baseAddress.unsafelyUnwrapped + lane + 1).initialize(to: highSum[word])
              }
            }
          }
        }
      }
    }
  }
}
