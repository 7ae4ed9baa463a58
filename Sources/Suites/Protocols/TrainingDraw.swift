internal import Datasets
internal import Documents

/// One choice of training rows, with the seed that it stands for.
struct TrainingDraw: Sendable {
  let setting: [String: JSON]
  let seed: Int
  let rows: FitInputs.TrainingRows
  /// Rows per class; nil where that is no number.
  var shots: Int?
  var mixture: Mixture?
  var notes: [String] = []
}

extension Planner {
  /// The draws of each budget and seed; what cannot be had is skipped with a message.
  mutating func draws(
    _ budgets: [TrainingBudget], of dataset: Dataset
  ) throws(SuiteError) -> [TrainingDraw] {
    var draws: [TrainingDraw] = []
    for budget in budgets {
      switch budget {
      case .shots(let count): draws += try fewShot(count, of: dataset)
      case .none:
        draws += seeds.map { TrainingDraw(setting: budget.setting, seed: $0, rows: .none) }
      case .full:
        guard dataset.labels("train") != nil else {
          throw unusable(dataset, "has no train.features")
        }
        draws += seeds.map { TrainingDraw(setting: budget.setting, seed: $0, rows: .all) }
      }
    }
    return draws
  }

  private mutating func fewShot(
    _ shots: Int, of dataset: Dataset
  ) throws(SuiteError) -> [TrainingDraw] {
    switch dataset.shots {
    case .sets(let sets):
      guard let set = sets[shots] else {
        skip(dataset, shots, "it gives \(listed(sets.keys.sorted()))")
        return []
      }
      return [draw(shots, seeds.first ?? 0, .given(set), notes(on: set, shots, dataset))]
    case .index(let draws): return stored(shots, draws, of: dataset)
    case nil: return try drawn(shots, of: dataset)
    }
  }

  private mutating func stored(
    _ shots: Int, _ draws: [[[Int]]], of dataset: Dataset
  ) -> [TrainingDraw] {
    let depth = draws.first?.first?.count ?? 0
    guard shots <= depth else {
      skip(dataset, shots, "its draws hold \(depth)")
      return []
    }
    return seeds.compactMap { seed in
      guard draws.indices.contains(seed - 1) else {
        skipped.append(
          "dataset '\(dataset.id)' has stored draws for seeds 1 to \(draws.count), so that "
            + "\(shots) shots with seed \(seed) are left out")
        return nil
      }
      return draw(shots, seed, .drawn(draws[seed - 1].flatMap { $0.prefix(shots) }), [])
    }
  }

  private func drawn(_ shots: Int, of dataset: Dataset) throws(SuiteError) -> [TrainingDraw] {
    guard let labels = dataset.labels("train") else {
      throw unusable(dataset, "has neither train.features nor shots")
    }
    var found: [TrainingDraw] = []
    for seed in seeds {
      do throws(SamplingError) {
        let rows = try FewShotDraw(
          labels: labels, classCount: dataset.classes.count, shots: shots,
          key: key(dataset, seed, "train"))
        let notes =
          rows.repeatedClasses.isEmpty
          ? []
          : [
            "Training rows repeat in \(rows.repeatedClasses.count) of "
              + "\(dataset.classes.count) classes, which have fewer than \(shots) rows."
          ]
        found.append(draw(shots, seed, .drawn(rows.rows), notes))
      } catch {
        throw unusable(dataset, "cannot give \(shots) shots: \(error)")
      }
    }
    return found
  }

  private func draw(
    _ shots: Int, _ seed: Int, _ rows: FitInputs.TrainingRows, _ notes: [String]
  ) -> TrainingDraw {
    TrainingDraw(
      setting: ["shots": JSON(shots)], seed: seed, rows: rows, shots: shots, notes: notes)
  }

  private func notes(on set: Dataset.Labelled, _ shots: Int, _ dataset: Dataset) -> [String] {
    var notes: [String] = []
    if seeds.count > 1 {
      notes.append(
        "The training rows are given with the dataset: one draw, not one for each of the "
          + "\(seeds.count) seeds.")
    }
    let counts = Dictionary(set.labels.map { ($0, 1) }, uniquingKeysWith: +)
    if counts.count < dataset.classes.count || counts.values.contains(where: { $0 != shots }) {
      notes.append("The given set does not hold \(shots) rows of every class.")
    }
    return notes
  }

  private mutating func skip(_ dataset: Dataset, _ shots: Int, _ reason: String) {
    skipped.append(
      "dataset '\(dataset.id)' has no \(shots)-shot training rows (\(reason)), so that they are "
        + "left out")
  }

  private func listed(_ shots: [Int]) -> String {
    shots.map { "\($0)" }.joined(separator: ", ")
  }
}
