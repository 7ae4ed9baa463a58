import Glibc
import Metrics
import Random
import Statistics
import Tensors
import Testing

@Suite("Outcomes of two methods")
struct OutcomePairTests {
  private let plan = DrawPlan(resamples: 1000, lists: true)

  private func pair(
    _ first: ClassificationOutcomes, _ second: ClassificationOutcomes
  ) throws -> OutcomePair {
    try OutcomePair(first, second, task: "classify", key: 6)
  }

  private func pooled(
    _ key: String, _ first: ClassificationOutcomes, _ second: ClassificationOutcomes
  ) throws -> PooledEvidence {
    let evidence = try #require(try pair(first, second).evidence([key], plan)[key])
    let difference = value(key, of: second) - value(key, of: first)
    return try #require(PooledEvidence([evidence], seedCount: 1, difference: difference))
  }

  private func value(_ key: String, of table: ClassificationOutcomes) -> Double {
    table.evaluator(for: key)?.values(under: .once(n: table.n))[0] ?? .nan
  }

  @Test("a method does not differ from itself", arguments: allClassification)
  func itself(key: String) throws {
    let table = try ReferenceSample().outcomes()
    let found = try pooled(key, table, table)
    #expect(found.p == 1)
    let interval = try #require(found.interval().interval)
    #expect(interval.lower == 0 && interval.upper == 0)
  }

  @Test("an exchange of every row swaps the two sides", arguments: allClassification)
  func wholeExchange(key: String) throws {
    // Of nine rows every exchange is listed; the first changes nothing, the last all.
    let rows = Array(0..<9)
    let first = try noisy(n: 40, classes: 3, signal: 0.5, key: "pair").selecting(rows: rows)
    let second = try noisy(n: 40, classes: 3, signal: 2, key: "pair").selecting(rows: rows)
    let pair = try pair(first, second)
    let draws = plan.draws(.exchanges, pair)
    #expect(draws.isComplete && draws.count == 512)
    let metric = try #require(pair.evaluator(key))
    let values = draws.distributions(of: [metric])[0]
    let (old, new) = (value(key, of: first), value(key, of: second))
    guard !old.isNaN, !new.isNaN else { return }
    #expect(abs(values.first[0] - old) < 1e-12 && abs(values.second[0] - new) < 1e-12)
    #expect(abs(values.first[511] - new) < 1e-12 && abs(values.second[511] - old) < 1e-12)
  }

  @Test("a clearly better method has a p far below one over the draws, mirrored by a swap")
  func better() throws {
    // The same noise and labels, with another signal.
    let weak = try noisy(n: 500, classes: 5, signal: 0.5, key: "pair")
    let strong = try noisy(n: 500, classes: 5, signal: 2, key: "pair")
    for key in ["accuracy", "nll", "macro_f1"] {
      let (there, back) = (try pooled(key, weak, strong), try pooled(key, strong, weak))
      #expect(there.p < 1e-6 && abs(back.p - there.p) <= 1e-6 * there.p)
      let (first, second) = (
        try #require(there.interval().interval), try #require(back.interval().interval)
      )
      #expect(abs(first.lower + second.upper) < 1e-12)
    }
  }

  @Test("the exchanges of a mean give the p-value of its closed form")
  func closedForm() throws {
    let first = try noisy(n: 200, classes: 3, signal: 1, key: "pair")
    let second = try noisy(n: 200, classes: 3, signal: 1.3, key: "pair")
    let pair = try pair(first, second)
    let metric = try #require(pair.evaluator("nll"))
    let exchanged = PairDraws(.exchanges, count: 20_000, key: 1, over: pair.units)
      .distributions(of: [metric])[0].differences
    let difference = value("nll", of: second) - value("nll", of: first)
    let drawn = exchangeP(of: difference, among: exchanged, isComplete: false, units: 200)
    let closed = try pooled("nll", first, second).p
    #expect(abs(drawn - closed) < 4 * (closed / 20_000).squareRoot() + 1e-3)
  }

  @Test("one unit tells nothing, few units no more than their exchanges")
  func fewUnits() throws {
    let first = try noisy(n: 40, classes: 3, signal: 0.5, key: "pair")
    let second = try noisy(n: 40, classes: 3, signal: 2, key: "pair")
    for n in [1, 2, 5] {
      let rows = Array(0..<n)
      let found = try pooled("nll", first.selecting(rows: rows), second.selecting(rows: rows))
      #expect(found.units == n && found.p >= SignFlip.leastP(units: n))
      #expect((found.interval().interval == nil) == (n == 1))
    }
  }

  /// Scores of two methods that are equally good, by other noise.
  private func alike(_ n: Int, round: Int) throws -> (
    ClassificationOutcomes, ClassificationOutcomes
  ) {
    var random = Philox(key: Philox.key("alike", "\(n)", "\(round)"))
    let labels = (0..<n).map { _ in Int32(random.below(3)) }
    func method() throws -> ClassificationOutcomes {
      var scores = (0..<3 * n).map { _ in Float(random.normal()) }
      for row in 0..<n { scores[3 * row + Int(labels[row])] += 1 }
      return try ClassificationOutcomes(logits: Tensor(scores, shape: [n, 3]), labels: labels)
    }
    return (try method(), try method())
  }

  @Test(
    "alike methods are told apart no more often than alpha says, also on few rows",
    arguments: [2, 5, 10, 40])
  func level(_ n: Int) throws {
    let rounds = 300
    var rejected = ["nll": 0, "macro_f1": 0]
    for round in 0..<rounds {
      let (first, second) = try alike(n, round: round)
      for key in rejected.keys {
        let evidence = try #require(
          try pair(first, second).evidence([key], DrawPlan(resamples: 256, lists: true))[key])
        let difference = value(key, of: second) - value(key, of: first)
        let found = try #require(
          PooledEvidence([evidence], seedCount: 1, difference: difference))
        if found.p < 0.05 { rejected[key, default: 0] += 1 }
      }
    }
    // Three standard errors above 5 %.
    for (_, count) in rejected { #expect(Double(count) / Double(rounds) < 0.088) }
  }
}
