internal import CKernels

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
  /// Unsafe invariant: `lines` holds 64 counts for every row of the groups.
  func counts(_ lines: UnsafePointer<UInt8>) -> [UInt32] {
    filling(zero: UInt32(0)) { rows, lanes in
      assay_shim_lane_counts(lines, rows.base, rows.count, lanes)
    }
  }

  /// Unsafe invariant: as in `counts`; and `values` has an element for every row of the groups.
  func sums(of values: [Double], _ lines: UnsafePointer<UInt8>) -> [Double] {
    values.withUnsafeBufferPointer { values in
      filling(zero: 0.0) { rows, lanes in
        guard let values = values.baseAddress else { return }
        assay_shim_lane_sums(lines, rows.base, rows.count, values, lanes)
      }
    }
  }

  /// Makes `[count, 64]` numbers, the 64 of each group that has rows by one call.
  private func filling<Number>(
    zero: Number,
    _ body: ((base: UnsafePointer<Int32>, count: Int), UnsafeMutablePointer<Number>) -> Void
  ) -> [Number] {
    [Number](unsafeUninitializedCapacity: count * 64) { result, initialized in
      result.initialize(repeating: zero)
      initialized = count * 64
      rows.withUnsafeBufferPointer { rows in
        guard let first = rows.baseAddress, let lanes = result.baseAddress else { return }
        for group in 0..<count where starts[group] < starts[group + 1] {
          let size = starts[group + 1] - starts[group]
          body((first + starts[group], size), lanes + group * 64)
        }
      }
    }
  }
}
