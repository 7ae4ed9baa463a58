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

  /// The same groups without the rows that lack a property.
  package func filtered(_ hasProperty: (Int) -> Bool) -> RowGroups {
    var kept: [Int32] = []
    var ends = [0]
    for group in 0..<count {
      kept += rows[starts[group]..<starts[group + 1]].filter { hasProperty(Int($0)) }
      ends.append(kept.count)
    }
    return RowGroups(rows: kept, starts: ends)
  }

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
    filling(zero: UInt32(0)) { rows, group, lanes in
      var next = starts[group]
      while next < starts[group + 1] {
        // Four u16 sums per word, which 257 counts of at most 255 cannot overflow.
        let end = min(next + 257, starts[group + 1])
        var even = SIMD8<UInt64>.zero
        var odd = SIMD8<UInt64>.zero
        for place in next..<end {
          let line = UnsafeRawPointer(lines).load(
            fromByteOffset: Int(rows[place]) &* 64, as: SIMD8<UInt64>.self)
          even &+= line & 0x00FF_00FF_00FF_00FF
          odd &+= (line &>> 8) & 0x00FF_00FF_00FF_00FF
        }
        for lane in 0..<32 {
          let shift = UInt64(lane % 4) * 16
          lanes[2 * lane] &+= UInt32(truncatingIfNeeded: (even[lane / 4] &>> shift) & 0xFFFF)
          lanes[2 * lane + 1] &+= UInt32(truncatingIfNeeded: (odd[lane / 4] &>> shift) & 0xFFFF)
        }
        next = end
      }
    }
  }

  /// Unsafe invariant: as in `counts`; and `values` has an element for every row of the groups.
  func sums(of values: [Double], _ lines: UnsafePointer<UInt8>) -> [Double] {
    values.withUnsafeBufferPointer { values in
      filling(zero: 0.0) { rows, group, lanes in
        // Two of the eight lanes of each word at a time: their sums stay in registers.
        for byte in stride(from: 0, to: 8, by: 2) {
          var first = SIMD8<Double>.zero
          var second = SIMD8<Double>.zero
          for place in starts[group]..<starts[group + 1] {
            let row = Int(rows[place])
            let line = UnsafeRawPointer(lines).load(
              fromByteOffset: row &* 64, as: SIMD8<UInt64>.self)
            first += bytes(byte, of: line) * values[row]
            second += bytes(byte + 1, of: line) * values[row]
          }
          for word in 0..<8 {
            lanes[8 * word + byte] = first[word]
            lanes[8 * word + byte + 1] = second[word]
          }
        }
      }
    }
  }

  /// Makes `[count, 64]` numbers, each group's 64 by one call.
  private func filling<Number>(
    zero: Number,
    _ body: (UnsafeBufferPointer<Int32>, Int, UnsafeMutableBufferPointer<Number>) -> Void
  ) -> [Number] {
    [Number](unsafeUninitializedCapacity: count * 64) { result, initialized in
      result.initialize(repeating: zero)
      initialized = count * 64
      rows.withUnsafeBufferPointer { rows in
        for group in 0..<count {
          body(
            rows, group,
            UnsafeMutableBufferPointer(rebasing: result[(group * 64)..<(group * 64 + 64)]))
        }
      }
    }
  }
}

/// One byte of each word as a double.
///
/// A small whole number becomes one by writing it into the mantissa of 2^52 and subtracting 2^52,
/// which needs no conversion instruction.
@inline(__always)
private func bytes(_ byte: Int, of line: SIMD8<UInt64>) -> SIMD8<Double> {
  let shifted = line &>> SIMD8(repeating: UInt64(truncatingIfNeeded: 8 &* byte))
  let bits = (shifted & 0xFF) | 0x4330_0000_0000_0000
  return unsafeBitCast(bits, to: SIMD8<Double>.self) - 0x1p52
}
