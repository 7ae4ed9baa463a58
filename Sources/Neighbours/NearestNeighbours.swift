public import LinearAlgebra

/// The exact k nearest rows of each query, by Euclidean distance or by inner product.
///
/// Rows `[N, D]` and queries `[Q, D]`, f32. Blocks of f32 products leave a few candidates for each
/// query: every row that a bound on the rounding error does not rule out. The candidates are then
/// measured in f64, so that the neighbours are those of an exhaustive search in f64. Of rows at
/// equal distance the one with the lower index comes first; a row with NaN comes last.
///
/// Memory: a block of products, a centred copy of the rows for Euclidean distance and, for the
/// neighbours of the rows themselves, the candidates of each; never `[Q, N]`. Queries can come in as
/// many calls as the caller likes.
///
///     let search = NearestNeighbours(rows: gallery, by: .euclideanDistance)
///     let found = search.neighbours(of: queries, count: 5)
///     let nearest = found.indices(of: 0)[0]
public struct NearestNeighbours {
  /// What makes a row near.
  public enum Measure: Sendable {
    /// A small `‖q − x‖`.
    case euclideanDistance
    /// A large `q · x`; the cosine, when rows and queries have unit length.
    case innerProduct
  }

  /// The rows that are searched.
  public let rows: MatrixView<Float>
  /// What makes a row near.
  public let measure: Measure
  // Distances do not change when all rows move, and rounding hurts least around the origin.
  private let centre: [Double]
  let centred: MatrixView<Float>
  let norms: [Double]
  let halfSquares: [Float]

  /// Prepares a search in rows `[N, D]`, which have to stay valid while it is used.
  public init(rows: MatrixView<Float>, by measure: Measure) {
    self.rows = rows
    self.measure = measure
    switch measure {
    case .innerProduct:
      centre = []
      centred = rows
    case .euclideanDistance:
      let centre = mean(of: rows)
      self.centre = centre
      centred =
        Matrix(rows: rows.rows, columns: rows.columns) { copy in
          subtract(centre, from: rows, into: copy)
        }.view
    }
    norms = rowNorms(of: centred)
    halfSquares = norms.map { measure == .euclideanDistance ? Float($0 * $0 / 2) : 0 }
  }

  /// Finds the `count` rows nearest to each query `[Q, D]`, or all rows where there are fewer.
  ///
  /// With `excluding`, query `i` never finds row `excluding[i]`.
  public func neighbours(
    of queries: MatrixView<Float>, count: Int, excluding: [Int]? = nil
  ) -> Neighbours {
    precondition(queries.columns == rows.columns, "queries and rows need the same width")
    precondition(excluding == nil || excluding?.count == queries.rows, "one row to exclude a query")
    let available = max(rows.rows - (excluding == nil ? 0 : 1), 0)
    return search(queries, count: min(max(count, 0), available), excluding: excluding) { range in
      let block = queries.rows(range)
      guard measure == .euclideanDistance else { return block }
      return Matrix(rows: block.rows, columns: block.columns) { copy in
        subtract(centre, from: block, into: copy)
      }.view
    }
  }

  private func search(
    _ queries: MatrixView<Float>, count: Int, excluding: [Int]?,
    centredBlock: (Range<Int>) -> MatrixView<Float>
  ) -> Neighbours {
    var found = Neighbours(count: count, queries: queries.rows)
    guard count > 0, queries.rows > 0 else { return found }
    let bound = RoundingBound(measure: measure, width: rows.columns, norms: norms)
    let (height, width) = (min(queries.rows, 128), min(rows.rows, 2048))
    var products = Matrix<Float>(rows: height, columns: width)
    var candidates = (0..<height).map { _ in Candidates(count: count) }
    for start in stride(from: 0, to: queries.rows, by: height) {
      let range = start..<min(start + height, queries.rows)
      let block = centredBlock(range)
      let queryNorms = rowNorms(of: block)
      for (place, query) in range.enumerated() {
        candidates[place].start(norm: queryNorms[place], excluding: excluding?[query])
      }
      for first in stride(from: 0, to: rows.rows, by: width) {
        let searched = first..<min(first + width, rows.rows)
        products.withMutableView { all in
          let part = UnsafeMutableBufferPointer(
            rebasing: all.numbers[..<(range.count * searched.count)])
          let view = MutableMatrixView(part, rows: range.count, columns: searched.count)
          gemm(block, centred.rows(searched).transposed, into: view)
          halfSquares.withUnsafeBufferPointer { halves in
            let halves = UnsafeBufferPointer(rebasing: halves[searched])
            for place in 0..<range.count {
              candidates[place].take(
                products: UnsafeBufferPointer(view.row(place)), halfSquares: halves,
                firstRow: first, bound)
            }
          }
        }
      }
      for (place, query) in range.enumerated() {
        candidates[place].prune(bound)
        queries.withRow(query) { query in
          found.append(candidates[place].rows.map { (exact(query, $0), Int32($0)) }, measure)
        }
      }
    }
    return found
  }

  /// The squared distance or the inner product, in f64.
  func exact(_ query: UnsafeBufferPointer<Float>, _ row: Int) -> Double {
    rows.withRow(row) { row in
      var sum = 0.0
      switch measure {
      case .euclideanDistance:
        for column in query.indices {
          let difference = Double(query[column]) - Double(row[column])
          sum += difference * difference
        }
      case .innerProduct:
        for column in query.indices { sum += Double(query[column]) * Double(row[column]) }
      }
      return sum
    }
  }
}

// MARK: Rows

private func mean(of rows: MatrixView<Float>) -> [Double] {
  var sums = [Double](repeating: 0, count: rows.columns)
  sums.withUnsafeMutableBufferPointer { sums in
    for index in 0..<rows.rows {
      rows.withRow(index) { row in
        for column in row.indices { sums[column] += Double(row[column]) }
      }
    }
  }
  return sums.map { $0 / Double(max(rows.rows, 1)) }
}

private func subtract(
  _ centre: [Double], from rows: MatrixView<Float>, into copy: MutableMatrixView<Float>
) {
  centre.withUnsafeBufferPointer { centre in
    for index in 0..<rows.rows {
      let target = copy.row(index)
      rows.withRow(index) { row in
        for column in row.indices { target[column] = Float(Double(row[column]) - centre[column]) }
      }
    }
  }
}

private func rowNorms(of rows: MatrixView<Float>) -> [Double] {
  (0..<rows.rows).map { index in
    rows.withRow(index) { row in
      var sum = 0.0
      for number in row { sum += Double(number) * Double(number) }
      return sum.squareRoot()
    }
  }
}
