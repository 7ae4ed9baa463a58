import LinearAlgebra
import Neighbours
import SMOTELearning
import Testing

@Suite("Synthetic rows")
struct SyntheticRowsTests {
  private func made(
    _ synthetic: SyntheticRows, _ rows: Matrix<Float>, _ neighbours: Neighbours
  ) -> [Float] {
    Matrix(rows: synthetic.count, columns: rows.columns) {
      synthetic.write(between: rows.view, neighbours, into: $0)
    }.numbers
  }

  private func neighbours(_ rows: Matrix<Float>, _ count: Int) -> Neighbours {
    NearestNeighbours(rows: rows.view, by: .euclideanDistance).neighboursOfRows(count: count)
  }

  private let corners = Matrix<Float>([0, 0, 1, 0, 0, 2, 3, 3], rows: 4, columns: 2)

  @Test("lie on the segments between four points that were worked out by hand")
  func golden() {
    let nearest = neighbours(corners, 2)
    #expect(nearest.indices == [1, 2, 0, 2, 0, 1, 2, 1])
    let draws = SyntheticRows(bases: [0, 2, 3], slots: [1, 0, 1], gaps: [0.5, 0.25, 0.1])
    #expect(made(draws, corners, nearest) == [0, 1, 0, 1.5, 2.8, 2.7])
  }

  @Test("lie in the box around the segment with a gap for each column")
  func boxes() {
    let draws = SyntheticRows(bases: [0, 3], slots: [0, 0], gaps: [0.5, 0.25, 0, 1])
    #expect(made(draws, corners, neighbours(corners, 1)) == [0.5, 0, 3, 2])
  }

  @Test("start at the base row for gap 0 and end at the neighbour for gap 1")
  func ends() {
    let draws = SyntheticRows(bases: [1, 1], slots: [1, 1], gaps: [0, 1])
    #expect(made(draws, corners, neighbours(corners, 2)) == [1, 0, 0, 2])
  }

  @Test("are bit for bit those of imbalanced-learn for its draws, with its neighbours")
  func reference() {
    let rows = Sample(60, width: 3).rows(of: 0)
    let nearest = neighbours(rows, 3)
    #expect(nearest.indices == Reference.smoteNeighbours)
    let draws = SyntheticRows(
      bases: Reference.smoteBases, slots: Reference.smoteSlots, gaps: Reference.smoteGaps)
    #expect(made(draws, rows, nearest) == Reference.smoteRows.map { Float($0) })
  }

  @Test("with nominal columns have the neighbours and the codes of imbalanced-learn")
  func nominalColumns() {
    var sample = Sample(60, width: 3)
    let largest = (0..<60).map { sample.rows[$0, 2] }.max() ?? 1
    for row in 0..<60 {
      let share = sample.rows[row, 2] / largest
      sample.rows[row, 2] = (4 * share * 0.999).rounded(.down)
    }
    let rows = sample.rows(of: 0)
    let nominal = NominalColumns([2], rows: sample.rows.view)
    let nearest = neighbours(nominal.space(of: rows.view), 3)
    #expect(nearest.indices == Reference.mixedNeighbours)
    let draws = SyntheticRows(
      bases: Reference.smoteBases, slots: Reference.smoteSlots, gaps: Reference.smoteGaps)
    let result = Matrix<Float>(rows: draws.count, columns: 3) {
      draws.write(between: rows.view, nearest, into: $0)
      nominal.vote(for: draws, among: rows.view, nearest, into: $0)
    }
    for (index, code) in Reference.mixedCodes.enumerated() where code >= 0 {
      #expect(result[index, 2] == Float(code))
    }
    #expect(Set((0..<draws.count).map { result[$0, 2] }).isSubset(of: [0, 1, 2, 3]))
  }

  @Test("take the nearest neighbour's code where codes are equally frequent")
  func ties() {
    let rows = Matrix<Float>([0, 7, 1, 8, 2, 9], rows: 3, columns: 2)
    let nominal = NominalColumns([1], rows: rows.view)
    let draws = SyntheticRows(bases: [0, 2], slots: [0, 0], gaps: [0.5, 0.5])
    let result = Matrix<Float>(rows: 2, columns: 2) {
      let nearest = neighbours(rows, 2)
      draws.write(between: rows.view, nearest, into: $0)
      nominal.vote(for: draws, among: rows.view, nearest, into: $0)
    }
    #expect(result.numbers == [0.5, 8, 1.5, 8])
  }

  @Test("give a code that was not seen no one-hot column")
  func unseen() {
    let rows = Matrix<Float>([0.5, 3, 0.25, 1], rows: 2, columns: 2)
    let nominal = NominalColumns([1], rows: rows.view)
    let query = Matrix<Float>([4, 1, 5, 2], rows: 2, columns: 2)
    #expect(nominal.encoded(query.view, step: 2).numbers == [4, 2, 0, 5, 0, 0])
  }
}
