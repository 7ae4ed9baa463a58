internal import Contracts
package import Datasets
package import Documents
internal import Random
internal import Tensors

/// Each case asked again and again, each time with directions of its own.
package struct DirectionsProtocol: SuiteProtocol {
  package static let kind = "directions"
  package static let task: String? = "estimate-distance"
  let counts: [Int]
  let repeats: Int

  /// The numbers that the directions of one trial may have.
  private static let largestDirections = 100_000_000

  package init(_ json: JSON) {
    counts = json.integers("counts")
    repeats = json["repeats"]?.int ?? 1
  }

  package var asked: Asked { .cases }
  package var obstacleToGroups: String? {
    "the cases of protocol 'directions' are asked one by one and have no attributes; leave the "
      + "groups out"
  }

  package func size(on dataset: Dataset) -> PlanSize {
    let widths = dataset.cases.map { $0.query["sample.x"]?.shape.extents.last ?? 1 }
    let numbers = Int.saturatingProduct([counts.max() ?? 0, repeats, widths.max() ?? 0])
    let obstacle =
      "makes a trial hand over more than \(Self.largestDirections) numbers of directions; take fewer "
      + "of them, or fewer repeats"
    return PlanSize(
      factors: [counts.count, dataset.cases.count],
      obstacle: numbers > Self.largestDirections ? obstacle : nil)
  }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addDirections(dataset, counts: counts, repeats: repeats)
  }
}

extension Planner {
  /// One setting for each case, number of directions and seed, whose trial asks the case `repeats`
  /// times, each time with other directions; its rows are the estimates.
  ///
  /// All methods meet the same directions, so that they are compared pair by pair.
  fileprivate mutating func addDirections(
    _ dataset: Dataset, counts: [Int], repeats: Int
  ) throws(SuiteError) {
    try checkCases(of: dataset)
    let contract = suite.contract
    for entry in dataset.cases {
      for count in counts {
        for seed in seeds {
          let names = [suite.id, dataset.id, entry.name, "\(count)", "\(seed)", "directions"]
          let key = Philox.key(names)
          settings.append(
            PlannedSetting(
              suite: suite.id, suiteVersion: suite.version, suiteDigest: suite.digest,
              contract: contract, metrics: suite.metrics, dataset: dataset,
              setting: entry.setting.merging(["directions": JSON(count)]) { $1 }, seed: seed,
              offered: Set(entry.fit.keys).union(entry.query.keys).union(["directions"]),
              demanded: ["directions"], selectionIsOracle: false, notes: [],
              make: {
                let given = try sources(entry.query, contract.predict)
                let truth = try tensors(entry.truth, contract.truth)
                let width = given.first { $0.name == "sample.x" }?.shape[1] ?? 0
                let queries = (0..<repeats).map { place in
                  var query = CaseQuery(
                    name: "\(entry.name) \(place + 1)",
                    inputs: given + [
                      TensorSource(
                        name: "directions",
                        tensor: unitDirections(count, width, key: key, stream: UInt64(place)))
                    ], truth: truth)
                  // The samples are the same in all of them, and workers share one copy.
                  query.orderName = entry.name
                  return query
                }
                return EvaluationCase(
                  fit: try sources(entry.fit, contract.fit), queries: queries,
                  rows: ["query": repeats])
              }))
        }
      }
    }
  }
}

/// Directions `[count, width]` drawn uniformly on the unit sphere.
private func unitDirections(_ count: Int, _ width: Int, key: UInt64, stream: UInt64) -> Tensor {
  var random = Philox(key: key, stream: stream)
  var values: [Float] = []
  for _ in 0..<count {
    let row = (0..<width).map { _ in random.normal() }
    let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
    values += row.map { Float($0 / norm) }
  }
  return Tensor(values, shape: [count, width])
}

// MARK: In suite files

extension DirectionsProtocol {
  package static let schema = #"""
    {
      "description": "Each case of the datasets asked again and again, each time with unit directions of its own, drawn uniformly on the sphere.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "counts"],
      "properties": {
        "kind": { "const": "directions" },
        "counts": {
          "description": "The numbers of directions.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 1, "maximum": 1000000 }
        },
        "repeats": {
          "description": "How often each case is asked in one trial.",
          "type": "integer",
          "minimum": 1,
          "maximum": 200,
          "default": 100
        }
      }
    }
    """#
}
