import Documents
import Evaluation
import Metrics
import PluginHost
import Statistics
import Testing

@testable import Reports

/// Accuracies of four methods on six datasets, with ties in two of them.
private let scores: [(String, [Double])] = [
  ("a", [0.9, 0.8, 0.85, 0.7]), ("b", [0.91, 0.82, 0.8, 0.75]), ("c", [0.6, 0.65, 0.62, 0.5]),
  ("d", [0.77, 0.77, 0.7, 0.71]), ("e", [0.88, 0.8, 0.86, 0.8]), ("f", [0.95, 0.9, 0.93, 0.92]),
]
private let labels = ["gda", "knn", "probe", "zero"]

private func trials() -> [TrialRecord] {
  scores.flatMap { dataset, values in
    zip(labels, values).map { trial($0, accuracy: $1, dataset: dataset) }
  }
}

/// Why a report gives no ranking; nil if it does.
private func refusal(_ body: () throws(RankingError) -> MethodRanking) -> RankingError? {
  do throws(RankingError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}

@Suite("Rankings of methods over blocks")
struct MethodRankingTests {
  /// Origin: SciPy 1.17.1, `friedmanchisquare`, `f.sf`, `wilcoxon` (exact for the pairs without ties,
  /// else approx with correction, zeros dropped); scikit-posthocs 0.17.1 for Nemenyi.
  @Test("ranks, tests and cliques of six datasets agree with SciPy and scikit-posthocs")
  func reference() throws {
    let ranking = try MethodRanking(report(trials()))
    #expect(ranking.metric.key == "accuracy" && ranking.blocks.count == 6)
    #expect(ranking.methods.map(\.label) == ["gda", "knn", "probe", "zero"])
    let ranks = [1.4166666666666667, 2.5, 2.5, 3.5833333333333335]
    #expect(zip(ranking.methods, ranks).allSatisfy { abs($0.meanRank - $1) < 1e-9 })
    #expect(abs(try #require(ranking.test.p) - 0.03293453711217731) < 1e-6)
    #expect(abs(ranking.criticalDifference - 1.9148432265902373) < 1e-6)
    #expect(ranking.cliques == [["gda", "knn", "probe"], ["knn", "probe", "zero"]])
    let first = try #require(ranking.pairs.first { $0.first == "gda" && $0.second == "zero" })
    #expect(first.wins == 6 && first.losses == 0)
    #expect(abs(first.nemenyiP - 0.019129641241287354) < 1e-6)
    #expect(first.wilcoxon.p == 0.03125 && first.wilcoxon.isExact)
    #expect(abs(try #require(first.adjustedP) - 6 * 0.03125) < 1e-12)
  }

  @Test("values that rounding alone parts are ties, and five wins of five are not significant")
  func rounding() throws {
    let records = (0..<5).flatMap { block -> [TrialRecord] in
      let value = 0.1 + Double(block) / 10
      return [
        trial("gda", accuracy: value + 0.2, dataset: "d\(block)"),
        trial("knn", accuracy: value + 0.1 + 0.1, dataset: "d\(block)"),
        trial("probe", accuracy: value, dataset: "d\(block)"),
      ]
    }
    let ranking = try MethodRanking(report(records))
    #expect(ranking.methods.map(\.meanRank) == [1.5, 1.5, 3])
    let tied = try #require(ranking.pairs.first { $0.second == "knn" })
    #expect(tied.wins == 0 && tied.losses == 0 && tied.ties == 5 && tied.wilcoxon.p == nil)
    let won = try #require(ranking.pairs.first { $0.second == "probe" })
    #expect(won.wins == 5 && won.wilcoxon.p == 0.0625 && won.wilcoxon.isExact)
    let two = try MethodRanking(report(records), methods: ["gda", "probe"])
    #expect(two.pairs[0].nemenyiP == 0.0625 && !two.cliques.isEmpty)
    #expect(two.json["nemenyi"]?["critical_difference"]?.isNull == true)
    #expect(two.notes.contains { $0.contains("no difference of mean ranks is significant") })
  }

  @Test("every mean rank has an interval over resampled blocks that holds it, the same each time")
  func intervals() throws {
    let ranking = try MethodRanking(report(trials()))
    for method in ranking.methods {
      let interval = try #require(method.interval)
      #expect(interval.lower <= method.meanRank && method.meanRank <= interval.upper)
      #expect(interval.lower < interval.upper && interval.resamples == 2000)
      #expect(interval.lower >= 1 && interval.upper <= 4)
    }
    #expect(
      try MethodRanking(report(trials())).methods.map(\.interval)
        == ranking.methods.map(\.interval))
  }

  @Test("a metric that is better low ranks the lowest first")
  func direction() throws {
    let records = scores.flatMap { dataset, values in
      zip(labels, values).map { label, value in
        trial(label, dataset: dataset, metrics: ["nll": MetricValue(value: value, n: 100)])
      }
    }
    let ranking = try MethodRanking(report(records), metric: "nll")
    #expect(ranking.methods.map(\.label).first == "zero")
    #expect(ranking.methods.map(\.label).last == "gda")
  }

  @Test("a block without a value of every method for every seed is left out and named")
  func leftOut() throws {
    var records = trials()
    records.append(trial("gda", accuracy: 0.5, dataset: "g"))
    records += labels.map {
      trial($0, accuracy: 0.5, status: $0 == "knn" ? .crashed : .ok, dataset: "h")
    }
    records.append(trial("zero", seed: 2, status: .timeout, dataset: "a"))
    let ranking = try MethodRanking(report(records))
    #expect(ranking.blocks.map(\.dataset) == ["b", "c", "d", "e", "f"])
    #expect(ranking.dropped.map(\.block.dataset) == ["a", "g", "h"])
    #expect(ranking.dropped[0].reason == "'zero' has no value for 1 of its seeds")
    #expect(ranking.dropped[1].reason.contains("'knn' was not run"))
    #expect(ranking.dropped[2].reason == "'knn' has no value")
    let text = ranking.text(style: TextStyle())
    #expect(text.contains("few-shot / h / shots=4: 'knn' has no value"))
    #expect(ranking.notes.contains { $0.contains("fewer than 6 blocks") })
  }

  @Test("settings of one dataset are blocks, and the ranking says that they are not independent")
  func settings() throws {
    let records = [1, 2, 4].flatMap { shots in
      [trial("gda", shots: shots, accuracy: 0.9), trial("zero", shots: shots, accuracy: 0.8)]
    }
    let ranking = try MethodRanking(report(records))
    #expect(ranking.blocks.count == 3)
    #expect(ranking.notes.first?.contains("3 blocks are of 1 dataset:") == true)
    #expect(ranking.test.imanDavenport == .infinity)
    #expect(ranking.json["iman_davenport"]?["f"]?.isNull == true)
  }

  @Test("rows that were tuned on test labels are marked")
  func oracle() throws {
    let records = trials().map { record in
      var record = record
      if record.label == "gda" { record.selection = .oracle }
      return record
    }
    let ranking = try MethodRanking(report(records))
    #expect(ranking.methods.map(\.isOracle) == [true, false, false, false])
    #expect(ranking.markdown().contains("gda†"))
  }

  @Test("some rows alone rank among themselves")
  func chosen() throws {
    let ranking = try MethodRanking(report(trials()), methods: ["zero", "gda"])
    #expect(ranking.methods.map(\.label) == ["gda", "zero"] && ranking.pairs.count == 1)
    #expect(ranking.methods.map(\.meanRank) == [1, 2])
  }

  @Test("what cannot be ranked is refused with a reason")
  func refusals() throws {
    let one = refusal { () throws(RankingError) in try MethodRanking(report([trial()])) }
    #expect(one?.exitCode == .usage && one?.description.contains("only 'gda'") == true)
    let block = refusal { () throws(RankingError) in
      try MethodRanking(report([trial(), trial("knn")]))
    }
    #expect(block?.exitCode == .nothingMeasured)
    #expect(block?.description.contains("two blocks or more") == true)
    let typo = refusal { () throws(RankingError) in
      try MethodRanking(report(trials()), metric: "acuracy")
    }
    #expect(typo?.exitCode == .usage)
    #expect(typo?.description.contains("did you mean 'accuracy'?") == true)
    let method = refusal { () throws(RankingError) in
      try MethodRanking(report(trials()), methods: ["gda", "kn"])
    }
    #expect(method?.description.contains("did you mean 'knn'?") == true)
    let neutral = refusal { () throws(RankingError) in
      try MethodRanking(
        report(
          trials(),
          metrics: [MetricEntry(key: "accuracy", title: "A", version: 1, direction: .neutral)]))
    }
    #expect(neutral?.description.contains("better neither way") == true)
    let empty = refusal { () throws(RankingError) in try MethodRanking(report([])) }
    #expect(empty?.exitCode == .usage)
  }

  @Test("every rendering has the methods, the tests and the cliques")
  func renderings() throws {
    let ranking = try MethodRanking(report(trials()))
    for text in [ranking.text(style: TextStyle()), ranking.markdown()] {
      for words in ["gda", "1.417", "Friedman", "0.033", "1.915", "6-0-0"] {
        #expect(text.contains(words), "\(words) in \(text)")
      }
    }
    let json = ranking.json
    #expect(json["schema"] == "assay.ranking/1")
    #expect(json["nemenyi"]?["cliques"]?.array?.count == 2)
    #expect(json["pairs"]?.array?.count == 6 && json["blocks"]?.array?.count == 6)
  }
}
