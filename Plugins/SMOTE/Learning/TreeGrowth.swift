internal import Glibc
package import LinearAlgebra

/// The growth of a decision tree: every column is sorted once, and forks split the sorted lists.
///
/// A fork costs `D n` steps for its n rows; memory is `N D` row numbers.
struct TreeGrowth {
  private(set) var forks: [DecisionTree.Fork] = []
  private(set) var leaves: [Float] = []
  private let rows: MatrixView<Float>
  private let labels: [Int32]
  private let classCount: Int
  private let minimumLeaf: Int
  private let maximumDepth: Int
  private let estimate: DecisionTree.LeafEstimate
  /// The rows in ascending order of each column, column after column; a fork owns one range of all.
  private var sorted: [Int32]
  private var goesFirst: [Bool]
  private var scratch: [Int32]
  /// `n ln n` for n up to N.
  private let weights: [Double]

  /// Where a fork splits: its threshold, and the rows on the side of lower numbers.
  private struct Split {
    var column: Int
    var threshold: Double
    var count: Int
    var cost: Double
  }

  private struct Task {
    var fork: Int
    var range: Range<Int>
    var depth: Int
  }

  init(
    rows: MatrixView<Float>, labels: [Int32], classCount: Int, minimumLeaf: Int,
    maximumDepth: Int, estimate: DecisionTree.LeafEstimate
  ) {
    self.rows = rows
    self.labels = labels
    self.classCount = classCount
    self.minimumLeaf = minimumLeaf
    self.maximumDepth = maximumDepth
    self.estimate = estimate
    goesFirst = [Bool](repeating: false, count: rows.rows)
    scratch = [Int32](repeating: 0, count: rows.rows)
    weights = (0...rows.rows).map { $0 < 2 ? 0 : Double($0) * log(Double($0)) }
    sorted = []
    sorted.reserveCapacity(rows.rows * rows.columns)
    for column in 0..<rows.columns {
      rows.withNumbers { numbers in
        let keys = (0..<rows.rows).map { numbers[$0 * rows.columns + column] }
        sorted += (0..<Int32(rows.rows)).sorted {
          (keys[Int($0)], $0) < (keys[Int($1)], $1)
        }
      }
    }
  }

  mutating func grow() {
    forks = [DecisionTree.Fork(column: -1, threshold: 0, first: 0, leaf: 0)]
    var tasks = [Task(fork: 0, range: 0..<rows.rows, depth: 0)]
    while let task = tasks.popLast() {
      let counts = counts(in: task.range)
      guard task.depth < maximumDepth, counts.count(where: { $0 > 0 }) > 1,
        let split = bestSplit(of: task.range, counts)
      else {
        forks[task.fork].leaf = Int32(leaves.count / classCount)
        leaves += counts.map { estimate.logarithm($0, of: task.range.count, classCount) }
        continue
      }
      partition(task.range, by: split)
      let first = forks.count
      forks[task.fork] = DecisionTree.Fork(
        column: Int32(split.column), threshold: split.threshold, first: Int32(first), leaf: -1)
      forks += [DecisionTree.Fork](
        repeating: DecisionTree.Fork(column: -1, threshold: 0, first: 0, leaf: 0), count: 2)
      let middle = task.range.lowerBound + split.count
      tasks.append(
        Task(fork: first + 1, range: middle..<task.range.upperBound, depth: task.depth + 1))
      tasks.append(
        Task(fork: first, range: task.range.lowerBound..<middle, depth: task.depth + 1))
    }
  }

  private func counts(in range: Range<Int>) -> [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    // Without columns there is nothing sorted, and one leaf holds all rows.
    guard !sorted.isEmpty else {
      for label in labels { counts[Int(label)] += 1 }
      return counts
    }
    for place in range { counts[Int(labels[Int(sorted[place])])] += 1 }
    return counts
  }

  /// The split with the least entropy on both sides; nil where none keeps enough rows.
  private func bestSplit(of range: Range<Int>, _ counts: [Int]) -> Split? {
    guard range.count >= 2 * minimumLeaf else { return nil }
    var best: Split?
    // Sums of logarithms differ in their last bits by the order of the rows.
    let tolerance = 1e-12 * weights[range.count]
    sorted.withUnsafeBufferPointer { sorted in
      for column in 0..<rows.columns {
        let places = UnsafeBufferPointer(
          rebasing: sorted[
            (column * rows.rows + range.lowerBound)..<(column * rows.rows + range.upperBound)])
        search(column, places, counts, tolerance, &best)
      }
    }
    return best
  }

  private func search(
    _ column: Int, _ places: UnsafeBufferPointer<Int32>, _ counts: [Int], _ tolerance: Double,
    _ best: inout Split?
  ) {
    let width = rows.columns
    rows.withNumbers { numbers in
      guard
        numbers[Int(places[0]) * width + column]
          < numbers[Int(places[places.count - 1]) * width + column]
      else { return }
      var below = [Int](repeating: 0, count: classCount)
      var above = counts
      // Σ n_c ln n_c on each side; the entropy of a side of n rows is `n ln n` less that, over n.
      var sums = (below: 0.0, above: counts.reduce(0) { $0 + weights[$1] })
      var value = numbers[Int(places[0]) * width + column]
      for place in 0..<places.count - 1 {
        let label = Int(labels[Int(places[place])])
        sums.below += weights[below[label] + 1] - weights[below[label]]
        sums.above += weights[above[label] - 1] - weights[above[label]]
        below[label] += 1
        above[label] -= 1
        let next = numbers[Int(places[place + 1]) * width + column]
        defer { value = next }
        let count = place + 1
        guard value < next, count >= minimumLeaf, places.count - count >= minimumLeaf else {
          continue
        }
        let cost = weights[count] - sums.below + weights[places.count - count] - sums.above
        if cost < (best?.cost ?? .infinity) - tolerance {
          best = Split(
            column: column, threshold: (Double(value) + Double(next)) / 2, count: count, cost: cost)
        }
      }
    }
  }

  /// Brings the rows below the threshold to the front of the range, in every column's order.
  private mutating func partition(_ range: Range<Int>, by split: Split) {
    let start = split.column * rows.rows
    for place in range {
      goesFirst[Int(sorted[start + place])] = place < range.lowerBound + split.count
    }
    for column in 0..<rows.columns where column != split.column {
      let base = column * rows.rows
      var (first, second) = (range.lowerBound, 0)
      for place in range {
        let row = sorted[base + place]
        if goesFirst[Int(row)] {
          sorted[base + first] = row
          first += 1
        } else {
          scratch[second] = row
          second += 1
        }
      }
      for place in 0..<second { sorted[base + first + place] = scratch[place] }
    }
  }
}
