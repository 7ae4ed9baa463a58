package import Datasets
package import Documents
internal import Metrics
internal import Random

/// Long-tailed training sets for each profile, ratio and seed.
package struct ImbalancedProtocol: SuiteProtocol {
  package static let kind = "imbalanced"
  let profiles: [LongTailShape]
  let ratios: [Double]
  let frequency: Frequency

  /// When the classes of a long tail count as many, medium or few, by their training rows.
  struct Frequency: Equatable {
    /// Classes with more rows than this are `many`.
    let manyAbove: Int
    /// Classes with fewer rows than this are `few`.
    let fewBelow: Int

    static let keys = ["many", "medium", "few"]
  }

  package init(_ json: JSON) {
    profiles = (json.strings("profiles") ?? []).compactMap(LongTailShape.init)
    ratios = (json["ratios"]?.array ?? []).compactMap(\.double)
    frequency = Frequency(
      manyAbove: json["many_above"]?.int ?? 0, fewBelow: json["few_below"]?.int ?? 0)
  }

  package var problems: [DocumentProblem] {
    guard frequency.fewBelow > 0, frequency.fewBelow - 1 > frequency.manyAbove else { return [] }
    return [
      DocumentProblem(
        pointer: "/protocol/few_below",
        message: "a class cannot be many above \(frequency.manyAbove) rows and few below "
          + "\(frequency.fewBelow)")
    ]
  }

  package var partitions: [String] { ["frequency"] }

  package func keys(of partition: String, in dataset: Dataset) -> [String]? { Frequency.keys }

  package func size(on dataset: Dataset) -> PlanSize {
    let factors = [profiles.count, ratios.count]
    return PlanSize(
      factors: factors,
      drawnRows: Int.saturatingProduct(factors + [dataset.labels("train")?.count ?? 0]))
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addImbalanced(
      dataset, profiles: profiles, ratios: ratios, frequency: frequency)
  }
}

extension Planner {
  /// One setting for each profile, ratio and seed, asked for the whole test set.
  fileprivate mutating func addImbalanced(
    _ dataset: Dataset, profiles: [LongTailShape], ratios: [Double],
    frequency: ImbalancedProtocol.Frequency
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

extension ImbalancedProtocol.Frequency {
  /// The test rows by the number of training rows of their class; a group may stay empty.
  func grouping(ofTestRowsIn dataset: Dataset, counts: [Int]) -> Grouping {
    let codes: [Int32] = counts.map { $0 > manyAbove ? 0 : $0 < fewBelow ? 2 : 1 }
    return Grouping(
      by: "frequency", keys: Self.keys,
      codes: (dataset.labels("test") ?? []).map { codes[Int($0)] })
  }
}

// MARK: In suite files

extension ImbalancedProtocol {
  package static let schema = #"""
    {
      "description": "Long-tailed training sets, for each profile, ratio and seed; the test set stays as it is.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "profiles", "ratios"],
      "properties": {
        "kind": { "const": "imbalanced" },
        "profiles": {
          "description": "How class sizes fall off in class order: geometrically, or at once after the first half.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "enum": ["exponential", "step"] }
        },
        "ratios": {
          "description": "The size of the largest class over that of the smallest.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "type": "number", "minimum": 1, "maximum": 1e9 }
        },
        "many_above": {
          "description": "Classes with more training rows than this form the group 'many'.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 100
        },
        "few_below": {
          "description": "Classes with fewer training rows than this form the group 'few'; the rest is 'medium'.",
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 20
        }
      }
    }
    """#
}
