internal import LinearAlgebra

/// The nearest rows of each query, nearest first.
public struct Neighbours: Sendable {
  /// The number of neighbours of each query.
  public let count: Int
  /// The number of queries.
  public private(set) var queries = 0
  /// The neighbours' row indices `[Q, count]`, in row order.
  public private(set) var indices: [Int32] = []
  /// The neighbours' distances `‖q − x‖` or inner products `[Q, count]`, in row order.
  public private(set) var values: [Double] = []

  init(count: Int, queries: Int) {
    self.count = count
    // Without neighbours, nothing is appended.
    self.queries = count == 0 ? queries : 0
    indices.reserveCapacity(count * queries)
    values.reserveCapacity(count * queries)
  }

  /// The rows nearest to one query.
  public func indices(of query: Int) -> ArraySlice<Int32> {
    precondition(query >= 0 && query < queries, "query out of range")
    return indices[query * count..<(query + 1) * count]
  }

  /// The distances or inner products of the rows nearest to one query.
  public func values(of query: Int) -> ArraySlice<Double> {
    precondition(query >= 0 && query < queries, "query out of range")
    return values[query * count..<(query + 1) * count]
  }

  /// Adds a query with its candidates: squared distances or inner products, and rows.
  mutating func append(_ measured: [(Double, Int32)], _ measure: NearestNeighbours.Measure) {
    let nearestFirst = measured.map { value, row in
      let key = measure == .euclideanDistance ? value : -value
      return (key: key.isNaN ? Double.infinity : key, value: value, row: row)
    }.sorted { ($0.key, $0.row) < ($1.key, $1.row) }
    for neighbour in nearestFirst.prefix(count) {
      indices.append(neighbour.row)
      values.append(
        measure == .euclideanDistance ? neighbour.value.squareRoot() : neighbour.value)
    }
    queries += 1
  }
}
