internal import Contracts
internal import Datasets
internal import Documents
internal import Numerics

extension Suite {
  /// Lists every setting, without slicing any array.
  ///
  /// - Parameter override: Seeds to use in place of the suite's own.
  /// - Throws: one error with what is wrong with all datasets.
  package func plan(seeds override: [Int]? = nil) throws(SuiteError) -> SuitePlan {
    var planner = Planner(suite: self, seeds: override ?? seeds)
    var failures: [SuiteError] = []
    var ids: Set<String> = []
    for entry in datasets {
      do throws(SuiteError) {
        switch try open(entry) {
        case .absent(let message):
          guard whenAbsent == .skip else { throw SuiteError(.absentDataset, message) }
          planner.skipped.append(message)
        case .dataset(let dataset):
          guard ids.insert(dataset.id).inserted else {
            throw SuiteError(.badDataset, "\(path): dataset '\(dataset.id)' is listed twice")
          }
          try planner.add(dataset)
        }
      } catch {
        failures.append(error)
      }
    }
    guard let first = failures.first else {
      return SuitePlan(settings: planner.settings, skipped: planner.skipped)
    }
    throw SuiteError(first.code, failures.map(\.description).joined(separator: "\n"))
  }

  /// Makes the settings of a protocol, dataset by dataset.
  private struct Planner {
    let suite: Suite
    let seeds: [Int]
    var settings: [PlannedSetting] = []
    var skipped: [String] = []

    mutating func add(_ dataset: Dataset) throws(SuiteError) {
      switch suite.protocol {
      case .fewShot(let shots): try addFewShot(dataset, shots: shots)
      }
    }

    private mutating func addFewShot(_ dataset: Dataset, shots: [Int]) throws(SuiteError) {
      guard dataset.labels("test") != nil else { throw unusable(dataset, "has no test.features") }
      let groups = try groupings(of: dataset)
      for count in shots {
        switch dataset.shots {
        case .sets(let sets):
          guard let set = sets[count] else {
            skip(dataset, count, "it gives \(listed(sets.keys.sorted()))")
            continue
          }
          add(dataset, count, seeds.first ?? 0, .given(set), groups, notes(on: set, count, dataset))
        case .index(let draws):
          addStored(dataset, count, draws, groups)
        case nil:
          try addDrawn(dataset, count, groups)
        }
      }
    }

    private mutating func addStored(
      _ dataset: Dataset, _ shots: Int, _ draws: [[[Int]]], _ groups: [Grouping]
    ) {
      let depth = draws.first?.first?.count ?? 0
      guard shots <= depth else { return skip(dataset, shots, "its draws hold \(depth)") }
      for seed in seeds {
        guard draws.indices.contains(seed - 1) else {
          skipped.append(
            "dataset '\(dataset.id)' has stored draws for seeds 1 to \(draws.count), so that "
              + "\(shots) shots with seed \(seed) are left out")
          continue
        }
        let rows = draws[seed - 1].flatMap { $0.prefix(shots) }
        add(dataset, shots, seed, .drawn(rows), groups, [])
      }
    }

    private mutating func addDrawn(
      _ dataset: Dataset, _ shots: Int, _ groups: [Grouping]
    ) throws(SuiteError) {
      guard let labels = dataset.labels("train") else {
        throw unusable(dataset, "has neither train.features nor shots")
      }
      for seed in seeds {
        do throws(SamplingError) {
          let draw = try FewShotDraw(
            labels: labels, classCount: dataset.classes.count, shots: shots,
            key: key(dataset, seed, "train"))
          let notes =
            draw.repeatedClasses.isEmpty
            ? []
            : [
              "Training rows repeat in \(draw.repeatedClasses.count) of "
                + "\(dataset.classes.count) classes, which have fewer than \(shots) rows."
            ]
          add(dataset, shots, seed, .drawn(draw.rows), groups, notes)
        } catch {
          throw unusable(dataset, "cannot give \(shots) shots: \(error)")
        }
      }
    }

    private mutating func add(
      _ dataset: Dataset, _ shots: Int, _ seed: Int, _ train: FewShotSetting.TrainingRows,
      _ groups: [Grouping], _ notes: [String]
    ) {
      let made = FewShotSetting(
        dataset: dataset, train: train, validation: validation(dataset, shots, seed),
        groups: groups)
      let isOracle = dataset.manifest.valIsTest && made.handsOverValidation
      settings.append(
        PlannedSetting(
          suite: suite.id, suiteVersion: suite.version, suiteDigest: suite.digest,
          contract: suite.contract, metrics: suite.metrics, dataset: dataset,
          setting: ["shots": JSON(shots)], seed: seed, offered: made.offered,
          selectionIsOracle: isOracle,
          notes: isOracle
            ? notes + ["The validation rows are test rows: tuning on them is oracle selection."]
            : notes,
          make: { try made.materialise() }))
    }

    private func validation(
      _ dataset: Dataset, _ shots: Int, _ seed: Int
    ) -> FewShotSetting.ValidationRows {
      switch suite.validation {
      case .none: return .none
      case .full: return .all
      case .few:
        guard let labels = dataset.labels("val") else { return .none }
        return .drawn(
          rowsAtMost(
            min(shots, 4), labels: labels, classCount: dataset.classes.count,
            key: key(dataset, seed, "val")))
      }
    }

    /// Shots are no part of the key, so that draws of more shots contain those of fewer.
    private func key(_ dataset: Dataset, _ seed: Int, _ purpose: String) -> UInt64 {
      Philox.key(suite.id, dataset.id, "few-shot", "\(seed)", purpose)
    }

    private func notes(
      on set: Dataset.Labelled, _ shots: Int, _ dataset: Dataset
    ) -> [String] {
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

    private func groupings(of dataset: Dataset) throws(SuiteError) -> [Grouping] {
      var groupings: [Grouping] = []
      for by in suite.groups {
        do throws(Grouping.UnknownAttribute) {
          groupings.append(try Grouping.testRows(of: dataset, by: by))
        } catch {
          let sentence = unknown("attribute", error.name, among: error.known)
          throw SuiteError(
            .badDataset, "\(suite.path): at /groups: dataset '\(dataset.id)': \(sentence)")
        }
      }
      return groupings
    }

    private mutating func skip(_ dataset: Dataset, _ shots: Int, _ reason: String) {
      skipped.append(
        "dataset '\(dataset.id)' has no \(shots)-shot training rows (\(reason)), so that they are "
          + "left out")
    }

    private func unusable(_ dataset: Dataset, _ message: String) -> SuiteError {
      SuiteError(
        .badDataset,
        "\(dataset.folder)/dataset.json: dataset '\(dataset.id)' \(message), which suite "
          + "'\(suite.id)' needs")
    }

    private func listed(_ shots: [Int]) -> String {
      shots.map { "\($0)" }.joined(separator: ", ")
    }
  }
}
