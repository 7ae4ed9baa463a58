package import Datasets
internal import Documents

/// How settings are made from a dataset.
package enum SuiteProtocol: Sendable, Equatable {
  /// `k` labelled training rows of each class, for each `k` and seed.
  case fewShot(shots: [Int])
  /// One fit, then the test set and every shifted set, each on its own; nil means all shifts.
  case shifts(train: [TrainingBudget], names: [String]?)
  /// Test rows mixed with those of one OOD set, one setting per set; nil means all sets.
  case detectOOD(train: [TrainingBudget], names: [String]?)
  /// Long-tailed training sets for each profile, ratio and seed.
  case imbalanced(profiles: [LongTailShape], ratios: [Double], frequency: Frequency)

  /// Training on the first half of the classes, tests on both halves.
  case baseToNew(shots: [Int])
  /// The training rows without their labels.
  case unsupervised
  /// Mixtures of the sources of the training rows, each at several sizes, then as `shifts`.
  case sources(attribute: String, mixes: [[String: Double]], sizes: [Int], names: [String]?)
  /// Each prompt template on its own as the class text.
  case prompts(train: [TrainingBudget])
  /// Each case asked again and again, each time with directions of its own.
  case directions(counts: [Int], repeats: Int)
  /// Each finding of a dataset on its own; nil means all. The attribute `shortcut` marks the rows
  /// with a cue that may give the finding away.
  case audit(train: [TrainingBudget], targets: [String]?, shortcut: String?)
  /// Attributes of the rows as labels, of the features as they are and of what a plot of them shows.
  case probe(attributes: [String]?, spaces: [Space])
  /// The cases of the dataset as they stand, for each seed; of any task.
  case given

  /// The features that an attribute is read from.
  package enum Space: String, CaseIterable, Sendable {
    case full
    /// The first two principal components of the training rows.
    case pca2
  }

  /// The training rows that a setting hands over.
  package enum TrainingBudget: Sendable, Equatable {
    case none
    /// The whole training split.
    case full
    /// So many rows of each class.
    case shots(Int)
  }

  /// When the classes of a long tail count as many, medium or few, by their training rows.
  package struct Frequency: Sendable, Equatable {
    /// Classes with more rows than this are `many`.
    package let manyAbove: Int
    /// Classes with fewer rows than this are `few`.
    package let fewBelow: Int
  }

  /// The name in suite files.
  package var kind: String {
    switch self {
    case .fewShot: "few-shot"
    case .shifts: "shifts"
    case .detectOOD: "detect-ood"
    case .imbalanced: "imbalanced"
    case .baseToNew: "base-to-new"
    case .unsupervised: "unsupervised"
    case .sources: "sources"
    case .prompts: "prompts"
    case .directions: "directions"
    case .audit: "audit"
    case .probe: "probe"
    case .given: "given"
    }
  }

  /// Whether the protocol asks the cases of a dataset rather than its splits.
  var asksCases: Bool {
    switch self {
    case .given, .directions: true
    default: false
    }
  }

  /// Whether shifted sets are asked for beside the test set.
  var asksShifts: Bool {
    switch self {
    case .shifts, .sources: true
    default: false
    }
  }

  /// The task that the protocol makes settings of; nil for any.
  package var task: String? {
    switch self {
    case .fewShot, .shifts, .imbalanced, .baseToNew, .unsupervised, .audit, .probe, .prompts,
      .sources:
      "classify"
    case .detectOOD: "detect-ood"
    case .directions: "estimate-distance"
    case .given: nil
    }
  }
}

extension SuiteProtocol {
  /// Reads a protocol that the schema has passed and completed.
  init(_ json: JSON) {
    let train = (json["train"]?.array ?? []).compactMap(TrainingBudget.init)
    let shots = (json["shots"]?.array ?? []).compactMap(\.int)
    func names(_ key: String) -> [String]? { json[key]?.array?.compactMap(\.string) }
    switch json["kind"]?.string {
    case "shifts": self = .shifts(train: train, names: names("shifts"))
    case "detect-ood": self = .detectOOD(train: train, names: names("sets"))
    case "imbalanced":
      self = .imbalanced(
        profiles: (names("profiles") ?? []).compactMap(LongTailShape.init),
        ratios: (json["ratios"]?.array ?? []).compactMap(\.double),
        frequency: Frequency(
          manyAbove: json["many_above"]?.int ?? 0, fewBelow: json["few_below"]?.int ?? 0))
    case "audit":
      self = .audit(train: train, targets: names("targets"), shortcut: json["shortcut"]?.string)
    case "probe":
      self = .probe(
        attributes: names("attributes"),
        spaces: (names("spaces") ?? []).compactMap(Space.init))
    case "base-to-new": self = .baseToNew(shots: shots)
    case "unsupervised": self = .unsupervised
    case "given": self = .given
    case "prompts": self = .prompts(train: train)
    case "sources":
      self = .sources(
        attribute: json["attribute"]?.string ?? "",
        mixes: (json["mixes"]?.array ?? []).map { mix in
          (mix.object ?? [:]).compactMapValues(\.double)
        },
        sizes: (json["sizes"]?.array ?? []).compactMap(\.int), names: names("shifts"))
    case "directions":
      self = .directions(
        counts: (json["counts"]?.array ?? []).compactMap(\.int), repeats: json["repeats"]?.int ?? 1)
    default: self = .fewShot(shots: shots)
    }
  }
}

extension SuiteProtocol.TrainingBudget {
  /// Reads `"none"`, `"full"` or a number of rows per class.
  init?(_ json: JSON) {
    if let count = json.int {
      self = .shots(count)
    } else {
      self = json.string == "full" ? .full : .none
    }
  }

  /// The member of a setting that tells the budget.
  var setting: [String: JSON] {
    switch self {
    case .none: ["train": "none"]
    case .full: ["train": "full"]
    case .shots(let count): ["shots": JSON(count)]
    }
  }
}
