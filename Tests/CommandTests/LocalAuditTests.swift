import Documents
import Foundation
import Testing

/// The folder with the data that lies beside the project, nil when it is absent.
private let localData: String? = {
  let path =
    ProcessInfo.processInfo.environment["ASSAY_DATA_PATH"] ?? "\(Assay.root.path)/../shared/data"
  let predictions = "\(path)/local-only/fairface-preds"
  return FileManager.default.fileExists(atPath: predictions) ? path : nil
}()

@Suite("Audits of data beside the project")
struct LocalAuditTests {
  private func laidOut(_ assay: Assay) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "tools/local_audit.py", assay.path("local")]
    process.currentDirectoryURL = Assay.root
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["ASSAY_DATA_PATH": try #require(localData)]) { $1 }
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  /// Origin: the predictions counted in Python 3.11: 95.125 % of 10,954 rows, Black men 720 of 799.
  @Test(
    "CLIP's gender on FairFace: 95.1 % of all rows, 90.1 % of Black men, who are the worst group",
    .enabled(if: localData != nil, "needs local-only/fairface-preds in ASSAY_DATA_PATH"))
  func fairface() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    try laidOut(assay)
    let result = try assay.run(
      "score", "suites/local/fairface.json", "--predictions",
      assay.path("local/fairface-predictions"),
      "--label", "clip", "--data", assay.path("local"), "-o", assay.path("out.json"), "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    let report = try assay.json(assay.path("out.json"))
    let trial = try #require(report["trials"]?.array?.first)
    func accuracy(_ value: JSON?) -> Double {
      value?["metrics"]?["accuracy"]?["value"]?.double ?? 0
    }
    #expect(abs(accuracy(trial) - 0.951250684681395) < 1e-9)
    let groups = (trial["groups"]?.array ?? []).filter { $0["by"]?.string == "class*race" }
    for key in ["Male*Black", "worst group"] {
      let group = groups.first { $0["key"]?.string == key }
      #expect(abs(accuracy(group) - 720.0 / 799) < 1e-9, "\(key)")
    }
  }
}
