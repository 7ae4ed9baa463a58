/// The area under the risk-coverage curve: the mean, over k, of the error rate of the k most
/// confident rows; rows of equal confidence share their errors evenly.
///
/// Source: Geifman, Uziel and El-Yaniv, "Bias-reduced uncertainty estimation for deep neural
/// classifiers", ICLR 2019, which also defines the excess over the best ordering.
struct RiskCoverage: WeightedMetric {
  /// Rows of equal confidence, the most confident first.
  private let levels: RowGroups
  /// All bits set where the row at that place of `levels` is wrong.
  private let isWrong: [Int]
  private let aboveOptimum: Bool

  /// Takes any numbers that order the rows as the confidence does.
  init(confidence: [Double], correct: [Bool], aboveOptimum: Bool) {
    let order = confidence.indices.sorted { confidence[$0] > confidence[$1] }
    let starts = order.indices.filter {
      $0 == 0 || confidence[order[$0]] != confidence[order[$0 - 1]]
    }
    levels = RowGroups(rows: order.map(Int32.init), starts: starts + [order.count])
    isWrong = order.map { correct[$0] ? 0 : -1 }
    self.aboveOptimum = aboveOptimum
  }

  func values(under weights: WeightBlock) -> [Double] {
    // harmonic[k] = 1 + 1/2 + ... + 1/k sums the risks within a level in closed form.
    var harmonic = [0.0]
    for k in 0..<(weights.totals.max() ?? 0) { harmonic.append(harmonic[k] + 1 / Double(k + 1)) }
    var lanes = [Coverage](repeating: Coverage(), count: WeightBlock.lanes)
    weights.withLines { lines in
      levels.rows.withUnsafeBufferPointer { rows in
        harmonic.withUnsafeBufferPointer { harmonic in
          for level in 0..<levels.count {
            let places = levels.starts[level]..<levels.starts[level + 1]
            // The rate of a single row needs no division.
            let singleRate = places.count == 1 ? -Double(isWrong[places.lowerBound]) : nil
            for lane in 0..<WeightBlock.lanes {
              var count = 0
              var wrong = 0
              for place in places {
                let weight = Int(lines[Int(rows[place]) &* WeightBlock.lanes &+ lane])
                count &+= weight
                wrong &+= isWrong[place] & weight
              }
              let rate = singleRate ?? (count == 0 ? 0 : Double(wrong) / Double(count))
              lanes[lane].pass(count: count, wrong: wrong, rate: rate, harmonic: harmonic)
            }
          }
        }
      }
    }
    return lanes.map { lane in
      var area = lane.area
      if aboveOptimum {
        let right = lane.covered - lane.errors
        area -= Double(lane.errors) - Double(right) * (lane.harmonic - harmonic[right])
      }
      return area / Double(lane.covered)
    }
  }

  /// How far one lane has come down the confidences.
  private struct Coverage {
    var covered = 0
    var errors = 0
    /// The harmonic number of `covered`.
    var harmonic = 0.0
    var area = 0.0

    /// Adds the sum over k of (errors + (k - covered) rate) / k; nothing for a count of 0.
    @inline(__always)
    mutating func pass(
      count: Int, wrong: Int, rate: Double, harmonic numbers: UnsafeBufferPointer<Double>
    ) {
      let next = numbers[covered &+ count]
      area += (Double(errors) - Double(covered) * rate) * (next - harmonic) + Double(wrong)
      covered &+= count
      errors &+= wrong
      harmonic = next
    }
  }

  var undefinedReason: String { "there are no rows" }
}
