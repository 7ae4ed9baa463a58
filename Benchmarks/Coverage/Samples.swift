import Glibc
import Metrics
import Random
import Statistics
import Tensors

/// Outcomes of a classifier of two classes that is right on the given rows.
func decisions(_ hits: [Bool], units: [Int]? = nil) throws -> ClassificationOutcomes {
  var table = try ClassificationOutcomes(
    logits: Tensor(hits.flatMap { [$0 ? Float(1) : -1, 0] }, shape: [hits.count, 2]),
    labels: [Int32](repeating: 0, count: hits.count))
  table.units = units
  return table
}

/// Scores of two normal classes whose ROC curve has this area, the positive rows first.
///
/// With clusters each unit shifts all its scores by a normal number of its own.
func ranked(
  _ area: Double, positives: Int, negatives: Int, unitRows: Int = 1, _ random: inout Philox
) throws -> ClassificationOutcomes {
  // The shift of a unit is half of the variance, so that scores keep variance 1.
  let shared = unitRows > 1 ? 0.5.squareRoot() : 0
  let own = (1 - shared * shared).squareRoot()
  let distance = 2.0.squareRoot() * normalQuantile(area)
  var scores: [Float] = []
  var units: [Int] = []
  var shift = 0.0
  for row in 0..<positives + negatives {
    let isFirst = row % unitRows == 0 || row == positives
    if isFirst { shift = shared * random.normal() }
    units.append((units.last ?? -1) + (isFirst ? 1 : 0))
    scores.append(Float((row < positives ? distance : 0) + shift + own * random.normal()))
  }
  var table = try ClassificationOutcomes(
    margins: scores, isPositive: scores.indices.map { $0 < positives }, threshold: 0)
  if unitRows > 1 { table.units = units }
  return table
}

/// Logits of two classes with confidences from .5 to .95, of which hits are rarer by `excess`.
func confident(_ n: Int, excess: Double, _ random: inout Philox) throws -> ClassificationOutcomes {
  var margins: [Float] = []
  var isPositive: [Bool] = []
  for _ in 0..<n {
    let confidence = 0.5 + 0.45 * random.uniform()
    margins.append(Float(logit(confidence)))
    isPositive.append(random.uniform() < confidence - excess)
  }
  return try ClassificationOutcomes(margins: margins, isPositive: isPositive, threshold: 0)
}

func logit(_ p: Double) -> Double { log(p / (1 - p)) }

/// The hits of rows of one probability each.
func hits(_ rates: [Double], _ random: inout Philox) -> [Bool] {
  rates.map { random.uniform() < $0 }
}
