import Documents
import Foundation
import Metrics
import PluginHost
import Tensors
import Testing

@testable import Evaluation

/// The planted audit with its first 400 test rows five times over, as if each were a patient with five
/// images.
@Suite("An audit of patients with several images")
struct UnitAuditTests {
  private func audited(units: Bool, in folder: URL) throws -> TrialRecord {
    let data = folder.appending(path: "data/planted-audit")
    try FileManager.default.createDirectory(
      at: data.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: suiteFolder.appending(path: "data/planted-audit"), to: data)
    try Tensor((0..<2000).map { Int32($0 / 5) }, shape: [2000])
      .writeNPY(to: data.appending(path: "unit.npy").path)
    let path = data.appending(path: "dataset.json")
    let text = try String(contentsOf: path, encoding: .utf8)
    var manifest = try #require(try JSON(parsing: text).object)
    let selection: JSON = ["file": "unit.npy"]
    manifest = manifest.mapValues { repeated($0, rows: selection) }
    if units { manifest["units"] = ["test": ["file": "unit.npy"]] }
    try JSON.object(manifest).canonicalText.write(to: path, atomically: true, encoding: .utf8)
    try FileManager.default.copyItem(
      at: suiteFolder.appending(path: "fairness.json"), to: folder.appending(path: "audit.json"))
    let suite = try String(contentsOf: folder.appending(path: "audit.json"), encoding: .utf8)
      .replacingOccurrences(
        of: "[\"planted-audit\", \"planted-audit-plain\"]", with: "[\"data/planted-audit\"]")
    try suite.write(
      to: folder.appending(path: "audit.json"), atomically: true, encoding: .utf8)
    let found = try records("audit", in: folder, plugin: "zero-shot", method: "zero-shot")
    return try #require(found.first)
  }

  /// The manifest with the selection on every array of test rows.
  private func repeated(_ json: JSON, rows: JSON) -> JSON {
    if let members = json.object {
      if members["file"]?.string?.hasPrefix("test_") == true {
        return .object(members.merging(["rows": rows]) { $1 })
      }
      return .object(members.mapValues { repeated($0, rows: rows) })
    }
    return json.array.map { .array($0.map { repeated($0, rows: rows) }) } ?? json
  }

  private func width(_ value: MetricValue?) -> Double {
    value?.interval.map { $0.upper - $0.lower } ?? .nan
  }

  @Test(
    "the units of the manifest reach every interval of the record, about the root of five wider")
  func widths() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "assay-units-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = try audited(units: false, in: folder.appending(path: "rows"))
    let units = try audited(units: true, in: folder.appending(path: "units"))
    #expect(rows.status == .ok && units.status == .ok, "\(String(describing: units.failure))")
    #expect(rows.metrics["auroc"]?.value == units.metrics["auroc"]?.value)
    #expect(rows.metrics["auroc"]?.n == 2000 && units.metrics["auroc"]?.n == 400)
    let ratio = width(units.metrics["auroc"]) / width(rows.metrics["auroc"])
    #expect(ratio > 1.7 && ratio < 2.8, "\(ratio)")
    func group(_ record: TrialRecord, _ by: String, _ key: String) -> MetricValue? {
      record.groups.first { $0.by == by && $0.key == key }?.metrics["auroc"]
    }
    for (by, key) in [
      ("age", "80+"), ("age", "80+ less all"), ("sex", "gap"), ("shortcut", "with"),
      ("shortcut", "gap"),
    ] {
      let (wide, narrow) = (group(units, by, key), group(rows, by, key))
      #expect(wide?.value == narrow?.value && wide?.value != nil)
      #expect(width(wide) > 1.4 * width(narrow), "\(by) \(key)")
    }
  }
}
