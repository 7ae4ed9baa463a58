import Estimates
import Tensors
import Testing

@testable import Metrics

/// The lists of `ScriptMetricReference.py`: relevance and scores of each user.
private let lists: [(relevance: [Float], scores: [Float])] = [
  ([1, 0, 1, 0, 0, 1, 0], [9, 7, 7, 7, 5, 4, 4]),
  ([0, 0, 0, 0, 0, 0], [6, 5, 4, 3, 2, 1]),
  ([0, 1, 1, 0, 0, 0, 1, 0], [3, 3, 3, 3, 2, 2, 2, 2]),
  ([1, 0], [1, 1]),
  ([1, 1, 1], [3, 2, 1]),
]

private func table(_ lists: [(relevance: [Float], scores: [Float])]) throws
  -> RecommendationOutcomes
{
  let pairs = lists.enumerated().flatMap { user, list in
    list.relevance.indices.flatMap { [Int32(user), Int32($0)] }
  }
  let (relevance, scores) = (lists.flatMap(\.relevance), lists.flatMap(\.scores))
  return try RecommendationOutcomes(
    scores: Tensor(scores, shape: [scores.count]),
    pairs: Tensor(pairs, shape: [scores.count, 2]),
    relevance: Tensor(relevance, shape: [scores.count]))
}

@Suite("Metrics of the scripts published with Rel-MF")
struct ScriptMetricTests {
  /// Origin: `ScriptMetricReference.py`, the two scripts' rules over every order of what is tied.
  @Test(
    "values are those of the scripts, of ties the mean over their orders",
    arguments: [
      ("dcg1_saito_semi", 0.3333333333333333), ("dcg3_saito_semi", 0.7075031567956394),
      ("dcg5_saito_semi", 0.7511978073110572), ("dcg10_saito_semi", 0.8045835014019119),
      ("dcg1_saito_real", 0.6003999999999999), ("dcg3_saito_real", 1.299214312536082),
      ("dcg5_saito_real", 1.4045350125466922), ("dcg10_saito_real", 1.532973813924776),
      ("recall1_saito_real", 0.2998890442250045), ("recall3_saito_real", 0.7109853750185554),
      ("recall5_saito_real", 0.8499556368916135), ("recall10_saito_real", 1.0),
      ("map1_saito_real", 0.6), ("map3_saito_real", 1.2834833333333333),
      ("map5_saito_real", 1.3969200000000002), ("map10_saito_real", 1.5551476785714287),
    ])
  func reference(key: String, wanted: Double) throws {
    #expect(abs(try #require(value(key, of: try table(lists))) - wanted) < 1e-12)
  }

  @Test("the order in which tied pairs are asked about changes nothing")
  func order() throws {
    let turned = lists.map { list in
      (relevance: Array(list.relevance.reversed()), scores: Array(list.scores.reversed()))
    }
    for info in scripted {
      let (one, other) = (
        try #require(value(info.key, of: try table(lists))),
        try #require(value(info.key, of: try table(turned)))
      )
      #expect(abs(one - other) < 1e-12, "\(info.key)")
    }
  }

  @Test("users without a relevant item count in the script for real data alone")
  func users() throws {
    let some = try table(lists)
    #expect(some.prepared("dcg5_saito_real")?.support == 5)
    #expect(some.prepared("map5_saito_real")?.support == 5)
    #expect(some.prepared("dcg5_saito_semi")?.support == 4)
    #expect(some.prepared("dcg5_saito")?.support == 4)
    // A thousandth at the best rank is all that a list without a hit is worth.
    let none = try table([([0, 0], [2, 1])])
    #expect(abs(try #require(value("dcg1_saito_real", of: none)) - 0.001) < 1e-15)
    #expect(value("map1_saito_real", of: none) == 0)
    let found = measure(["dcg1_saito_semi"], on: none, bootstrap: Bootstrap(key: 1))
    #expect(found["dcg1_saito_semi"]?.reason == "no user has a relevant item")
  }

  @Test(
    "for users with hits the smoothed DCG is a thousandth of the discounts beside the plain one")
  func smoothing() throws {
    let plain = try table([([1, 0, 1, 0], [4, 3, 2, 1])])
    let dcg = try #require(value("dcg1_saito", of: plain))
    #expect(
      abs(try #require(value("dcg1_saito_real", of: plain)) - (0.001 + 0.999 * dcg)) < 1e-12)
  }

  @Test("every metric of the scripts takes part in the catalogue")
  func keys() {
    #expect(scripted.count == 16)
    for info in scripted {
      #expect(MetricInfo.named(info.key)?.source == "Saito et al., WSDM 2020")
    }
  }
}

private let scripted = RecommendationOutcomes.ofScripts.map(\.info)
