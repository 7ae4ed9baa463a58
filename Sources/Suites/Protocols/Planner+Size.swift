internal import Datasets
internal import Documents
internal import Tensors

extension Planner {
  /// The settings that one suite may have, all of which are held in memory.
  static let largestPlan = 1_000_000
  /// The training rows that the draws of one dataset may list together, 8 bytes each.
  static let largestDraws = 100_000_000
  /// The numbers that the directions of one trial may have.
  static let largestDirections = 100_000_000

  /// Refuses a plan that would not fit in memory, before any of it is made.
  func requireSize(of dataset: Dataset) throws(SuiteError) {
    let count = Int.saturatingProduct(factors(dataset) + [seeds.count])
    let (all, overflow) = settings.count.addingReportingOverflow(count)
    guard !overflow, all <= Planner.largestPlan else {
      throw unusable(
        dataset,
        "makes the plan \(overflow ? "far " : "")longer than \(Planner.largestPlan) settings; take "
          + "fewer seeds, or divide the suite")
    }
    let rows = Int.saturatingProduct([rowsOfDraws(dataset), seeds.count])
    guard rows <= Planner.largestDraws else {
      throw unusable(
        dataset,
        "makes the plan draw more than \(Planner.largestDraws) training rows over all seeds; take "
          + "fewer rows of each class, or fewer seeds")
    }
    guard case .directions(let counts, let repeats) = suite.protocol else { return }
    let widths = dataset.cases.map { $0.query["sample.x"]?.shape.extents.last ?? 1 }
    let numbers = Int.saturatingProduct([counts.max() ?? 0, repeats, widths.max() ?? 0])
    guard numbers <= Planner.largestDirections else {
      throw unusable(
        dataset,
        "makes a trial hand over more than \(Planner.largestDirections) numbers of directions; take "
          + "fewer of them, or fewer repeats")
    }
  }

  /// What the number of a dataset's settings is a product of, beside the seeds.
  private func factors(_ dataset: Dataset) -> [Int] {
    switch suite.protocol {
    case .fewShot(let shots): [shots.count]
    case .shifts(let train, _): [train.count]
    case .detectOOD(let train, let names):
      [train.count, names?.count ?? dataset.outOfDistribution.count]
    case .imbalanced(let profiles, let ratios, _): [profiles.count, ratios.count]
    case .baseToNew(let shots): [2, shots.count]
    case .unsupervised: []
    case .sources(_, let mixes, let sizes, _): [mixes.count, sizes.count]
    case .prompts(let train):
      [train.count, dataset.arrays["text.prompts"]?.shape.extents.dropFirst().first ?? 0]
    case .directions(let counts, _): [counts.count, dataset.cases.count]
    case .audit(let train, let targets, _):
      [train.count, targets?.count ?? max(dataset.targets.count, 1)]
    case .probe(let attributes, let spaces):
      [attributes?.count ?? dataset.trainingAttributes.count, spaces.count]
    case .given: [dataset.cases.count]
    }
  }

  /// The training rows that the draws of one seed list together.
  private func rowsOfDraws(_ dataset: Dataset) -> Int {
    func drawn(_ shots: [Int]) -> Int {
      // Stored draws and sets are not drawn, and are no longer than their files.
      guard dataset.shots == nil else { return 0 }
      return Int.saturatingProduct([shots.reduce(0) { $0 + $1 }, dataset.classes.count])
    }
    func drawn(_ train: [SuiteProtocol.TrainingBudget]) -> Int {
      drawn(
        train.compactMap { budget in
          guard case .shots(let count) = budget else { return nil }
          return count
        })
    }
    switch suite.protocol {
    case .fewShot(let shots), .baseToNew(let shots): return drawn(shots)
    case .shifts(let train, _), .detectOOD(let train, _): return drawn(train)
    case .audit(let train, let targets, _):
      return Int.saturatingProduct(
        [drawn(train), targets?.count ?? max(dataset.targets.count, 1)])
    case .prompts(let train):
      return Int.saturatingProduct(
        [drawn(train), dataset.arrays["text.prompts"]?.shape.extents.dropFirst().first ?? 0])
    case .imbalanced(let profiles, let ratios, _):
      return Int.saturatingProduct(
        [profiles.count, ratios.count, dataset.labels("train")?.count ?? 0])
    case .sources(_, let mixes, let sizes, _):
      let rows = dataset.labels("train")?.count ?? 0
      let listed = sizes.reduce(0) { $0 + min($1, rows) }
      return Int.saturatingProduct([mixes.count, listed])
    case .unsupervised, .directions, .probe, .given: return 0
    }
  }
}
