import Testing

@testable import Metrics

/// Which candidates are relevant, and where equal scores begin and end, from the highest down.
private let lists: [(relevant: [Bool], levels: [Int])] = [
  ([true, false, false, true, false, true], [6]),
  ([false, true, true, false, false, true], [2, 3, 1]),
  ([false, false, true, false, true, false], [1, 4, 1]),
  ([false, false, false, false, false, true], [1, 1, 4]),
  ([true, true, true, true, false, false], [3, 3]),
  ([false, true, false, false, true, false], [1, 1, 1, 1, 1, 1]),
]

/// Every order that keeps higher scores first.
private func orders(_ list: (relevant: [Bool], levels: [Int])) -> [[Bool]] {
  var result: [[Bool]] = [[]]
  var start = 0
  for count in list.levels {
    let level = Array(list.relevant[start..<start + count])
    result = result.flatMap { head in permutations(of: level).map { head + $0 } }
    start += count
  }
  return result
}

private func tied(_ list: (relevant: [Bool], levels: [Int])) -> TiedList {
  var above = 0
  return TiedList(
    list.levels.map { count in
      let relevant = list.relevant[above..<above + count].count { $0 }
      defer { above += count }
      return TiedLevel(above: above, count: count, relevant: relevant)
    })
}

private func mean(_ orders: [[Bool]], of value: ([Bool]) -> Double) -> Double {
  orders.map(value).reduce(0, +) / Double(orders.count)
}

@Suite("Lists with ties")
struct TiedListTests {
  @Test("every expectation is the mean over all orders of equal scores", arguments: 0..<lists.count)
  func expectations(number: Int) {
    let orders = orders(lists[number])
    let list = tied(lists[number])
    func close(_ found: Double, _ value: ([Bool]) -> Double) -> Bool {
      abs(found - mean(orders, of: value)) < 1e-12
    }
    func rank(_ order: [Bool]) -> Double { Double(1 + (order.firstIndex(of: true) ?? 0)) }
    func precisions(_ order: [Bool], _ depth: Int) -> Double {
      order.indices.prefix(depth).filter { order[$0] }.reduce(0) { sum, place in
        sum + Double(order[...place].count { $0 }) / Double(place + 1)
      }
    }
    #expect(close(list.firstRank, rank))
    #expect(close(list.reciprocalRank) { 1 / rank($0) })
    #expect(close(list.precisions()) { precisions($0, 6) })
    for depth in 1...7 {
      #expect(close(list.hit(atDepth: depth)) { $0.prefix(depth).contains(true) ? 1 : 0 })
      #expect(close(list.found(atDepth: depth)) { Double($0.prefix(depth).count { $0 }) })
      #expect(close(list.precisions(atDepth: depth)) { precisions($0, depth) })
    }
  }

  @Test("nothing is found where nothing is relevant")
  func empty() {
    let none = TiedList([TiedLevel(above: 0, count: 3, relevant: 0)])
    #expect(none.hit(atDepth: 5) == 0 && none.firstRank == 0 && none.reciprocalRank == 0)
    #expect(none.precisions() == 0 && none.found(atDepth: 5) == 0)
  }

  @Test("without a tie every value is a whole rank's, to the last bit")
  func untied() {
    let list = TiedList([TiedLevel(above: 6, count: 1, relevant: 1)])
    #expect(list.firstRank == 7 && list.reciprocalRank == 1.0 / 7 && list.precisions() == 1.0 / 7)
    #expect(list.hit(atDepth: 6) == 0 && list.hit(atDepth: 7) == 1)
  }
}
