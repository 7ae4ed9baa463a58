import LinearAlgebra
import Neighbours
import Random
import Testing

@Suite("Nearest neighbours")
struct NearestNeighboursTests {
  private func normalRows(_ rows: Int, _ columns: Int, key: UInt64, offset: Float = 0)
    -> Matrix<Float>
  {
    var random = Philox(key: key)
    let numbers = (0..<rows * columns).map { _ in Float(random.normal()) + offset }
    return Matrix(numbers, rows: rows, columns: columns)
  }

  /// Every distance or product in f64, nearest first, of equal ones the lower index.
  private func exhaustive(
    _ queries: Matrix<Float>, _ rows: Matrix<Float>, _ measure: NearestNeighbours.Measure,
    _ count: Int, excluding: [Int]? = nil
  ) -> [[Int32]] {
    let (width, asked, searched) = (rows.columns, queries.numbers, rows.numbers)
    return (0..<queries.rows).map { query in
      let q = asked[query * width..<(query + 1) * width].map { Double($0) }
      let keys = (0..<rows.rows).filter { excluding?[query] != $0 }.map { row in
        var key = 0.0
        for column in 0..<width {
          let x = Double(searched[row * width + column])
          key += measure == .euclideanDistance ? (q[column] - x) * (q[column] - x) : -q[column] * x
        }
        return (key, Int32(row))
      }
      return keys.sorted { $0 < $1 }.prefix(count).map(\.1)
    }
  }

  private func lists(_ found: Neighbours) -> [[Int32]] {
    (0..<found.queries).map { Array(found.indices(of: $0)) }
  }

  @Test(
    "finds what an exhaustive search in f64 finds",
    arguments: [NearestNeighbours.Measure.euclideanDistance, .innerProduct],
    [(1, 1), (3, 5), (5, 1), (17, 64), (40, 3)])
  func exhaustiveSearch(measure: NearestNeighbours.Measure, shape: (count: Int, width: Int)) {
    let rows = normalRows(300, shape.width, key: 1)
    let queries = normalRows(150, shape.width, key: 2)
    let found = NearestNeighbours(rows: rows.view, by: measure)
      .neighbours(of: queries.view, count: shape.count)
    #expect(lists(found) == exhaustive(queries, rows, measure, shape.count))
  }

  @Test(
    "joins blocks of rows", arguments: [NearestNeighbours.Measure.euclideanDistance, .innerProduct])
  func blocks(measure: NearestNeighbours.Measure) {
    let rows = normalRows(4500, 2, key: 3)
    let queries = normalRows(20, 2, key: 4)
    let found = NearestNeighbours(rows: rows.view, by: measure)
      .neighbours(of: queries.view, count: 7)
    #expect(lists(found) == exhaustive(queries, rows, measure, 7))
  }

  @Test(
    "finds the neighbours of rows across blocks, one product serving both rows",
    arguments: [NearestNeighbours.Measure.euclideanDistance, .innerProduct], [1, 5, 300])
  func blocksOfRows(measure: NearestNeighbours.Measure, count: Int) {
    let rows = normalRows(550, 3, key: 13)
    let found = NearestNeighbours(rows: rows.view, by: measure).neighboursOfRows(count: count)
    #expect(lists(found) == exhaustive(rows, rows, measure, count, excluding: Array(0..<550)))
  }

  @Test(
    "rows of another block whose squares overflow or vanish are measured as well",
    arguments: [Float(1e30), 1e-30])
  func extremeBlocks(factor: Float) {
    var rows = normalRows(300, 4, key: 14)
    rows.scale(by: factor)
    for measure in [NearestNeighbours.Measure.euclideanDistance, .innerProduct] {
      let found = NearestNeighbours(rows: rows.view, by: measure).neighboursOfRows(count: 5)
      #expect(lists(found) == exhaustive(rows, rows, measure, 5, excluding: Array(0..<300)))
    }
  }

  @Test("of hundreds of duplicates in several blocks the lowest indices are found")
  func manyDuplicates() {
    var rows = Matrix<Float>(repeatElement(0.3, count: 1200), rows: 600, columns: 2)
    rows[1, 0] = 0.5
    let found = NearestNeighbours(rows: rows.view, by: .euclideanDistance)
      .neighboursOfRows(count: 4)
    for row in 0..<600 where row != 1 {
      let others = (0..<7).filter { $0 != row && $0 != 1 }.prefix(4)
      #expect(Array(found.indices(of: row)) == others.map { Int32($0) })
    }
    #expect(Array(found.indices(of: 1)) == [0, 2, 3, 4])
  }

  @Test("a row with NaN is the last neighbour of every other row")
  func notANumberAmongRows() {
    var rows = normalRows(300, 2, key: 15)
    rows[280, 1] = .nan
    let found = NearestNeighbours(rows: rows.view, by: .innerProduct).neighboursOfRows(count: 299)
    for row in 0..<300 where row != 280 {
      #expect(found.indices(of: row).last == 280)
      #expect(Set(found.indices(of: row)).count == 299)
    }
  }

  @Test("tells rows apart that f32 products cannot")
  func offset() {
    // Around 4096 squares have 24 bits before the point and differences near 1e-3: in plain f32
    // products every row would tie.
    let rows = normalRows(200, 3, key: 5)
    var near = rows
    near.withMutableView { view in
      for index in view.numbers.indices { view.numbers[index] = 4096 + view.numbers[index] / 16 }
    }
    let found = NearestNeighbours(rows: near.view, by: .euclideanDistance)
      .neighboursOfRows(count: 6)
    let wanted = exhaustive(near, near, .euclideanDistance, 6, excluding: Array(0..<200))
    #expect(lists(found) == wanted)
    let products = NearestNeighbours(rows: near.view, by: .innerProduct)
      .neighbours(of: near.view, count: 6)
    #expect(lists(products) == exhaustive(near, near, .innerProduct, 6))
  }

  @Test("finds near rows beside one very far row")
  func outlier() {
    var rows = normalRows(200, 4, key: 6)
    rows[100, 2] = 1e15
    let found = NearestNeighbours(rows: rows.view, by: .euclideanDistance)
      .neighboursOfRows(count: 5)
    let wanted = exhaustive(rows, rows, .euclideanDistance, 5, excluding: Array(0..<200))
    #expect(lists(found) == wanted)
  }

  @Test("measures numbers whose squares overflow or vanish", arguments: [Float(1e30), 1e-30])
  func extremes(factor: Float) {
    var rows = normalRows(90, 4, key: 7)
    rows.scale(by: factor)
    for measure in [NearestNeighbours.Measure.euclideanDistance, .innerProduct] {
      let found = NearestNeighbours(rows: rows.view, by: measure).neighboursOfRows(count: 5)
      #expect(lists(found) == exhaustive(rows, rows, measure, 5, excluding: Array(0..<90)))
    }
  }

  @Test("gives the distance or the product of each neighbour")
  func values() {
    let rows = Matrix<Float>([0, 0, 3, 4, 6, 8], rows: 3, columns: 2)
    let query = Matrix<Float>([3, 4], rows: 1, columns: 2)
    let distances = NearestNeighbours(rows: rows.view, by: .euclideanDistance)
      .neighbours(of: query.view, count: 3)
    #expect(Array(distances.indices(of: 0)) == [1, 0, 2])
    #expect(Array(distances.values(of: 0)) == [0, 5, 5])
    let products = NearestNeighbours(rows: rows.view, by: .innerProduct)
      .neighbours(of: query.view, count: 2)
    #expect(Array(products.indices(of: 0)) == [2, 1])
    #expect(Array(products.values(of: 0)) == [50, 25])
  }

  @Test("excludes a row by its index and finds its duplicates, lower index first")
  func duplicates() {
    let rows = Matrix<Float>(repeatElement(0.3, count: 400), rows: 200, columns: 2)
    let found = NearestNeighbours(rows: rows.view, by: .euclideanDistance)
      .neighboursOfRows(count: 3)
    for row in 0..<200 {
      #expect(Array(found.indices(of: row)) == (0..<4).filter { $0 != row }.prefix(3).map { $0 })
      #expect(found.values(of: row).allSatisfy { $0 == 0 })
    }
  }

  @Test("excludes the row that the caller names")
  func excluding() {
    let rows = normalRows(60, 3, key: 8)
    let queries = normalRows(10, 3, key: 9)
    let search = NearestNeighbours(rows: rows.view, by: .euclideanDistance)
    let nearest = search.neighbours(of: queries.view, count: 1).indices.map { Int($0) }
    let found = search.neighbours(of: queries.view, count: 2, excluding: nearest)
    #expect(
      lists(found) == exhaustive(queries, rows, .euclideanDistance, 2, excluding: nearest))
  }

  @Test("returns all rows where fewer than k are there", arguments: [5, 6, 1000])
  func fewRows(count: Int) {
    let rows = normalRows(5, 2, key: 10)
    let search = NearestNeighbours(rows: rows.view, by: .euclideanDistance)
    #expect(search.neighboursOfRows(count: count).count == 4)
    #expect(
      lists(search.neighboursOfRows(count: count))
        == exhaustive(rows, rows, .euclideanDistance, 4, excluding: Array(0..<5)))
    #expect(
      lists(search.neighbours(of: rows.view, count: count))
        == exhaustive(rows, rows, .euclideanDistance, 5))
  }

  @Test("finds nothing among nothing")
  func nothing() {
    let none = Matrix<Float>(rows: 0, columns: 2)
    let one = Matrix<Float>(rows: 1, columns: 2)
    let lonely = NearestNeighbours(rows: one.view, by: .euclideanDistance)
    #expect(lonely.neighboursOfRows(count: 3).count == 0)
    #expect(lonely.neighboursOfRows(count: 3).indices(of: 0).isEmpty)
    #expect(lonely.neighbours(of: none.view, count: 1).queries == 0)
    let empty = NearestNeighbours(rows: none.view, by: .innerProduct)
    #expect(empty.neighbours(of: one.view, count: 3).indices.isEmpty)
  }

  @Test("puts rows with NaN last")
  func notANumber() {
    var rows = normalRows(80, 2, key: 11)
    rows[3, 0] = .nan
    let search = NearestNeighbours(rows: rows.view, by: .innerProduct)
    let query = normalRows(1, 2, key: 12)
    let found = search.neighbours(of: query.view, count: 80)
    #expect(found.indices.last == 3)
    #expect(Set(found.indices).count == 80)
  }
}
