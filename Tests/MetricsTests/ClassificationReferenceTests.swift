import Metrics
import Testing

/// Values of two libraries on one sample.
///
/// Origin: scikit-learn 1.9.1 (`accuracy_score`, `top_k_accuracy_score(k=5)`,
/// `balanced_accuracy_score`, `f1_score(average="macro", zero_division=0)`,
/// `log_loss(labels=range(7))`, `brier_score_loss(scale_by_half=False)`) on softmax(scores) in f64;
/// calibration and risk-coverage written out in NumPy 2.4.6 from torchmetrics' definition of
/// `MulticlassCalibrationError`, `array_split`, and the mean of running error rates with tied
/// confidences averaged; `geometric_mean` by `geometric_mean_score(average="multiclass",
/// labels=range(6))` of imbalanced-learn 0.14.2, class 6 having no row. The weighted values are those of the rows repeated (7 i mod 4) times.
@Suite("Classification metrics against reference values")
struct ClassificationReferenceTests {
  @Test(
    "values agree with scikit-learn and NumPy, plain and with every row counted",
    arguments: [
      ("accuracy", 0.45, 0.48333333333333334), ("top5_accuracy", 0.875, 0.9),
      ("mean_per_class_accuracy", 0.46309523809523806, 0.513437950937951),
      ("geometric_mean", 0.45641807491370684, 0.4874600023567016),
      ("macro_f1", 0.4097902097902098, 0.44648526077097506),
      ("macro_f1_all", 0.4097902097902098, 0.44648526077097506),
      ("nll", 1.8314097982290654, 1.762211990196532),
      ("brier", 0.7627589042066767, 0.768384671124003),
      ("ece15_width", 0.23651702803693064, 0.2546627847297383),
      ("mce15_width", 0.9276604527116326, 0.9276604527116326),
      ("ce15_l2_debiased", 0.0281454986591448, 0.0992443206129622),
      ("ece15_mass", 0.26520524993222905, 0.30135203856863146),
      ("aurc", 0.4205589627736268, 0.5069944833823483),
      ("eaurc", 0.22310469510665493, 0.33746584747527697),
    ])
  func agreesWithReference(key: String, plain: Double, weighted: Double) throws {
    let table = try ReferenceSample().outcomes()
    let metric = try #require(table.evaluator(for: key))
    let once = try #require(metric.value(counts: [UInt8](repeating: 1, count: 40)))
    #expect(abs(once - plain) < 1e-6)
    let counts = (0..<40).map { UInt8(7 * $0 % 4) }
    #expect(abs(try #require(metric.value(counts: counts)) - weighted) < 1e-6)
  }
}
