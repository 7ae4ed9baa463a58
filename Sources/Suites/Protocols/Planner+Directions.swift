internal import Contracts
internal import Datasets
internal import Documents
internal import Random
internal import Tensors

extension Planner {
  /// One setting for each case, number of directions and seed, whose trial asks the case `repeats`
  /// times, each time with other directions; its rows are the estimates.
  ///
  /// All methods meet the same directions, so that they are compared pair by pair.
  mutating func addDirections(
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
