package import Tensors

/// The outcomes of retrieving texts by images and images by texts: one row per query, with what its
/// ranking amounts to.
///
/// Candidates are ranked by similarity; where they tie, every order is as likely as any other, and a
/// row holds what is expected (``TiedList``). Rows are the N images, then the M texts.
package struct RetrievalOutcomes: OutcomeTable {
  package enum Direction: Int32, Sendable {
    case imageToText = 0
    case textToImage = 1
  }

  /// What is kept of the ranking of each query; the raw value is the name of the column.
  package enum Statistic: String, CaseIterable, Sendable {
    /// Whether a relevant candidate stands among the first so many.
    case hit1, hit5, hit10
    /// The rank of the first relevant candidate, from 1.
    case rank
    /// One over that rank.
    case reciprocalRank = "reciprocal_rank"
    /// The mean, over the relevant candidates, of the precision at their ranks.
    case averagePrecision = "average_precision"
    /// The share of the relevant candidates that stand among the first so many.
    case recall1, recall5, recall10
    /// The precisions at relevant ranks among the first so many, over the lesser of that number and
    /// the relevant candidates.
    case averagePrecision1 = "average_precision1"
    case averagePrecision5 = "average_precision5"
    case averagePrecision10 = "average_precision10"

    /// The value on a ranking with a relevant candidate.
    func value(_ list: TiedList) -> Double {
      switch self {
      case .hit1: list.hit(atDepth: 1)
      case .hit5: list.hit(atDepth: 5)
      case .hit10: list.hit(atDepth: 10)
      case .rank: list.firstRank
      case .reciprocalRank: list.reciprocalRank
      case .averagePrecision: list.precisions() / Double(list.relevant)
      case .recall1: list.found(atDepth: 1) / Double(list.relevant)
      case .recall5: list.found(atDepth: 5) / Double(list.relevant)
      case .recall10: list.found(atDepth: 10) / Double(list.relevant)
      case .averagePrecision1: list.precisions(atDepth: 1)
      case .averagePrecision5: list.precisions(atDepth: 5) / Double(min(list.relevant, 5))
      case .averagePrecision10: list.precisions(atDepth: 10) / Double(min(list.relevant, 10))
      }
    }
  }

  package let directions: [Direction]
  /// The image that a row is about: itself, or the one that the text describes.
  ///
  /// It is also the independent unit, since the captions of an image share it.
  package let images: [Int32]
  /// The number of relevant candidates; a query without any counts in no metric.
  package let relevant: [Int32]
  /// Each statistic of each row; 0 for a query without relevant candidates.
  let values: [Statistic: [Double]]

  package var n: Int { images.count }
  package var givenColumns: [String] { ["direction", "image", "relevant"] }
  package var units: [Int]? { images.map(Int.init) }
  /// The number of queries that nothing is relevant for.
  package var excludedCount: Int { relevant.count { $0 == 0 } }

  package var columns: [String: Tensor] {
    let shape = Shape([n])
    var columns = [
      "direction": Tensor(directions.map(\.rawValue), shape: shape),
      "image": Tensor(images, shape: shape), "relevant": Tensor(relevant, shape: shape),
    ]
    for (statistic, values) in values { columns[statistic.rawValue] = Tensor(doubles: values) }
    return columns
  }

  init(
    directions: [Direction], images: [Int32], relevant: [Int32], values: [Statistic: [Double]]
  ) {
    self.directions = directions
    self.images = images
    self.relevant = relevant
    self.values = values
  }

  /// Takes the outcomes from stored columns.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "image")
    var values: [Statistic: [Double]] = [:]
    for statistic in Statistic.allCases {
      let column: [Double] = try reader.values(statistic.rawValue, .f64)
      try requireColumn(statistic.rawValue, column, count: reader.n, isNotNegative: true)
      values[statistic] = column
    }
    self.init(
      directions: try reader.flags("direction").map { $0 ? .textToImage : .imageToText },
      images: try reader.natural("image"), relevant: try reader.natural("relevant"),
      values: values)
  }

  package func selecting(rows: [Int]) -> RetrievalOutcomes {
    RetrievalOutcomes(
      directions: rows.map { directions[$0] }, images: rows.map { images[$0] },
      relevant: rows.map { relevant[$0] },
      values: values.mapValues { values in rows.map { values[$0] } })
  }
}
