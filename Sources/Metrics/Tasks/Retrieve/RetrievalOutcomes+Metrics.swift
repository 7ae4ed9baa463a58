/// The metrics of both directions; of tied candidates every order is as likely.
extension RetrievalOutcomes {
  package static let metrics: [Metric<RetrievalOutcomes>] =
    metrics(of: .imageToText) + metrics(of: .textToImage)

  private static func metrics(of direction: Direction) -> [Metric<RetrievalOutcomes>] {
    let isOfImages = direction == .imageToText
    let prefix = isOfImages ? "i2t" : "t2i"
    let title = isOfImages ? "image to text" : "text to image"
    let queries = isOfImages ? "images that have texts" : "texts"

    func metric(
      _ key: String, _ name: String, _ statistic: Statistic,
      better: MetricInfo.Direction = .higher, range: ClosedRange<Double> = 0...1,
      isDefault: Bool = false, _ summary: String
    ) -> Metric<RetrievalOutcomes> {
      Metric(
        "\(prefix)_\(key)", "\(name), \(title)", version: 2, direction: better, range: range,
        isDefault: isDefault, undefined: noQueries,
        source: "ties as in McSherry and Najork, ECIR 2008", summary
      ) {
        $0.mean(of: statistic, direction)
      } counting: {
        $0.queries(direction)
      } note: {
        $0.note(on: direction)
      }
    }

    let hits = [(1, Statistic.hit1), (5, .hit5), (10, .hit10)].map { k, statistic in
      metric(
        "r\(k)", "R@\(k)", statistic, isDefault: true,
        "Share of \(queries) with a match among the first \(k); where similarities tie, the "
          + "probability of one in a random order.")
    }
    let recalls = [(1, Statistic.recall1), (5, .recall5), (10, .recall10)].map { k, statistic in
      metric(
        "recall\(k)", "Recall@\(k) (true)", statistic,
        "Share of a query's matches that stand among the first \(k), mean over \(queries); R@\(k) "
          + "asks only whether there is one.")
    }
    let precisions = [
      (1, Statistic.averagePrecision1), (5, .averagePrecision5), (10, .averagePrecision10),
    ].map { k, statistic in
      metric(
        "map\(k)", "mAP@\(k)", statistic,
        "Precision at the rank of each match among the first \(k), summed and divided by the lesser "
          + "of \(k) and the number of matches; mean over \(queries).")
    }
    return hits + [
      metric(
        "median_rank", "Median rank", .rank, better: .lower, range: 1...Double.infinity,
        isDefault: true,
        "Median over the queries of the rank of the first match, from 1; where similarities tie, of "
          + "its mean over their orders."),
      metric(
        "mrr", "MRR", .reciprocalRank, isDefault: true,
        "Mean reciprocal rank of the first match."),
      metric(
        "map", "mAP", .averagePrecision, isDefault: true,
        "Mean over the queries of the mean precision at the ranks of all matches."),
    ] + recalls + precisions
  }

  private static let noQueries = "no query of this direction has a relevant candidate"

  private func mean(of statistic: Statistic, _ direction: Direction) -> (any WeightedMetric)? {
    guard let values = values[statistic] else { return nil }
    let rows = queries(direction)
    return statistic == .rank
      ? MedianRank(rows: rows, ranks: values, reason: Self.noQueries)
      : SubsetMean(rows: rows, values: values, reason: Self.noQueries)
  }

  /// The queries of a direction that something is relevant for.
  private func queries(_ direction: Direction) -> [Int] {
    (0..<n).filter { directions[$0] == direction && relevant[$0] > 0 }
  }

  private func note(on direction: Direction) -> String? {
    let all = directions.count { $0 == direction }
    let left = all - queries(direction).count
    let names = direction == .imageToText ? "images" : "texts"
    return left > 0
      ? "nothing is relevant to \(left) of \(all) \(names), which do not count" : nil
  }
}
