import Testing

@testable import Statistics

/// Reference values: SciPy 1.17.1, `chi2.sf`, `f.sf`, `studentized_range` with infinite degrees of
/// freedom.
@Suite("Distributions of test statistics")
struct DistributionTests {
  @Test(
    "the chi-squared tail agrees with SciPy",
    arguments: [
      (0.5, 1, 0.47950012218695337), (3.84, 1, 0.05004352124870519),
      (10, 4, 0.04042768199451279), (50, 10, 2.669083424904495e-07),
      (0.01, 3, 0.9997348349413444), (200, 100, 1.1784500720979781e-08),
      (1e-8, 2, 0.999999995), (700, 20, 2.2134053404244967e-135),
    ])
  func chiSquared(x: Double, degrees: Double, expected: Double) {
    #expect(abs(chiSquaredTail(above: x, degreesOfFreedom: degrees) / expected - 1) < 1e-9)
  }

  @Test(
    "the F tail agrees with SciPy",
    arguments: [
      (1, 1, 1, 0.5), (5.1, 3, 15, 0.01246062745332301), (0.2, 4, 40, 0.9368816598171),
      (30, 2, 8, 0.00019156858754085799), (1, 10, 10, 0.5),
      (100, 5, 20, 1.9050544262134536e-13), (2.3, 9, 300, 0.016438570096070203),
    ])
  func f(x: Double, first: Double, second: Double, expected: Double) {
    #expect(abs(fTail(above: x, degreesOfFreedom: first, second) / expected - 1) < 1e-9)
  }

  @Test("at 0 all lies above, at infinity nothing, and without degrees of freedom there is no tail")
  func ends() {
    #expect(chiSquaredTail(above: 0, degreesOfFreedom: 3) == 1)
    #expect(chiSquaredTail(above: .infinity, degreesOfFreedom: 3) == 0)
    #expect(fTail(above: 0, degreesOfFreedom: 3, 4) == 1)
    #expect(fTail(above: .infinity, degreesOfFreedom: 3, 4) == 0)
    #expect(chiSquaredTail(above: 1, degreesOfFreedom: 0).isNaN)
    #expect(fTail(above: 1, degreesOfFreedom: 2, 0).isNaN)
  }

  @Test("an F variable on 1 and n degrees of freedom tends to chi-squared on 1, and inverts")
  func relations() {
    let wide = fTail(above: 3.84, degreesOfFreedom: 1, 1e7)
    #expect(abs(wide - chiSquaredTail(above: 3.84, degreesOfFreedom: 1)) < 1e-6)
    let turned = 1 - fTail(above: 1 / 2.5, degreesOfFreedom: 7, 4)
    #expect(abs(fTail(above: 2.5, degreesOfFreedom: 4, 7) - turned) < 1e-12)
  }

  @Test(
    "the range of normal variables agrees with SciPy",
    arguments: [
      (1, 2, 0.4795001221869535), (3.314, 3, 0.05004414040611005),
      (3.5, 5, 0.09633846396542678), (5, 10, 0.014857437887783598),
      (0.5, 4, 0.9848499118944073), (8, 20, 2.8901613927656555e-06),
    ])
  func range(q: Double, groups: Int, expected: Double) {
    #expect(abs(rangeTail(above: q, groups: groups) - expected) < 1e-9)
  }

  /// Also the table of Demšar, JMLR 7 (2006), which has three decimals.
  @Test(
    "the studentised range over the root of 2 is Nemenyi's table",
    arguments: [
      (2, 1.9599639845400534), (3, 2.343700586378409), (4, 2.569031772546482),
      (5, 2.7277743708703763), (6, 2.8497054196100016), (7, 2.9483200175296744),
      (8, 3.030878449614413), (9, 3.1017303413033805), (10, 3.163683577053373),
      (12, 3.268003924466142),
    ])
  func quantile(groups: Int, expected: Double) {
    let q = rangeQuantile(exceededBy: 0.05, groups: groups) / 2.0.squareRoot()
    #expect(abs(q - expected) < 1e-6)
  }
}
