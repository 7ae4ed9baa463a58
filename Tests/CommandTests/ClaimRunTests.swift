import Documents
import Foundation
import Testing

@Suite("Claims on the command line")
struct ClaimRunTests {
  @Test(
    "the embedded claims of methods without class labels are measured",
    arguments: ["sliced-wasserstein-cv", "schur-entropy"])
  func claims(_ name: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(
      "run", "suites/claims/\(name).json", "--seeds", "1", "-o", assay.path("report.json"))
    #expect(result.status == 0, "\(result.errors)")
    let claims = try assay.json(assay.path("report.json"))["claims"]?.array ?? []
    #expect(claims.count >= 7)
    #expect(claims.allSatisfy { $0["verdict"]?.string != "not-measured" })
  }

  @Test("COCO captions are found as the authors of the features report: 55.2 and 50.6 %")
  func retrieval() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(
      "run", "suites/retrieve.json", "-m", "cosine", "-o", assay.path("report.json"))
    #expect(result.status == 0, "\(result.errors)")
    let trials = try assay.json(assay.path("report.json"))["trials"]?.array ?? []
    let coco = try #require(trials.first { $0["dataset"]?.string == "coco-pairs" })
    #expect(coco["metrics"]?["i2t_r1"]?["value"]?.double == 0.552)
    #expect(coco["metrics"]?["t2i_r1"]?["value"]?.double == 0.506)
  }
}
