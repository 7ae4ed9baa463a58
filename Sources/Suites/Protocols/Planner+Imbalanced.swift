internal import Datasets
internal import Documents
internal import Random

extension Planner {
  /// One setting for each profile, ratio and seed, asked for the whole test set.
  mutating func addImbalanced(
    _ dataset: Dataset, profiles: [LongTailShape], ratios: [Double],
    frequency: SuiteProtocol.Frequency
  ) throws(SuiteError) {
    guard let labels = dataset.labels("train") else {
      throw unusable(dataset, "has no train.features")
    }
    let groups = groupings(of: dataset)
    for profile in profiles {
      for ratio in ratios {
        for seed in seeds {
          let draw: LongTailDraw
          do throws(SamplingError) {
            draw = try LongTailDraw(
              labels: labels, classCount: dataset.classes.count, shape: profile, ratio: ratio,
              key: Philox.key(suite.id, dataset.id, "long-tail", "\(seed)", "train"))
          } catch {
            throw unusable(dataset, "cannot give a long tail: \(error)")
          }
          let training = TrainingDraw(
            setting: [
              "profile": .string(profile.rawValue),
              "ratio": Int64(exactly: ratio).map(JSON.integer) ?? JSON(ratio),
            ], seed: seed, rows: .drawn(draw.rows), notes: notes(on: draw, ratio))
          addTest(
            dataset, training,
            groups: groups + [frequency.grouping(ofTestRowsIn: dataset, counts: draw.counts)])
        }
      }
    }
  }

  private func notes(on draw: LongTailDraw, _ ratio: Double) -> [String] {
    let (most, least) = (draw.counts.max() ?? 0, draw.counts.min() ?? 0)
    let sizes =
      "Training rows per class, in class order: "
      + draw.counts.map(String.init).joined(separator: ", ") + "."
    let reached = Double(most) / Double(max(least, 1))
    guard abs(reached - ratio) > 0.05 * ratio else { return [sizes] }
    return [
      sizes,
      "Whole rows give a ratio of \((reached * 10).rounded() / 10) instead of \(ratio).",
    ]
  }
}

extension SuiteProtocol.Frequency {
  /// The test rows by the number of training rows of their class; a group may stay empty.
  func grouping(ofTestRowsIn dataset: Dataset, counts: [Int]) -> Grouping {
    let codes: [Int32] = counts.map { $0 > manyAbove ? 0 : $0 < fewBelow ? 2 : 1 }
    return Grouping(
      by: "frequency", keys: ["many", "medium", "few"],
      codes: (dataset.labels("test") ?? []).map { codes[Int($0)] })
  }
}
