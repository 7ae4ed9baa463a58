package import Tensors

/// The outcomes of a recommender: one row per scored pair of a user and an item.
///
/// The rows of a user are the list that is ranked by score; of tied rows every order is as likely.
/// The user is the independent unit, so that all rows of a user carry one weight. Users without a
/// relevant item have no ranking to judge; ranking metrics leave them out, those of gains only where
/// every relevance is 0.
package struct RecommendationOutcomes: OutcomeTable {
  package let users: [Int32]
  package let items: [Int32]
  /// How relevant the item is to the user: a probability, or a grade from 0 on; an item counts as
  /// relevant above 1/2.
  package let relevance: [Float]
  /// Logits: higher is better, and 1 / (1 + exp(-score)) is the probability of relevance.
  package let scores: [Float]
  /// The probability that the item was shown, where the relevance is that of clicks.
  package let exposure: [Float]?
  /// The ranked rows of each user.
  let lists: RowGroups

  package var n: Int { users.count }
  package var units: [Int]? { users.map(Int.init) }
  package var givenColumns: [String] {
    ["user", "item", "relevance"] + (exposure == nil ? [] : ["exposure"])
  }

  package var columns: [String: Tensor] {
    let shape = Shape([n])
    var columns = [
      "user": Tensor(users, shape: shape), "item": Tensor(items, shape: shape),
      "relevance": Tensor(relevance, shape: shape), "score": Tensor(scores, shape: shape),
    ]
    columns["exposure"] = exposure.map { Tensor($0, shape: shape) }
    return columns
  }

  /// Takes the outcomes of scores `[Q]` f32 of pairs `[Q, 2]` i32.
  ///
  /// - Throws: ``MetricsError`` if shapes differ, a score is not finite, a relevance is negative or
  ///   not finite, or an exposure is not above 0.
  package init(
    scores: Tensor, pairs: Tensor, relevance: Tensor, exposure: Tensor? = nil
  ) throws(MetricsError) {
    let count = pairs.shape.extents.first ?? 0
    guard pairs.dtype == .i32, pairs.shape == Shape([count, 2]) else {
      throw MetricsError(
        .invalidInput, "The pairs are \(pairs.dtype) \(pairs.shape); wanted is i32 [Q, 2].")
    }
    let numbers = pairs.withElements(of: Int32.self) { Array($0) }
    var columns = ["score": scores, "relevance": relevance]
    for (place, name) in ["user", "item"].enumerated() {
      columns[name] = Tensor((0..<count).map { numbers[2 * $0 + place] }, shape: Shape([count]))
    }
    columns["exposure"] = exposure
    try self.init(columns: columns)
  }

  /// Takes the outcomes from stored columns.
  package init(columns: [String: Tensor]) throws(MetricsError) {
    let reader = try ColumnReader(columns, rowsOf: "user")
    let exposure = columns["exposure"] == nil ? nil : try reader.finite("exposure")
    self.init(
      users: try reader.natural("user"), items: try reader.natural("item"),
      relevance: try reader.finite("relevance"), scores: try reader.finite("score"),
      exposure: exposure)
    guard relevance.allSatisfy({ $0 >= 0 }) else {
      throw MetricsError(.invalidInput, "The column 'relevance' holds negative numbers.")
    }
    guard exposure?.allSatisfy({ $0 > 0 && $0 <= 1 }) ?? true else {
      throw MetricsError(
        .invalidInput, "The column 'exposure' holds numbers that are not above 0 and up to 1.")
    }
  }

  private init(
    users: [Int32], items: [Int32], relevance: [Float], scores: [Float], exposure: [Float]?
  ) {
    self.users = users
    self.items = items
    self.relevance = relevance
    self.scores = scores
    self.exposure = exposure
    lists = RowGroups(ranking: scores, of: users)
  }

  package func selecting(rows: [Int]) -> RecommendationOutcomes {
    RecommendationOutcomes(
      users: rows.map { users[$0] }, items: rows.map { items[$0] },
      relevance: rows.map { relevance[$0] }, scores: rows.map { scores[$0] },
      exposure: exposure.map { known in rows.map { known[$0] } })
  }
}

extension RowGroups {
  /// The rows of each user by descending score, of equal ones the earlier; users as they appear.
  fileprivate init(ranking scores: [Float], of users: [Int32]) {
    var places: [Int32: Int32] = [:]
    let groups = users.map { user in
      let place = places[user, default: Int32(places.count)]
      places[user] = place
      return place
    }
    let lists = RowGroups(groupOfRow: groups, count: places.count)
    var rows = lists.rows
    for user in 0..<lists.count {
      rows[lists.starts[user]..<lists.starts[user + 1]].sort { one, other in
        let (left, right) = (scores[Int(one)], scores[Int(other)])
        return left == right ? one < other : left > right
      }
    }
    self.init(rows: rows, starts: lists.starts)
  }
}
