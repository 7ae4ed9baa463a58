internal import AssayKit
internal import Glibc
internal import Learners
internal import LinearAlgebra
internal import Neighbours

/// The search for k on validation rows, each of which is asked for its neighbours once.
struct Search {
  let model: KNN.Model
  let config: KNN.Config
  let context: Context

  /// The least candidate of the best accuracy or area under the ROC curve, which is reported.
  func run(_ rows: MatrixView<Float>, _ truth: [Int32]) throws -> Int {
    let available = model.neighbours.rows.rows
    let choices = Set(config.candidates).sorted().filter { $0 <= available }
    guard !choices.isEmpty else {
      context.note("All candidates for k exceed the \(available) training rows: k is that number.")
      return available
    }
    var criterion = config.criterion
    if criterion == .auroc, Set(truth).count < 2 {
      context.note("The validation rows are of one class: accuracy chooses k.")
      criterion = .accuracy
    }
    let values =
      switch criterion {
      case .accuracy: try accuracies(of: choices, rows, truth)
      case .auroc: try areas(of: choices, rows, truth)
      }
    var best = 0
    for place in choices.indices where values[place] > values[best] { best = place }
    context.metric("val_\(criterion.rawValue)", values[best])
    return choices[best]
  }

  private func accuracies(
    of choices: [Int], _ rows: MatrixView<Float>, _ truth: [Int32]
  ) throws -> [Double] {
    var correct = [Int](repeating: 0, count: choices.count)
    try forEachSum(of: choices, rows) { place, row, sums in
      let answer = sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 }
      if answer == Int(truth[row]) { correct[place] += 1 }
    }
    return correct.map { Double($0) / Double(truth.count) }
  }

  private func areas(
    of choices: [Int], _ rows: MatrixView<Float>, _ truth: [Int32]
  ) throws -> [Double] {
    var logits = choices.map { _ in Matrix<Float>(rows: rows.rows, columns: model.classCount) }
    try forEachSum(of: choices, rows) { place, row, sums in
      logits[place].withMutableView { view in
        let logits = view.row(row)
        for (label, sum) in sums.enumerated() {
          logits[label] = Float(log(sum + 1 / Double(model.classCount)))
        }
      }
    }
    return logits.map { areaUnderROC(logits: $0.view, labels: truth) }
  }

  /// Hands over the sums of the votes for each class of each row, for every choice of k.
  private func forEachSum(
    of choices: [Int], _ rows: MatrixView<Float>,
    _ body: (_ place: Int, _ row: Int, _ sums: [Double]) -> Void
  ) throws {
    try model.forEachRow(of: rows, count: choices.last ?? 1, context) { row, votes in
      var sums = [Double](repeating: 0, count: model.classCount)
      var counted = 0
      for (place, choice) in choices.enumerated() {
        for vote in votes[counted..<choice] { sums[vote.label] += vote.weight }
        counted = choice
        body(place, row, sums)
      }
    }
  }
}
