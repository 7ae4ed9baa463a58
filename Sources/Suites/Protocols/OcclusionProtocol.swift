internal import Contracts
package import Datasets
package import Documents
internal import Tensors

/// The pictures of each case as they stand, and again with a part of each hidden.
package struct OcclusionProtocol: SuiteProtocol {
  package static let kind = "occlusion"
  package static let task: String? = "classify-images"
  /// The shares of the area that are hidden, in percent.
  let shares: [Int]
  let regions: [Region]

  /// Which part of a picture is hidden.
  enum Region: String, CaseIterable {
    case centre, boundary
  }

  package init(_ json: JSON) {
    shares = json.integers("shares")
    regions = (json.strings("regions") ?? ["centre"]).compactMap(Region.init)
  }

  package var asked: Asked { .cases }
  package var asksShifts: Bool { true }
  package var partitions: [String] { ["shift"] }
  package var obstacleToGroups: String? {
    "protocol 'occlusion' groups by what is hidden; leave the groups out"
  }

  package func keys(of partition: String, in dataset: Dataset) -> [String]? { hidings.map(\.name) }

  package func size(on dataset: Dataset) -> PlanSize { PlanSize(factors: [dataset.cases.count]) }

  package func add(_ dataset: Dataset, to planner: inout Planner) throws(SuiteError) {
    try planner.addOcclusions(dataset, hidings)
  }

  fileprivate var hidings: [Hiding] {
    regions.flatMap { region in shares.map { Hiding(region: region, percent: $0) } }
  }
}

/// What is hidden of each picture.
private struct Hiding: Sendable {
  let region: OcclusionProtocol.Region
  let percent: Int

  var name: String { "\(region.rawValue)-\(percent)" }

  /// Whether a cell is hidden: the box in the middle with a share of the area, or all around the box
  /// with the rest.
  func hides(row: Int, column: Int, height: Int, width: Int) -> Bool {
    let share = Double(region == .centre ? percent : 100 - percent) / 100
    func isWithin(_ place: Int, _ extent: Int) -> Bool {
      let side = Int((Double(extent) * share.squareRoot()).rounded())
      let start = (extent - side) / 2
      return start..<start + side ~= place
    }
    return (isWithin(row, height) && isWithin(column, width)) == (region == .centre)
  }

  /// The same pictures `[Q, C, H, W]`, or tokens `[Q, P, D]` of a grid, with the mean of each plane
  /// over all of them, or of each feature, where something is hidden.
  func applied(to pictures: Tensor, gridRows: Int?) -> Tensor {
    let extents = pictures.shape.extents
    let (planes, height, width, depth): (Int, Int, Int, Int)
    if let gridRows {
      (planes, height, width, depth) = (1, gridRows, extents[1] / max(gridRows, 1), extents[2])
    } else {
      (planes, height, width, depth) = (extents[1], extents[2], extents[3], 1)
    }
    var numbers = pictures.withElements(of: Float.self) { Array($0) }
    let size = height * width
    for plane in 0..<planes {
      for feature in 0..<depth {
        let places = (0..<extents[0] * size).map { cell in
          (((cell / size) * planes + plane) * size + cell % size) * depth + feature
        }
        let sum = places.reduce(0.0) { $0 + Double(numbers[$1]) }
        let mean = Float(sum / Double(max(places.count, 1)))
        for (cell, place) in places.enumerated() {
          let (row, column) = (cell % size / width, cell % width)
          if hides(row: row, column: column, height: height, width: width) {
            numbers[place] = mean
          }
        }
      }
    }
    return Tensor(numbers, shape: pictures.shape)
  }
}

extension Planner {
  /// One setting for each case and seed, asked for its pictures and for each hiding of a part of them.
  fileprivate mutating func addOcclusions(
    _ dataset: Dataset, _ hidings: [Hiding]
  ) throws(SuiteError) {
    try checkCases(of: dataset)
    let contract = suite.contract
    for entry in dataset.cases {
      guard entry.query.count == 1 else {
        throw unusable(
          dataset, "has case '\(entry.name)' with both pictures and tokens, or neither")
      }
      for seed in seeds {
        settings.append(
          PlannedSetting(
            suite: suite.id, suiteVersion: suite.version, suiteDigest: suite.digest,
            contract: contract, metrics: suite.metrics, dataset: dataset, setting: entry.setting,
            seed: seed, offered: Set(entry.fit.keys).union(entry.query.keys), demanded: [],
            selectionIsOracle: false, notes: [],
            make: {
              let given = try sources(entry.query, contract.predict)
              let truth = try tensors(entry.truth, contract.truth)
              let rows = try entry.query["query.tokens"] == nil ? nil : gridRows(entry)
              var queries = [CaseQuery(name: CaseQuery.testSet, inputs: given, truth: truth)]
              for hiding in hidings {
                let pictures = try Tensor(
                  dtype: given[0].dtype, shape: given[0].shape, fill: given[0].write)
                let hidden = TensorSource(
                  name: given[0].name, tensor: hiding.applied(to: pictures, gridRows: rows))
                var query = CaseQuery(
                  name: hiding.name, part: .shift(ShiftID(hiding.name)), inputs: [hidden],
                  truth: truth)
                query.reference = CaseQuery.testSet
                queries.append(query)
              }
              return EvaluationCase(
                fit: try sources(entry.fit, contract.fit), queries: queries,
                rows: [
                  "train": entry.fit["train.labels"]?.shape[0] ?? 0, "query": given[0].shape[0],
                ])
            }))
      }
    }
  }
}

private func gridRows(_ entry: Dataset.Case) throws -> Int? {
  try entry.fit["grid.rows"]?.tensor(as: .i32).withElements(of: Int32.self) { Int($0[0]) }
}

// MARK: In suite files

extension OcclusionProtocol {
  package static let schema = #"""
    {
      "description": "The pictures of each case as they stand, and once for each share of the area and region with that part hidden by the mean colour.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "shares"],
      "properties": {
        "kind": { "const": "occlusion" },
        "shares": {
          "description": "The shares of the area that are hidden, in percent.",
          "type": "array",
          "uniqueItems": true,
          "items": { "type": "integer", "minimum": 1, "maximum": 99 }
        },
        "regions": {
          "description": "Which part is hidden: the centre, or all around it.",
          "type": "array",
          "minItems": 1,
          "uniqueItems": true,
          "items": { "enum": ["centre", "boundary"] },
          "default": ["centre"]
        }
      }
    }
    """#
}
