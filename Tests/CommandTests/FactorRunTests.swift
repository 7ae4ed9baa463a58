import Documents
import Testing

@Suite("Visual factors on the command line")
struct FactorRunTests {
  /// The text knows what pose leaves as it is; rows are learned with what it takes away.
  @Test("the text lies above the family's line in the odd pose, and the family on it")
  func pose() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(
      "run", "suites/factors.json", "--quiet", "-m", "zero-shot", "-m", "nearest-mean", "-m",
      "linear-probe", "-o", assay.path("report.json"))
    #expect(result.status == 0, "\(result.errors)")
    let derived = try assay.json(assay.path("report.json"))["derived"]?.array ?? []
    func values(_ metric: String, _ label: String, _ pose: String) -> [Double] {
      derived.filter {
        $0["metric"]?.string == metric && $0["label"]?.string == label
          && $0["by"]?.string == "pose" && $0["key"]?.string == pose
      }.compactMap { $0["value"]?.double }
    }
    let text = values("effective_robustness", "zero-shot", "odd")
    #expect(text.count == 5 && text.allSatisfy { $0 > 0.1 }, "\(text)")
    for label in ["nearest-mean", "linear-probe"] {
      let own = values("effective_robustness", label, "odd")
      #expect(own.count == 5 && own.allSatisfy { abs($0) < 0.05 }, "\(label): \(own)")
      // Nearly twice the errors at 16 shots.
      #expect((values("error_ratio", label, "odd").last ?? 0) > 1.5)
    }
    #expect(values("error_ratio", "zero-shot", "odd").allSatisfy { abs($0 - 1) < 0.1 })
  }
}
