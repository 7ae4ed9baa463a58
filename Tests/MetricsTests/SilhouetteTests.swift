import Glibc
import Testing

@testable import Metrics

@Suite("Silhouettes")
struct SilhouetteTests {
  /// Origin: scikit-learn 1.9.1, `silhouette_samples` and `silhouette_score` on the points below.
  @Test("values agree with scikit-learn, a point alone in its group having 0")
  func reference() {
    let points = (0..<24).flatMap { row in
      let x = Double(row)
      return [sin(x) + (row % 3 == 0 ? 1 : 0), cos(2 * x)]
    }
    let groups = (0..<24).map { Int32(($0 % 3 == 0 ? 1 : 0) + ($0 == 23 ? 2 : 0)) }
    let found = silhouettes(of: points, width: 2, groups: groups)
    for (row, wanted) in [(0, 0.50722127), (1, -0.09105877), (23, 0)] {
      #expect(abs(found[row] - wanted) < 1e-7)
    }
    #expect(abs(found.reduce(0, +) / 24 + 0.05927377925545805) < 1e-12)
  }

  @Test("far groups are near 1, one group has none, points on one spot have 0")
  func extremes() {
    let far = silhouettes(of: [0, 0.1, 100, 100.1], width: 1, groups: [0, 0, 7, 7])
    #expect(far.allSatisfy { $0 > 0.99 })
    #expect(silhouettes(of: [0, 1], width: 1, groups: [3, 3]).isEmpty)
    #expect(silhouettes(of: [1, 1, 1, 1], width: 1, groups: [0, 1, 0, 1]) == [0, 0, 0, 0])
  }
}

@Suite("Youden's threshold")
struct YoudenTests {
  /// Origin: scikit-learn 1.9.1, the threshold of `roc_curve` with the greatest `tpr - fpr`.
  @Test("the threshold agrees with scikit-learn")
  func reference() throws {
    #expect(try RankingSample().binary().youdenThreshold == 0.625)
  }

  @Test("of equal thresholds the highest is taken; one class, or more than two, has none")
  func special() throws {
    // TPR - FPR is 1/2 from 4 on and again from 2 on.
    let tied = try ClassificationOutcomes(
      margins: [4, 3, 2, 1], isPositive: [true, false, true, false], threshold: 0)
    #expect(tied.youdenThreshold == 4)
    let one = try ClassificationOutcomes(
      margins: [1, 2], isPositive: [true, true], threshold: 0)
    #expect(one.youdenThreshold == nil)
    #expect(try ReferenceSample().outcomes().youdenThreshold == nil)
  }
}
