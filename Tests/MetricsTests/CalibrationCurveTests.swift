import Glibc
import Tensors
import Testing

@testable import Metrics

@Suite("Calibration curves")
struct CalibrationCurveTests {
  /// Origin: scikit-learn 1.9.1, `calibration_curve(y, p, n_bins=10, strategy="uniform")`.
  @Test("bins agree with scikit-learn, edges going to the lower bin and empty bins dropped")
  func reference() {
    let probabilities = (0..<30).map { row in
      row < 10 ? Double(row) / 20 : 0.5 + 0.5 * sin(Double(row)) * sin(Double(row))
    }
    let positives = (0..<30).map { $0 * $0 % 7 < 3 }
    let curve = CalibrationCurve(probabilities: probabilities, isPositive: positives)
    let shares: [Double] = [
      0.6666666666666666, 1.0, 0.5, 1.0, 0.0, 0.6666666666666666, 0.5, 0.75, 0.5, 1.0,
    ]
    let means: [Double] = [
      0.05000000000000001, 0.175, 0.275, 0.375, 0.45, 0.5310730928439652, 0.6459673663562013,
      0.7510951803179191, 0.8540204074841412, 0.9561470500615591,
    ]
    #expect(curve.bins.count == shares.count)
    for (bin, (share, mean)) in zip(curve.bins, zip(shares, means)) {
      #expect(abs(bin.share - share) < 1e-12 && abs(bin.probability - mean) < 1e-12)
    }
    #expect(curve.bins.reduce(0) { $0 + $1.n } == 30)
    #expect(curve.bins.map(\.place) == curve.bins.map(\.place).sorted())
  }

  @Test("0 is in the first bin, 1 in the last, and no rows are no bins")
  func edges() {
    let curve = CalibrationCurve(probabilities: [0, 1, 0.1], isPositive: [false, true, true])
    #expect(curve.bins.map(\.place) == [0, 9] && curve.bins[0].n == 2)
    #expect(curve.bins[0].share == 0.5 && curve.bins[1].probability == 1)
    #expect(CalibrationCurve(probabilities: [], isPositive: []).bins.isEmpty)
  }

  @Test("a classifier of two classes has one by its margins, any other none")
  func outcomes() throws {
    let table = try ClassificationOutcomes(
      margins: [logf(3), -logf(3)], isPositive: [true, false], threshold: 0)
    let bins = try #require(table.calibrationCurve).bins
    #expect(bins.map(\.place) == [2, 7] && bins.map(\.share) == [0, 1])
    #expect(abs(bins[1].probability - 0.75) < 1e-7)
    let three = try ClassificationOutcomes(
      logits: Tensor([0, 1, 2] as [Float], shape: [1, 3]), labels: [0])
    #expect(three.calibrationCurve == nil)
  }
}
