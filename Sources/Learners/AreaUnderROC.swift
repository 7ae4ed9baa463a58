public import LinearAlgebra

/// The area under the ROC curve: how often a positive row scores above a negative one, ties counting
/// half; NaN without rows of both kinds or with a score that is NaN.
///
/// Source: Hanley and McNeil, Radiology 143 (1982).
///
///     areaUnderROC(scores: [0.1, 0.4, 0.4], isPositive: [false, false, true])  // 0.75
public func areaUnderROC(scores: [Double], isPositive: [Bool]) -> Double {
  precondition(scores.count == isPositive.count, "a score and a kind for each row")
  guard !scores.contains(where: \.isNaN) else { return .nan }
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  var (below, positives, wins) = (0.0, 0.0, 0.0)
  var place = 0
  while place < order.count {
    var (negative, positive) = (0.0, 0.0)
    let score = scores[order[place]]
    while place < order.count, scores[order[place]] == score {
      if isPositive[order[place]] { positive += 1 } else { negative += 1 }
      place += 1
    }
    wins += positive * (below + negative / 2)
    below += negative
    positives += positive
  }
  return wins / (positives * below)
}

/// The mean of the areas of each class against the rest, over the classes that have rows and others.
///
/// Rows of logits `[N, K]`; a class is scored by its probability. With two classes that is the area
/// of class 1. NaN where no class has both.
public func areaUnderROC(logits: MatrixView<Float>, labels: [Int32]) -> Double {
  precondition(logits.rows == labels.count, "a label for each row")
  let normalisers = logits.columns > 2 ? logits.logSumExpRows() : []
  let areas = (logits.columns == 2 ? 1..<2 : 0..<logits.columns).map { number in
    let scores = labels.indices.map { row in
      Double(logits[row, number])
        - (logits.columns == 2 ? Double(logits[row, 0]) : normalisers[row])
    }
    return areaUnderROC(scores: scores, isPositive: labels.map { $0 == number })
  }.filter { !$0.isNaN }
  return areas.reduce(0, +) / Double(areas.count)
}
