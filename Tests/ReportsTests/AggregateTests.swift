import Evaluation
import Metrics
import PluginHost
import Testing

@testable import Reports

@Suite("Aggregates over seeds")
struct AggregateTests {
  @Test("the mean has the spread of the seeds and a sampling interval, apart from each other")
  func twoSpreads() throws {
    let found = aggregate([
      trial(seed: 1, accuracy: 0.8), trial(seed: 2, accuracy: 0.9), trial(seed: 3, accuracy: 0.85),
    ])
    let only = try #require(found.first)
    #expect(found.count == 1)
    #expect(abs((only.mean ?? 0) - 0.85) < 1e-12)
    #expect(abs((only.sdSeeds ?? 0) - 0.05) < 1e-12)
    #expect(only.nSeeds == 3 && only.failed == 0 && only.isComplete)
    #expect(only.interval?.method == "mean-of-seed-bounds")
    #expect(abs((only.interval?.lower ?? 0) - 0.80) < 1e-12)
  }

  @Test("a failed seed is counted, and the mean says that it is incomplete")
  func incomplete() throws {
    let only = try #require(
      aggregate([trial(seed: 1), trial(seed: 2, status: .timeout)]).first)
    #expect(only.mean == 0.9)
    #expect(only.sdSeeds == nil)
    #expect(only.nSeeds == 1 && only.failed == 1 && !only.isComplete)
    #expect(only.interval?.method == "wilson")
  }

  @Test("a method that failed everywhere still has its line beside its siblings")
  func allFailed() {
    let found = aggregate([trial("a", status: .crashed), trial("b")])
    #expect(found.map(\.label) == ["a", "b"])
    #expect(found[0].mean == nil && found[0].failed == 1 && found[0].interval == nil)
  }

  @Test("what the setting does not suit has no score to miss")
  func unsupported() {
    #expect(aggregate([trial("a", status: .unsupported), trial("b")]).map(\.label) == ["b"])
    #expect(aggregate([]).isEmpty)
  }

  @Test("with outcomes at hand, the mean is a proportion on no more rows than there are")
  func resampled() throws {
    let folder = TemporaryFolder()
    let store = TrialStore(path: folder.path + "/r.store")
    // Each seed errs on other rows, so the mean varies less than any seed does; yet new rows would
    // be no more than these.
    let seeds = try (0..<4).map { seed in
      try measured(
        seed: seed, correct: (0..<400).map { ($0 + 2 * seed) % 8 != 0 }, in: store)
    }
    let found = aggregate(seeds, samples: store, resamples: 512).filter { $0.metric == "accuracy" }
    let interval = try #require(found.first?.interval)
    #expect(interval.method == "wilson-effective")
    #expect(interval.lower < 0.875 && interval.upper > 0.875)
    let bounds = try #require(
      aggregate(seeds).first { $0.metric == "accuracy" }?.interval)
    #expect(bounds.method == "mean-of-seed-bounds")
    #expect(abs((interval.upper - interval.lower) / (bounds.upper - bounds.lower) - 1) < 0.02)
  }

  @Test("seeds that are equal row by row have the interval of one seed")
  func equalSeeds() throws {
    let folder = TemporaryFolder()
    let store = TrialStore(path: folder.path + "/r.store")
    let seeds = try (1...3).map { try measured(seed: $0, correct: rows(200), in: store) }
    let found = try #require(
      aggregate(seeds, samples: store, resamples: 512).first { $0.metric == "accuracy" }?.interval)
    // The standard error of a share of 0.8 in 200 rows is 0.0283.
    #expect(abs((found.upper - found.lower) / (2 * 1.96) - 0.0283) < 0.002)
  }
}
