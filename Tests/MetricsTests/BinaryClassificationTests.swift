import Estimates
import Tensors
import Testing

@testable import Metrics

private let binaryKeys = [
  "auroc", "auroc_ovr", "ap", "aupr_trapz", "adjusted_auprc", "tpr", "fpr", "selection_rate",
  "prevalence", "brier_binary",
]

@Suite("Classification into two classes")
struct BinaryClassificationTests {
  @Test("class 1 is the positive one: rates of a written-out table")
  func rates() throws {
    let table = try outcomes(
      [[0, 1], [0, 2], [1, 0], [0, 3], [2, 0]], [1, 0, 1, 1, 0])
    #expect(value("tpr", of: table) == 2.0 / 3)
    #expect(value("fpr", of: table) == 0.5)
    #expect(value("selection_rate", of: table) == 0.6)
    #expect(value("prevalence", of: table) == 0.6)
    // Margins of the positives 1, -1, 3 and of the negatives 2, -2: four of six pairs are ordered.
    #expect(abs(try #require(value("auroc", of: table)) - 4.0 / 6) < 1e-12)
    let found = measure(["tpr"], on: table, bootstrap: Bootstrap(key: 1))["tpr"]
    #expect(found?.n == 3 && found?.interval?.method == "wilson")
  }

  /// Origin: imbalanced-learn 0.14.2, `geometric_mean_score(average="multiclass")` on
  /// ``RankingSample`` at 0.5, plain and with row i repeated (7 i mod 4) times.
  @Test("the geometric mean of the recalls agrees with imbalanced-learn")
  func geometricMean() throws {
    let metric = try #require(try RankingSample().binary().evaluator(for: "geometric_mean"))
    let once = try #require(metric.value(counts: .init(repeating: 1, count: 60)))
    #expect(abs(once - 0.6485147867022221) < 1e-12)
    let weighted = try #require(metric.value(counts: (0..<60).map { UInt8(7 * $0 % 4) }))
    #expect(abs(weighted - 0.6546536707079771) < 1e-12)
  }

  @Test("a class that is never found makes the geometric mean 0")
  func geometricMeanOfNothing() throws {
    let table = try outcomes([[1, 0, 0], [1, 0, 0]], [0, 2])
    #expect(value("geometric_mean", of: table) == 0)
  }

  @Test("other than two classes have no such metric, and say why", arguments: binaryKeys)
  func otherNumbers(key: String) throws {
    let table = try ReferenceSample().outcomes()
    let found = try #require(measure([key], on: table, bootstrap: Bootstrap(key: 1))[key])
    #expect(found.value == nil)
    #expect(
      found.reason
        == (key == "auroc_ovr"
          ? "the scores of the classes were not kept"
          : "it takes two classes, of which class 1 is the positive one"))
  }

  /// Origin: scikit-learn 1.9.1, the mean over the classes 0 to 5 of `roc_auc_score(y == c, p[:, c])`
  /// with p = softmax(scores) in f64, plain and with row i repeated (7 i mod 4) times.
  @Test("one-vs-rest AUROC agrees with scikit-learn, leaving out a class without rows")
  func oneVersusRest() throws {
    let sample = ReferenceSample()
    let table = try ClassificationOutcomes(
      logits: Tensor(sample.scores, shape: [40, 7]), labels: sample.labels, keepingClasses: true)
    let again = try ClassificationOutcomes(columns: table.columns)
    for table in [table, again, again.selecting(rows: (0..<40).reversed())] {
      #expect(abs(try #require(value("auroc_ovr", of: table)) - 0.7713579001676428) < 1e-12)
    }
    let metric = try #require(table.evaluator(for: "auroc_ovr"))
    let weighted = try #require(metric.value(counts: (0..<40).map { UInt8(7 * $0 % 4) }))
    #expect(abs(weighted - 0.79778519483287) < 1e-12)
  }

  @Test("with two classes one-vs-rest is the AUROC")
  func oneVersusRestOfTwo() throws {
    let table = try RankingSample().binary()
    #expect(value("auroc_ovr", of: table) == value("auroc", of: table))
  }

  @Test("another decision moves what is decided, and nothing that is measured of the scores")
  func deciding() throws {
    let table = try outcomes([[0, 1], [0, 2], [1, 0], [0, 3], [2, 0]], [1, 0, 1, 1, 0])
    let strict = table.deciding(at: 2.5)
    #expect(strict.predicted == [0, 0, 0, 1, 0])
    #expect(value("accuracy", of: strict) == 0.6)
    for key in ["auroc", "nll", "brier", "ece15_width", "aurc"] {
      #expect(value(key, of: strict) == value(key, of: table), "\(key)")
    }
    let three = try ReferenceSample().outcomes()
    #expect(three.deciding(at: 0).predicted == three.predicted)
  }

  @Test("margins stay finite where scores are as far apart as can be")
  func farMargins() throws {
    let table = try outcomes([[3e38, -3e38], [-3e38, 3e38]], [0, 1])
    #expect(table.margins?.map(\.isFinite) == [true, true])
    #expect(value("auroc", of: table) == 1)
  }

  @Test("ranking metrics rest on the rarer class, rates on the rows that they count")
  func support() throws {
    let table = try outcomes([[0, 1], [0, 1], [0, 1]], [1, 0, 0])
    #expect(table.prepared("auroc")?.support == 1)
    #expect(table.prepared("tpr")?.support == 1)
    #expect(table.prepared("fpr")?.support == 2)
    #expect(table.prepared("nll")?.support == 3)
  }

  /// Origin: scikit-learn 1.9.1, the least threshold of `roc_curve(drop_intermediate=False)` of
  /// ``RankingSample`` whose FPR is at most the target.
  @Test(
    "the threshold at a false positive rate agrees with scikit-learn's curve",
    arguments: [
      (0, 1, 0, 0.24), (0.05, 0.9375, 0.02857142857142857, 0.4),
      (0.1, 0.875, 0.08571428571428572, 0.44), (0.2, 0.8125, 0.14285714285714285, 0.52),
      (0.5, 0.625, 0.42857142857142855, 0.92), (0.9, 0.1875, 0.8571428571428571, 1),
    ] as [(Double, Double, Double, Double)])
  func threshold(target: Double, wanted: Double, fpr: Double, tpr: Double) throws {
    let table = try RankingSample().binary()
    let threshold = try #require(table.threshold(falsePositiveRateAtMost: target))
    #expect(threshold == wanted)
    let decided = table.deciding(at: threshold)
    #expect(abs(try #require(value("fpr", of: decided)) - fpr) < 1e-12)
    #expect(abs(try #require(value("tpr", of: decided)) - tpr) < 1e-12)
  }

  @Test(
    "a target that the highest score exceeds calls nothing positive; one class gives no threshold")
  func noThreshold() throws {
    let table = try ClassificationOutcomes(
      margins: [3, 2, 1], isPositive: [false, true, true], threshold: 0)
    let threshold = try #require(table.threshold(falsePositiveRateAtMost: 0.5))
    #expect(threshold > 3 && value("selection_rate", of: table.deciding(at: threshold)) == 0)
    #expect(table.threshold(falsePositiveRateAtMost: 1) == 1)
    let one = try ClassificationOutcomes(margins: [3, 2], isPositive: [true, true], threshold: 0)
    #expect(one.threshold(falsePositiveRateAtMost: 0.5) == nil)
    #expect(try ReferenceSample().outcomes().threshold(falsePositiveRateAtMost: 0.5) == nil)
  }

  @Test("a target that is a whole number of rows allows them all, in spite of rounding")
  func wholeTarget() throws {
    let table = try ClassificationOutcomes(
      margins: (0..<20).map { Float($0) }, isPositive: (0..<20).map { $0 % 2 == 1 }, threshold: 0)
    // 0.3 x 10 is below 3 in binary; the third highest negative is 14, the fourth 12.
    #expect(table.threshold(falsePositiveRateAtMost: 0.1 + 0.2) == 13)
    #expect(table.threshold(falsePositiveRateAtMost: 0.29) == 15)
  }
}
