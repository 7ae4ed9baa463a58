import Estimates
import Random
import Tensors
import Testing

@testable import Metrics

@Suite("Metrics of estimates")
struct EstimationTests {
  private let distances: DistanceOutcomes
  private let sets: DiversityOutcomes

  init() throws {
    distances = try DistanceOutcomes(
      references: [1, 2, 4, 0], referenceErrors: [0, 0, 0.3, 0], values: [1.1, 1.6, 5, 0.01],
      standardErrors: [0.1, 0.1, 0.5, 0.01])
    sets = try DiversityOutcomes(
      modes: [1, 2, 2, 3], prompts: [5, 5, 5, 5], sce: [1, 3, 2, 3],
      reports: [.textDiversity: [1, 2, 3, 4]])
  }

  private func values(_ table: any OutcomeTable) -> [String: MetricValue] {
    measure(
      (Task.estimateDistance.metrics + Task.diversity.metrics).map(\.key), on: table,
      bootstrap: Bootstrap(resamples: 0, key: 0))
  }

  @Test("relative errors leave out pairs whose true value is 0")
  func relative() throws {
    let found = values(distances)
    // |0.1| / 1, |-0.4| / 2, 1 / 4.
    #expect(abs(try #require(found["relative_error"]?.value) - 0.55 / 3) < 1e-12)
    let squares = (0.01 + 0.04 + 0.0625) / 3
    #expect(abs(try #require(found["relative_rmse"]?.value) - squares.squareRoot()) < 1e-12)
  }

  @Test("coverage adds the reference's own standard error, and is a proportion")
  func coverage() throws {
    // 1 and 4 are covered at 1.0 and 1.0 standard errors; pair 2 is 4 away, pair 3 is 1 / 0.583.
    let found = try #require(values(distances)["coverage95"])
    #expect(found.value == 0.75)
    #expect(found.interval?.method == "wilson")
  }

  @Test("an exact estimate covers a true value that was summed in another order")
  func exactCoverage() throws {
    // 0.1 + 0.2 is one step above 0.3.
    let exact = try DistanceOutcomes(
      references: [0.3, 3e8, 0.3, 0], values: [0.1 + 0.2, 3e8 + 6e-8, 0.3001, 1e-20],
      standardErrors: [0, 0, 0, 0])
    #expect(values(exact)["coverage95"]?.value == 0.5)
  }

  @Test("pairs whose true value is 0 are not among those that a relative error counts")
  func counted() throws {
    let found = values(try DistanceOutcomes(references: [1, 0, 2], values: [1, 1, 2]))
    #expect(found["relative_error"]?.n == 2 && found["absolute_error"]?.n == 3)
    #expect(found["relative_error"]?.reason?.contains("1 of 3 pairs") == true)
    #expect(found["absolute_error"]?.reason == nil)
  }

  @Test("without a stated standard error the coverage says so")
  func noError() throws {
    let table = try DistanceOutcomes(references: [1], values: [1])
    #expect(
      values(table)["coverage95"] == .undefined(n: 1, "the method states no standard error"))
    #expect(values(table)["relative_error"]?.value == 0)
  }

  @Test("Spearman takes mid-ranks: scipy.stats.spearmanr 1.17.1 says 0.8333333333333334")
  func spearman() throws {
    let found = values(sets)
    #expect(abs(try #require(found["mode_spearman"]?.value) - 0.8333333333333334) < 1e-12)
    #expect(found["prompt_spearman"]?.reason == "one of the two values is the same in all rows")
  }

  @Test("the spread of estimates is their unbiased variance in units of the true value")
  func variance() throws {
    let table = try DistanceOutcomes(references: [2, 2, 2], values: [1, 2, 3])
    let found = values(table)
    #expect(found["relative_variance"]?.value == 0.25)
    #expect(found["relative_bias"]?.value == 0)
    #expect(abs((found["absolute_error"]?.value ?? 0) - 2.0 / 3) < 1e-12)
  }

  @Test("one estimate has no variance, and one whose true value is 0 only an absolute error")
  func degenerateSpread() throws {
    #expect(
      values(try DistanceOutcomes(references: [2], values: [1]))["relative_variance"]?.value == nil)
    let zero = values(try DistanceOutcomes(references: [0, 0], values: [0, 0.5]))
    #expect(zero["relative_bias"]?.value == nil)
    #expect(zero["absolute_error"]?.value == 0.25)
  }

  @Test("what a method does not report has no value, and says so")
  func unreported() throws {
    let bare = try DiversityOutcomes(modes: [4], prompts: [9], sce: [1.5])
    #expect(values(bare)["sce"]?.value == 1.5)
    #expect(values(bare)["trace_total"]?.reason == "the method does not report it")
  }

  @Test("neighbours of one label are pure, and of alternating labels are not")
  func purity() {
    let line = Tensor((0..<8).map { Float($0) }, shape: [8, 1])
    #expect(neighbourPurity(of: line, labels: [Int32](repeating: 1, count: 8), neighbours: 5) == 1)
    // The two nearest of an inner row lie left and right of it, both of the other label.
    #expect(neighbourPurity(of: line, labels: [0, 1, 0, 1, 0, 1, 0, 1], neighbours: 2) == 0.125)
    #expect(
      neighbourPurity(of: Tensor([Float(1)], shape: [1, 1]), labels: [0], neighbours: 5) == nil)
  }

  @Test(
    "weights mean the same as rows that stand there so often",
    arguments: (Task.estimateDistance.metrics + Task.diversity.metrics).map(\.key))
  func weights(key: String) throws {
    var random = Philox(key: 3)
    let counts = (0..<40).map { _ in UInt8(random.below(4)) }
    func draw() -> [Double] { (0..<40).map { _ in Double(random.below(9)) } }
    let tables: [any OutcomeTable] = [
      try DistanceOutcomes(
        references: draw(), referenceErrors: draw(), values: draw(), standardErrors: draw()),
      try DiversityOutcomes(
        modes: draw(), prompts: draw(), sce: draw(),
        reports: Dictionary(
          uniqueKeysWithValues: DiversityOutcomes.Report.allCases.map { ($0, draw()) })),
    ]
    let rows = counts.enumerated().flatMap { Array(repeating: $0.offset, count: Int($0.element)) }
    let table = try #require(tables.first { $0.evaluator(for: key) != nil })
    let weighted = try #require(table.evaluator(for: key)?.value(counts: counts))
    let repeated = try #require(values(table.selecting(rows: rows))[key]?.value)
    #expect(abs(weighted - repeated) < 1e-12)
  }

  @Test("columns are enough to compute every metric again")
  func roundTrip() throws {
    let pairs = try outcomeTable(task: "estimate-distance", columns: distances.columns)
    #expect(values(pairs) == values(distances))
    let again = try outcomeTable(task: "diversity", columns: sets.columns)
    #expect(values(again) == values(sets))
    let bare = try DistanceOutcomes(references: [1], values: [2])
    #expect(values(try DistanceOutcomes(columns: bare.columns)) == values(bare))
  }

  @Test("columns that are missing, of another dtype, too short or impossible are named")
  func refusals() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "no error"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { _ = try outcomeTable(task: "diversity", columns: [:]) }
        == "The column 'modes' is missing.")
    var columns = distances.columns
    columns["value"] = Tensor([Float](repeating: 0, count: 4), shape: [4])
    #expect(
      message { _ = try outcomeTable(task: "estimate-distance", columns: columns) }
        == "The column 'value' is f32 [4]; wanted is f64 [n].")
    #expect(
      message { _ = try DistanceOutcomes(references: [1, 2], values: [1]) }
        == "The column 'value' has 1 rows; wanted are 2.")
    #expect(
      message { _ = try DistanceOutcomes(references: [1], values: [1], standardErrors: [-1]) }
        == "The column 'std_error' holds negative numbers.")
    #expect(
      message { _ = try DiversityOutcomes(modes: [.nan], prompts: [1], sce: [1]) }
        == "The column 'modes' holds NaN or infinite values.")
  }

  @Test("without rows every metric is undefined")
  func noRows() throws {
    for table: any OutcomeTable in [
      try DistanceOutcomes(references: [], values: [], standardErrors: []),
      try DiversityOutcomes(modes: [], prompts: [], sce: [], reports: [.textDiversity: []]),
    ] {
      #expect(values(table).values.allSatisfy { $0.value == nil && $0.reason != nil })
    }
  }
}
