package import Tensors

/// The outcomes of retrieving texts by images and images by texts: one row per query, with what is
/// left of its ranking.
///
/// Candidates are ranked by similarity and, where tied, by lower index: a candidate counts 1 for
/// itself and 1 for each that stands before it. Rows are the N images, then the M texts.
package struct RetrievalOutcomes: OutcomeTable {
  package enum Direction: Int32, Sendable {
    case imageToText = 0
    case textToImage = 1
  }

  package let directions: [Direction]
  /// The image that a row is about: itself, or the one that the text describes.
  ///
  /// It is also the independent unit, since the captions of an image share it.
  package let images: [Int32]
  /// The rank of the first relevant candidate, from 1; 0 for a query without relevant candidates,
  /// which no metric counts.
  package let ranks: [Int32]
  /// The mean, over the relevant candidates, of the precision at their ranks.
  package let averagePrecision: [Float]
  /// Where relevant candidates stand among the first ten; nil where it was not kept.
  package let heads: Heads?

  /// The first ten ranks of each row.
  package struct Heads: Equatable, Sendable {
    /// The number of relevant candidates, wherever they stand.
    package let relevant: [Int32]
    /// Bit r - 1 is set where a relevant candidate has rank r.
    package let hits: [Int32]

    static let depth = 10
  }

  package var n: Int { ranks.count }
  package var givenColumns: [String] { ["direction", "image"] }
  package var units: [Int]? { images.map(Int.init) }
  /// The number of queries that nothing is relevant for.
  package var excludedCount: Int { ranks.count { $0 == 0 } }

  package var columns: [String: Tensor] {
    let shape = Shape([n])
    var columns = [
      "direction": Tensor(directions.map(\.rawValue), shape: shape),
      "image": Tensor(images, shape: shape), "rank": Tensor(ranks, shape: shape),
      "average_precision": Tensor(averagePrecision, shape: shape),
    ]
    columns["relevant"] = heads.map { Tensor($0.relevant, shape: shape) }
    columns["hits10"] = heads.map { Tensor($0.hits, shape: shape) }
    return columns
  }

  init(
    directions: [Direction], images: [Int32], ranks: [Int32], averagePrecision: [Float],
    heads: Heads? = nil
  ) {
    self.directions = directions
    self.images = images
    self.ranks = ranks
    self.averagePrecision = averagePrecision
    self.heads = heads
  }

  /// Takes the outcomes from stored columns; `relevant` and `hits10` may be missing.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "rank")
    self.init(
      directions: try reader.flags("direction").map { $0 ? .textToImage : .imageToText },
      images: try reader.natural("image"), ranks: try reader.natural("rank"),
      averagePrecision: try reader.finite("average_precision"),
      heads: columns["hits10"] == nil
        ? nil
        : Heads(relevant: try reader.natural("relevant"), hits: try reader.natural("hits10")))
  }

  package func selecting(rows: [Int]) -> RetrievalOutcomes {
    RetrievalOutcomes(
      directions: rows.map { directions[$0] }, images: rows.map { images[$0] },
      ranks: rows.map { ranks[$0] }, averagePrecision: rows.map { averagePrecision[$0] },
      heads: heads.map { heads in
        Heads(relevant: rows.map { heads.relevant[$0] }, hits: rows.map { heads.hits[$0] })
      })
  }

  package func evaluator(for metric: String) -> (any WeightedMetric)? {
    if let rate = rate(for: metric) { return rate.metric }
    guard let query = Query(metric) else { return nil }
    let rows = (0..<n).filter { isCounted($0, query) }
    switch query.statistic {
    case "mrr":
      return SubsetMean(
        rows: rows, values: ranks.map { 1 / Double(max($0, 1)) }, reason: noQueries)
    case "map":
      return SubsetMean(rows: rows, values: averagePrecision.map(Double.init), reason: noQueries)
    case "median_rank": return MedianRank(rows: rows, ranks: ranks, reason: noQueries)
    default:
      return headMean(query.statistic).map {
        SubsetMean(rows: rows, values: $0, reason: noQueries)
      }
    }
  }

  /// Recall or average precision at a depth, of each row; nil for any other statistic.
  private func headMean(_ statistic: String) -> [Double]? {
    guard let heads else { return nil }
    for name in ["recall", "map"] where statistic.hasPrefix(name) {
      guard let depth = Int(statistic.dropFirst(name.count)), [1, 5, 10].contains(depth) else {
        return nil
      }
      return zip(heads.relevant, heads.hits).map { relevant, hits in
        guard relevant > 0 else { return 0 }
        return name == "recall"
          ? recall(relevant, hits, depth) : cutPrecision(relevant, hits, depth)
      }
    }
    return nil
  }

  package func rate(for metric: String) -> RowRate? {
    let depths: [String: Int32] = ["r1": 1, "r5": 5, "r10": 10]
    guard let query = Query(metric), let depth = depths[query.statistic] else { return nil }
    return RowRate(
      rows: n, among: { isCounted($0, query) }, where: { ranks[$0] <= depth }, reason: noQueries)
  }

  package func support(for metric: String) -> Int {
    guard let query = Query(metric) else { return 0 }
    return (0..<n).count { isCounted($0, query) }
  }

  private func isCounted(_ row: Int, _ query: Query) -> Bool {
    directions[row] == query.direction && ranks[row] > 0
  }

  private var noQueries: String { "no query of this direction has a relevant candidate" }

  /// A metric key taken apart.
  private struct Query {
    let direction: Direction
    let statistic: String

    init?(_ key: String) {
      let prefixes: [(String, Direction)] = [("i2t_", .imageToText), ("t2i_", .textToImage)]
      guard let (prefix, direction) = prefixes.first(where: { key.hasPrefix($0.0) }) else {
        return nil
      }
      self.direction = direction
      statistic = String(key.dropFirst(prefix.count))
    }
  }
}

/// The share of the relevant candidates that stand among the first `depth`.
private func recall(_ relevant: Int32, _ hits: Int32, _ depth: Int) -> Double {
  Double((hits & (1 << Int32(depth) - 1)).nonzeroBitCount) / Double(relevant)
}

/// The precision at each relevant rank up to `depth`, over the lesser of it and the relevant ones.
private func cutPrecision(_ relevant: Int32, _ hits: Int32, _ depth: Int) -> Double {
  var found = 0.0
  var sum = 0.0
  for rank in 1...depth where hits & (1 << Int32(rank - 1)) != 0 {
    found += 1
    sum += found / Double(rank)
  }
  return sum / Double(min(Int(relevant), depth))
}
