internal import Datasets
internal import Documents
internal import Tensors

extension Planner {
  /// The settings that one suite may have, all of which are held in memory.
  static let largestPlan = 1_000_000
  /// The training rows that the draws of one dataset may list together, 8 bytes each.
  static let largestDraws = 100_000_000

  /// Refuses a plan that would not fit in memory, before any of it is made.
  func requireSize(of dataset: Dataset) throws(SuiteError) {
    let size = suite.protocol.size(on: dataset)
    let count = Int.saturatingProduct(size.factors + [seeds.count])
    let (all, overflow) = settings.count.addingReportingOverflow(count)
    guard !overflow, all <= Planner.largestPlan else {
      throw unusable(
        dataset,
        "makes the plan \(overflow ? "far " : "")longer than \(Planner.largestPlan) settings; take "
          + "fewer seeds, or divide the suite")
    }
    let rows = Int.saturatingProduct([size.drawnRows, seeds.count])
    guard rows <= Planner.largestDraws else {
      throw unusable(
        dataset,
        "makes the plan draw more than \(Planner.largestDraws) training rows over all seeds; take "
          + "fewer rows of each class, or fewer seeds")
    }
    if let obstacle = size.obstacle { throw unusable(dataset, obstacle) }
  }
}

/// How much of a plan a dataset makes.
package struct PlanSize {
  /// What the number of settings is a product of, beside the seeds.
  let factors: [Int]
  /// The training rows that the draws of one seed list together.
  var drawnRows = 0
  /// What makes a trial larger than a call may be.
  var obstacle: String?
}

extension Dataset {
  /// The training rows that draws of so many rows of each class list together.
  ///
  /// Stored draws and sets are not drawn, and are no longer than their files.
  func rows(ofShots counts: [Int]) -> Int {
    guard shots == nil else { return 0 }
    return Int.saturatingProduct([counts.reduce(0) { $0 + $1 }, classes.count])
  }

  /// The training rows that the draws of budgets list together.
  func rows(of budgets: [TrainingBudget]) -> Int {
    rows(
      ofShots: budgets.compactMap { budget in
        guard case .shots(let count) = budget else { return nil }
        return count
      })
  }
}
