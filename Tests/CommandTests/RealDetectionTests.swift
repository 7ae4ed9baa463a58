import Documents
import Foundation
import Testing

/// The folder with the data that lies beside the project, nil when it is absent.
private let localData: String? = {
  let path =
    ProcessInfo.processInfo.environment["ASSAY_DATA_PATH"]
    ?? Assay.root.appendingPathComponent("../shared/data").path
  let features = "\(path)/local-only/clip-vitb32"
  return FileManager.default.fileExists(atPath: features) ? path : nil
}()

@Suite("OOD detection on real features", .serialized)
struct RealDetectionTests {
  @Test(
    "mcm has the AUROC and both FPR95 that NumPy has, through a whole run",
    .enabled(if: localData != nil, "needs local-only features in ASSAY_DATA_PATH"))
  func matching() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = [
      "python3", Assay.root.appendingPathComponent("tools/local_features.py").path,
      assay.path("data"), "--only", "detection",
    ]
    python.environment = ProcessInfo.processInfo.environment.merging(
      ["ASSAY_DATA_PATH": try #require(localData)]) { $1 }
    try python.run()
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    let run = try assay.run(
      "run", "suites/claims/ood-real.json", "--data", assay.path("data"), "-o",
      assay.path("report.json"))
    #expect(run.status == 0, "\(run.errors)")
    let report = try JSON(
      parsing: String(contentsOfFile: assay.path("report.json"), encoding: .utf8))
    let claims = try #require(report["claims"]?.array)
    // NumPy 2.4.6, f64, unit rows, soft-max of cosines, no interpolation on the curve.
    for (claim, wanted) in zip(claims, [0.851, 0.536, 0.606]) {
      #expect(abs(try #require(claim["value"]?.double) - wanted) < 0.002)
    }
    #expect(claims.count == 3)
  }
}
