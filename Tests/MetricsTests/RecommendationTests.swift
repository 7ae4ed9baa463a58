import Estimates
import Foundation
import Random
import Tensors
import Testing

@testable import Metrics

private let keys = Task.recommend.metrics.map(\.key)
private let listKeys = keys.filter { !$0.hasSuffix("cross_entropy") }

/// Lists of 9 items of 8 users, from the generator of ``ReferenceSample`` started at 5; nothing is
/// relevant to user 0.
///
/// Ties go to the earlier row unless they are to be left.
private func sample(keepingTies: Bool = false) throws -> RecommendationOutcomes {
  var state: UInt64 = 5
  func uniform() -> Double {
    state = (state * 1_103_515_245 + 12345) % (1 << 31)
    return Double(state) / Double(1 << 31)
  }
  var (pairs, relevance, exposure, scores) = ([Int32](), [Float](), [Float](), [Float]())
  for user in 0..<8 {
    for item in 0..<9 {
      pairs += [Int32(user), Int32(item)]
      relevance.append(uniform() < 0.3 ? 1 : 0)
      exposure.append(Float(0.05 + 0.9 * uniform()))
      scores.append(Float((16 * uniform()).rounded(.down) / 2 - 4) + 2 * relevance[user * 9 + item])
      if !keepingTies { scores[user * 9 + item] -= Float(item) * 1e-6 }
    }
  }
  return try outcomes(pairs, relevance, scores, exposure: exposure)
}

private func outcomes(
  _ pairs: [Int32], _ relevance: [Float], _ scores: [Float], exposure: [Float]? = nil
) throws -> RecommendationOutcomes {
  let shape = Shape([pairs.count / 2])
  return try RecommendationOutcomes(
    scores: Tensor(scores, shape: Shape([scores.count])),
    pairs: Tensor(pairs, shape: Shape([pairs.count / 2, 2])),
    relevance: Tensor(relevance, shape: shape),
    exposure: exposure.map { Tensor($0, shape: shape) })
}

/// One user's list of items in the order of the numbers given.
private func list(_ relevance: [Float], exposure: [Float]? = nil) throws -> RecommendationOutcomes {
  try outcomes(
    relevance.indices.flatMap { [0, Int32($0)] }, relevance,
    relevance.indices.map { -Float($0) }, exposure: exposure)
}

@Suite("Recommendation")
struct RecommendationTests {
  /// Origin: a double loop in Python after the definitions of Saito et al.; nDCG by `ndcg_score` of
  /// scikit-learn 1.9.1 (`ignore_ties=True`, ties broken beforehand), the cross-entropy by its
  /// `log_loss`; the IPS form written out in NumPy 2.4.6.
  @Test(
    "values agree with a double loop and scikit-learn",
    arguments: [
      ("dcg1_saito", 1), ("dcg3_saito", 1.3758471076530654), ("dcg5_saito", 1.7230866159492646),
      ("dcg10_saito", 1.9626119675379552), ("ndcg1", 1), ("ndcg3", 0.7043160677950073),
      ("ndcg5", 0.8067391204792246), ("ndcg10", 0.8937328769180949),
      ("recall1", 0.44523809523809516), ("recall3", 0.5571428571428572),
      ("recall5", 0.8238095238095238), ("recall10", 1), ("map1", 1), ("map3", 0.603174603174603),
      ("map5", 0.6865079365079365), ("map10", 0.7677437641723355),
      ("map1_saito", 0.44523809523809516), ("map3_saito", 0.5412698412698412),
      ("map5_saito", 0.6865079365079365), ("map10_saito", 0.7677437641723355),
      ("snips_dcg1_saito", 0.43465027083329133), ("snips_dcg3_saito", 0.5265061552505054),
      ("snips_dcg5_saito", 0.6868365393334176), ("snips_dcg10_saito", 0.7272612404751431),
      ("ips_dcg1_saito", 0.4088333889411427), ("ips_dcg3_saito", 0.5379391629124973),
      ("ips_dcg5_saito", 0.8389209185096197), ("ips_dcg10_saito", 0.9119093814327679),
      ("ndcg1_exp", 1), ("ndcg3_exp", 0.7043160677950073), ("ndcg5_exp", 0.8067391204792246),
      ("ndcg10_exp", 0.8937328769180949), ("cross_entropy", 0.9224920782564249),
      ("ips_cross_entropy", -1.255194925010577),
    ])
  func reference(key: String, wanted: Double) throws {
    // The likelihood sees the scores, which breaking ties moves.
    let table = try sample(keepingTies: key.hasSuffix("cross_entropy"))
    #expect(abs(try #require(value(key, of: table)) - wanted) < 1e-6)
  }

  @Test("every metric has a reference value", arguments: keys)
  func keyIsKnown(key: String) throws {
    #expect(try sample().evaluator(for: key) != nil)
  }

  @Test("ranks 1 and 2 weigh the same in the published DCG, rank 4 a half")
  func discount() throws {
    #expect(value("dcg3_saito", of: try list([1, 0, 0, 0])) == 1)
    #expect(value("dcg3_saito", of: try list([0, 1, 0, 0])) == 1)
    #expect(value("dcg5_saito", of: try list([0, 0, 0, 1])) == 0.5)
    #expect(value("dcg3_saito", of: try list([0, 0, 0, 1])) == 0)
    // A relevance between counts as a gain, and as relevant above 1/2.
    #expect(value("dcg1_saito", of: try list([0.75, 0])) == 0.75)
    #expect(value("recall1", of: try list([0.25, 0.75])) == 0)
  }

  /// Origin: `ndcg_score` of scikit-learn 1.9.1 on 2^r - 1, and on r.
  @Test(
    "of graded relevance the exponential gain agrees with scikit-learn",
    arguments: [
      ("ndcg1_exp", 0.681792830507429), ("ndcg3_exp", 0.6894257611653227),
      ("ndcg5_exp", 0.683249187789631), ("ndcg10_exp", 0.8274809856541305), ("ndcg1", 0.75),
      ("ndcg3", 0.7245757672892055), ("ndcg5", 0.7100834581307918), ("ndcg10", 0.8522574486845103),
    ])
  func graded(key: String, wanted: Double) throws {
    let found = try #require(value(key, of: try list([0.75, 0.25, 1, 0, 0.5, 0.9])))
    #expect(abs(found - wanted) < 1e-6)
  }

  @Test("the plain estimate from clicks divides by the number of items, whatever their exposure")
  func plainEstimate() throws {
    let even = try list([1, 0, 1, 1], exposure: [0.5, 0.5, 0.5, 0.5])
    let dcg = try #require(value("dcg3_saito", of: even))
    #expect(abs(try #require(value("ips_dcg3_saito", of: even)) - 2 * dcg / 4) < 1e-12)
    // A propensity below 0.01 counts as 0.01.
    let rare = try list([1, 0], exposure: [0.001, 1])
    #expect(abs(try #require(value("ips_dcg1_saito", of: rare)) - 100.0 / 2) < 1e-9)
  }

  @Test("lists shorter than k count as padded with what is irrelevant")
  func short() throws {
    let table = try list([0, 1])
    #expect(value("dcg10_saito", of: table) == 1)
    #expect(value("map5_saito", of: table) == 0.5)
    #expect(value("ndcg10", of: table) == 1 / log2(3))
  }

  @Test("of a constant score the place of the relevant item decides nothing")
  func ties() throws {
    for place in 0..<10 {
      var relevance = [Float](repeating: 0, count: 10)
      relevance[place] = 1
      let tied = try outcomes(
        (0..<10).flatMap { [0, Int32($0)] }, relevance, [Float](repeating: 2, count: 10))
      #expect(value("recall1", of: tied) == 0.1 && value("recall5", of: tied) == 0.5)
      let gains = (1...5).reduce(0.0) { $0 + 0.1 / log2(Double($1) + 1) }
      #expect(abs(try #require(value("ndcg5", of: tied)) - gains) < 1e-15)
      let precisions = (1...5).reduce(0.0) { $0 + 0.1 / Double($1) }
      #expect(abs(try #require(value("map5", of: tied)) - precisions) < 1e-15)
    }
  }

  /// Origin: `ndcg_score` of scikit-learn 1.9.1, which averages over ties, on r and on 2^r - 1.
  @Test(
    "of graded relevance with ties, nDCG of either gain agrees with scikit-learn",
    arguments: [
      ("ndcg1", 0.6666666666666666), ("ndcg3", 0.7551202123295405),
      ("ndcg5", 0.7371045819580884), ("ndcg10", 0.8832553537848093),
      ("ndcg1_exp", 0.42857142857142855), ("ndcg3_exp", 0.5802060782792124),
      ("ndcg5_exp", 0.6237933651794647), ("ndcg10_exp", 0.8006266535420384),
    ])
  func gradedTies(key: String, wanted: Double) throws {
    let table = try outcomes(
      (0..<8).flatMap { [0, Int32($0)] }, [3, 2, 3, 0, 1, 2, 3, 2], [2, 2, 1, 1, 1, 0, 0, 3])
    #expect(abs(try #require(value(key, of: table)) - wanted) < 1e-12)
  }

  @Test("every metric of a list is its mean over all orders of tied items", arguments: listKeys)
  func orders(key: String) throws {
    let relevance: [Float] = [1, 0, 3, 0.25, 0, 1, 0.75]
    let exposure: [Float] = [0.5, 0.2, 0.9, 0.1, 0.4, 0.3, 0.8]
    let scores: [Float] = [2, 1, 1, 1, 0, 0, 3]
    let pairs: [Int32] = (0..<7).flatMap { [0, $0] }
    let tied = try outcomes(pairs, relevance, scores, exposure: exposure)
    var values: [Double] = []
    for three in permutations(of: [1, 2, 3]) {
      for two in permutations(of: [1, 2]) {
        let order = [0] + three + two + [0]
        let untied = zip(scores, order).map { $0 + Float($1) / 100 }
        let table = try outcomes(pairs, relevance, untied, exposure: exposure)
        values.append(try #require(value(key, of: table)))
      }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    #expect(abs(try #require(value(key, of: tied)) - mean) < 1e-12)
  }

  @Test("grades have rankings but no likelihood, and no grade is too high for 2^r")
  func grades() throws {
    let table = try list([2000, 0, 1999])
    #expect(try #require(value("ndcg1_exp", of: table)) == 1)
    #expect(try #require(value("ndcg3_exp", of: table)).isFinite)
    let found = measure(["cross_entropy"], on: table, bootstrap: Bootstrap(key: 1))
    #expect(
      found["cross_entropy"]?.reason == "a relevance above 1 is a grade and no probability")
    // Scaling a grade changes nothing where the gain is linear, not even who counts.
    #expect(value("ndcg3", of: try list([0.25, 0.375])) == value("ndcg3", of: try list([2, 3])))
    #expect(value("recall1", of: try list([0.25, 0.375])) == nil)
  }

  @Test("users without a relevant item count for the cross-entropy alone")
  func excluded() throws {
    let none = try outcomes([0, 0, 0, 1], [0, 0], [0, 0])
    #expect(value("cross_entropy", of: none) == log(2))
    let found = measure(["dcg5_saito"], on: none, bootstrap: Bootstrap(key: 1))
    #expect(found["dcg5_saito"]?.reason == "no user has a relevant item")
    #expect(found["dcg5_saito"]?.n == 0)
    let some = measure(
      ["recall5", "ndcg5", "cross_entropy"], on: try sample(), bootstrap: Bootstrap(key: 1))
    #expect(some["recall5"]?.n == 7 && some["ndcg5"]?.n == 7 && some["cross_entropy"]?.n == 8)
    #expect(some["recall5"]?.reason?.contains("1 of 8 users") == true)
    #expect(some["cross_entropy"]?.reason == nil)
    #expect(try sample().prepared("dcg5_saito")?.support == 7)
    #expect(try sample().prepared("cross_entropy")?.support == 8)
  }

  @Test("metrics from clicks are undefined where the exposure is not known")
  func noExposure() throws {
    for key in ["ips_cross_entropy", "snips_dcg5_saito", "ips_dcg5_saito"] {
      let found = measure([key], on: try list([1, 0]), bootstrap: Bootstrap(key: 1))
      #expect(found[key]?.reason == "the exposure of the scored pairs is not known")
    }
  }

  @Test("the user is the unit of the bootstrap")
  func units() throws {
    let found = measure(keys, on: try sample(), bootstrap: Bootstrap(key: 1))
    for (key, value) in found {
      let takesAll = key.hasSuffix("cross_entropy") || key.hasSuffix("_real")
      #expect(value.n == (takesAll ? 8 : 7), "\(key)")
    }
    // A metric without an end that is the same for all users has no interval.
    #expect(found.values.allSatisfy { $0.interval?.method != "wilson" })
    #expect(found.values.count { $0.interval != nil } > found.count / 2)
  }

  @Test("a user's weight means the same as so many users with that list", arguments: keys)
  func weights(key: String) throws {
    let table = try sample(keepingTies: true)
    let counts = (0..<8).map { 7 * $0 % 4 }
    var (rows, users) = ([Int](), [Int32]())
    for (user, count) in counts.enumerated() {
      for _ in 0..<count {
        rows += (user * 9)..<(user * 9 + 9)
        users += [Int32](repeating: (users.last ?? -1) + 1, count: 9)
      }
    }
    var columns = table.selecting(rows: rows).columns
    columns["user"] = Tensor(users, shape: Shape([users.count]))
    let repeated = try RecommendationOutcomes(columns: columns)
    let weighted = table.evaluator(for: key)?.value(
      counts: table.users.map { UInt8(counts[Int($0)]) })
    #expect(abs(try #require(weighted) - (try #require(value(key, of: repeated)))) < 1e-12)
    #expect(try #require(MetricInfo.named(key)).range.contains(try #require(weighted)))
  }

  @Test("rankings do not change under a rising map of the scores, nor with the order of users")
  func invariance() throws {
    let table = try sample(keepingTies: true)
    var columns = table.columns
    columns["score"] = Tensor(table.scores.map { 4 * $0 - 16 }, shape: Shape([table.n]))
    let moved = try RecommendationOutcomes(columns: columns)
    let turned = table.selecting(rows: (0..<8).reversed().flatMap { (9 * $0)..<(9 * $0 + 9) })
    for key in keys where !key.hasSuffix("cross_entropy") {
      let plain = try #require(value(key, of: table))
      #expect(value(key, of: moved) == plain)
      #expect(abs(try #require(value(key, of: turned)) - plain) < 1e-12)
    }
  }

  @Test("columns are enough to compute every metric again")
  func columns() throws {
    let bootstrap = Bootstrap(resamples: 50, key: 1)
    for table in [try sample(), try list([1, 0, 1])] {
      let again = try outcomeTable(task: "recommend", columns: table.columns)
      #expect(
        measure(keys, on: again, bootstrap: bootstrap)
          == measure(keys, on: table, bootstrap: bootstrap))
    }
  }

  /// Saito et al., WSDM 2020: the estimate from clicks over redraws of what is relevant
  /// and what is seen, against its expectation and variance.
  @Test("over redraws the cross-entropy from clicks has the mean and variance of theory")
  func redraws() throws {
    var random = Philox(key: Philox.key("redraws"))
    let count = 200
    let gamma = (0..<count).map { _ in random.uniform() }
    let theta = (0..<count).map { _ in 0.05 + 0.9 * random.uniform() }
    let scores = (0..<count).map { _ in Float(1.5 + random.normal()) }
    let pairs = (0..<count).flatMap { [Int32($0 / 10), Int32($0 % 10)] }
    var (ideal, naive, variance) = (0.0, 0.0, 0.0)
    for row in 0..<count {
      let score = Double(scores[row])
      let theta = Double(Float(theta[row]))
      ideal += (softplus(score) - gamma[row] * score) / Double(count)
      naive += (softplus(score) - gamma[row] * theta * score) / Double(count)
      variance += gamma[row] * (1 / theta - gamma[row]) * score * score / Double(count * count)
    }
    func draws(_ key: String) throws -> [Double] {
      try (0..<400).map { _ in
        let clicks = (0..<count).map { row in
          Float(random.uniform() < gamma[row] && random.uniform() < theta[row] ? 1 : 0)
        }
        let table = try outcomes(pairs, clicks, scores, exposure: theta.map { Float($0) })
        return try #require(value(key, of: table))
      }
    }
    let estimates = try draws("ips_cross_entropy")
    let mean = estimates.reduce(0, +) / 400
    let error = (variance / 400).squareRoot()
    #expect(abs(mean - ideal) < 3 * error)
    let spread = estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399
    #expect(abs(spread / variance - 1) < 0.3)
    // The clicks taken for the relevance are off, by what is known.
    let plain = try draws("cross_entropy").reduce(0, +) / 400
    #expect(abs(plain - naive) < 3 * error)
  }

  @Test("of clicks on what was equally exposed the self-normalised form is the plain share")
  func selfNormalised() throws {
    let even = try list([1, 0, 1, 1], exposure: [0.3, 0.3, 0.3, 0.3])
    let dcg = try #require(value("dcg3_saito", of: even))
    #expect(abs(try #require(value("snips_dcg3_saito", of: even)) - dcg / 3) < 1e-12)
    // A click that was ten times less likely to be seen weighs ten times as much.
    let uneven = try list([1, 1], exposure: [0.5, 0.05])
    #expect(abs(try #require(value("snips_dcg1_saito", of: uneven)) - 1 / 11.0) < 1e-7)
  }

  @Test("pairs, relevances and exposures that cannot be are refused")
  func refusals() throws {
    func message(_ body: () throws -> RecommendationOutcomes) -> String {
      do {
        _ = try body()
        return "no error"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { try outcomes([0, 0, 0, 1], [1, -2], [0, 0]) }
        == "The column 'relevance' holds negative numbers.")
    #expect(
      message { try outcomes([0, 0], [1], [0], exposure: [0]) }
        == "The column 'exposure' holds numbers that are not above 0 and up to 1.")
    #expect(
      message { try outcomes([0, 0], [1], [0, 1]) }
        == "The column 'score' is f32 [2]; wanted is f32 [1].")
    #expect(
      message {
        try RecommendationOutcomes(
          scores: Tensor([Float](), shape: [0]), pairs: Tensor([Int32](), shape: [0]),
          relevance: Tensor([Float](), shape: [0]))
      } == "The pairs are i32 [0]; wanted is i32 [Q, 2].")
  }
}
