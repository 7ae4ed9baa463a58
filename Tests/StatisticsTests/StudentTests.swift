import Statistics
import Testing

@Suite("Student's t")
struct StudentTests {
  /// Origin: scipy 1.17.1, `scipy.stats.t.ppf`.
  @Test(
    "quantiles agree with scipy",
    arguments: [
      (0.975, 1.0, 12.706204736174694), (0.9, 7, 1.4149239276505079),
      (0.9995, 3.5, 10.204828630563396), (0.3, 12, -0.5386176682019164),
      (0.975, 250, 1.9694983934211532), (0.9995, 5000, 3.2924737233708825),
    ])
  func quantiles(p: Double, degrees: Double, wanted: Double) {
    #expect(abs(studentQuantile(p, degreesOfFreedom: degrees) - wanted) < 1e-8 * abs(wanted))
  }

  @Test("with many degrees it is normal, and the ends are infinite")
  func limits() {
    #expect(abs(studentQuantile(0.975, degreesOfFreedom: 1e9) - normalQuantile(0.975)) < 1e-8)
    #expect(studentQuantile(0, degreesOfFreedom: 5) == -.infinity)
    #expect(studentQuantile(1, degreesOfFreedom: 5) == .infinity)
    #expect(studentQuantile(0.5, degreesOfFreedom: 5) == 0)
  }
}
