internal import CKernels
public import LinearAlgebra

extension NearestNeighbours {
  /// Finds the `count` rows nearest to each row among the OTHERS, or all others where there are
  /// fewer.
  ///
  /// A row is told from its duplicates by its index, so a duplicate is found at distance 0. A product
  /// of two rows is formed once and serves both.
  public func neighboursOfRows(count: Int) -> Neighbours {
    let count = min(max(count, 0), max(rows.rows - 1, 0))
    var found = Neighbours(count: count, queries: rows.rows)
    guard count > 0 else { return found }
    let bound = RoundingBound(measure: measure, width: rows.columns, norms: norms)
    var pool = CandidatePool(self, count: count)
    let size = min(rows.rows, 256)
    var products = Matrix<Float>(rows: size, columns: size)
    for first in stride(from: 0, to: rows.rows, by: size) {
      let own = first..<min(first + size, rows.rows)
      for second in stride(from: first, to: rows.rows, by: size) {
        let others = second..<min(second + size, rows.rows)
        products.withMutableView { all in
          let part = UnsafeMutableBufferPointer(
            rebasing: all.numbers[..<(own.count * others.count)])
          let view = MutableMatrixView(part, rows: own.count, columns: others.count)
          gemm(centred.rows(own), centred.rows(others).transposed, into: view)
          pool.take(view, own, others, bound)
        }
        settle(&pool, own)
        if first != second { settle(&pool, others) }
      }
      // Their products with all rows have passed.
      for row in own {
        pool.candidates[row].prune(bound)
        append(pool.candidates[row], of: row, to: &found)
        pool.candidates[row] = pool.empty
      }
    }
    return found
  }

  /// Among duplicates no bound tells near from far: their rows would pile up to all pairs.
  private func settle(_ pool: inout CandidatePool, _ range: Range<Int>) {
    for row in range where pool.candidates[row].isCrowded {
      rows.withRow(row) { query in
        pool.candidates[row].settle { other in
          let value = exact(query, other)
          return measure == .euclideanDistance ? value : -value
        }
      }
    }
  }

  private func append(_ candidates: Candidates, of row: Int, to found: inout Neighbours) {
    rows.withRow(row) { query in
      found.append(candidates.rows.map { (exact(query, $0), Int32($0)) }, measure)
    }
  }
}

/// What may be near, for every row.
private struct CandidatePool {
  let empty: Candidates
  var candidates: [Candidates]
  /// The cut of each row's candidates, side by side for comparisons.
  private var cuts: [Float]
  private let halfSquares: [Float]

  init(_ search: NearestNeighbours, count: Int) {
    let empty = Candidates(count: count)
    self.empty = empty
    candidates = search.norms.indices.map { row in
      var candidates = empty
      candidates.start(norm: search.norms[row], excluding: row)
      return candidates
    }
    cuts = [Float](repeating: .infinity, count: candidates.count)
    halfSquares = search.halfSquares
  }

  /// Offers the rows of a block to each other, both ways.
  mutating func take(
    _ products: MutableMatrixView<Float>, _ own: Range<Int>, _ others: Range<Int>,
    _ bound: RoundingBound
  ) {
    let isDiagonal = own == others
    candidates.withUnsafeMutableBufferPointer { candidates in
      cuts.withUnsafeMutableBufferPointer { cuts in
        halfSquares.withUnsafeBufferPointer { halves in
          withUnsafeTemporaryAllocation(of: Int32.self, capacity: others.count) { places in
            guard let found = places.baseAddress, let limits = cuts.baseAddress else { return }
            for (place, row) in own.enumerated() {
              let line = UnsafeBufferPointer(products.row(place))
              candidates[row].take(
                products: line, halfSquares: UnsafeBufferPointer(rebasing: halves[others]),
                firstRow: others.lowerBound, bound)
              cuts[row] = candidates[row].cut
              guard !isDiagonal, let numbers = line.baseAddress else { continue }
              let near = assay_shim_near_each(
                numbers, halves[row], limits + others.lowerBound, others.count, found)
              for index in 0..<near {
                let other = others.lowerBound + Int(found[index])
                candidates[other].add(halves[row] - numbers[Int(found[index])], row, bound)
                cuts[other] = candidates[other].cut
              }
            }
          }
        }
      }
    }
  }
}
