import Documents
import Foundation
import Testing

/// Names that look like what Assay makes of names.
@Suite("Names that look like others")
struct NamesTests {
  /// A copy of a dataset under another id with a changed manifest.
  private func copy(
    _ name: String, as id: String, in assay: Assay, _ change: (inout [String: JSON]) -> Void
  ) throws {
    let folder = assay.folder.appendingPathComponent("data/\(id)")
    try FileManager.default.createDirectory(
      at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Assay.root.appendingPathComponent("suites/data/\(name)"), to: folder)
    var manifest = try assay.json(folder.appendingPathComponent("dataset.json").path).object ?? [:]
    manifest["id"] = .string(id)
    change(&manifest)
    try assay.write(
      JSON.object(manifest).canonicalText, to: "data/\(id)/dataset.json")
  }

  private func group(
    _ key: String, _ role: String?, of report: JSON
  ) throws -> [String: JSON] {
    let groups = try #require(report["trials"]?.array?.first?["groups"]?.array)
    let found = groups.filter { $0["key"]?.string == key && $0["role"]?.string == role }
    #expect(found.count == 1, "\(key)")
    return try #require(found.first?.object)
  }

  @Test("shifts and groups may be called as references, corruptions and comparisons are")
  func shiftsAndGroups() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    try copy("planted-cues", as: "names", in: assay) { manifest in
      func shift(_ name: String, _ rows: ClosedRange<Int>) -> JSON {
        let rows: JSON = ["from": JSON(rows.lowerBound), "to": JSON(rows.upperBound)]
        return [
          "name": .string(name), "features": ["file": "test_x.npy", "rows": rows],
          "labels": ["file": "test_y.npy", "rows": rows], "test_rows": rows,
        ]
      }
      var plain = manifest["shifts"]?.array?[0].object ?? [:]
      plain["name"] = "gaussian_noise-3"
      plain["conflicting"] = nil
      manifest["shifts"] = [.object(plain), shift("x", 0...320), shift("clean-x", 320...640)]
      var pose = manifest["groups"]?["pose"]?.object ?? [:]
      pose["names"] = ["worst group", "odd"]
      manifest["groups"] = ["pose": .object(pose)]
    }
    try assay.write(
      """
      {
        "schema": "assay.suite/1", "id": "names", "version": "1.0.0", "title": "Names",
        "task": "classify", "datasets": ["names"],
        "protocol": { "kind": "shifts", "train": ["full"] }, "seeds": [1],
        "metrics": ["accuracy"], "groups": ["pose"]
      }
      """, to: "names.json")
    let result = try assay.run(
      "run", assay.path("names.json"), "--data", assay.path("data"), "-m", "zero-shot", "-o",
      assay.path("report.json"))
    #expect(result.status == 0, "\(result.errors)")
    let report = try assay.json(assay.path("report.json"))
    // The rows of 'x' and those behind it are the same; so are those of 'clean-x'.
    let (x, other) = (try group("x", nil, of: report), try group("clean-x", nil, of: report))
    #expect(x["reference"]?.string == "clean-x (unshifted)")
    #expect(other["reference"]?.string == "clean-clean-x" && other["shift"] != nil)
    let behind = try group("clean-x (unshifted)", nil, of: report)
    #expect(behind["behind"] == ["x"] && behind["metrics"] == x["metrics"])
    #expect(try group("clean-clean-x", nil, of: report)["metrics"] == other["metrics"])
    // A name that looks like a corruption's is none.
    #expect(try group("gaussian_noise-3", nil, of: report)["shift"] == ["name": "gaussian_noise-3"])
    #expect(report["derived"]?.array?.contains { $0["by"]?.string == "corruption" } != true)
    let (usual, worst) = (
      try group("worst group", nil, of: report), try group("worst group", "worst", of: report)
    )
    #expect(usual["n"]?.int == 457 && usual["metrics"] != worst["metrics"])
    #expect(
      try group("worst group less all", "difference", of: report)["of"]?.string == "worst group")
    // What reads the report tells them apart too.
    let text = try assay.run("show", assay.path("report.json")).output
    #expect(text.contains("clean-x (unshifted)"))
    let diff = try assay.run(
      "diff", assay.path("report.json"), assay.path("report.json"), "--format", "json")
    #expect(diff.status == 0, "\(diff.errors)")
    let page = try assay.run(
      "report", assay.path("report.json"), "--format", "html", "-o", assay.path("page.html"))
    #expect(page.status == 0, "\(page.errors)")
  }

  @Test("a source may be called like a mixture of others")
  func sources() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    try copy("planted-sources", as: "mixed", in: assay) { manifest in
      var source = manifest["groups"]?["source"]?.object ?? [:]
      source["names"] = ["25% A + 75% B", "A"]
      manifest["groups"] = ["source": .object(source)]
    }
    try assay.write(
      """
      {
        "schema": "assay.suite/1", "id": "mixed", "version": "1.0.0", "title": "Mixed",
        "task": "classify", "datasets": ["mixed"],
        "protocol": {
          "kind": "sources", "sizes": [100, 200, 400],
          "mixes": [{ "25% A + 75% B": 1 }, { "A": 1 }, { "25% A + 75% B": 1, "A": 1 }]
        },
        "seeds": [1], "metrics": ["accuracy"]
      }
      """, to: "mixed.json")
    let result = try assay.run(
      "run", assay.path("mixed.json"), "--data", assay.path("data"), "-m", "nearest-mean", "-o",
      assay.path("report.json"))
    #expect(result.status == 0, "\(result.errors)")
    let report = try assay.json(assay.path("report.json"))
    let derived = report["derived"]?.array ?? []
    func mixes(_ metric: String) -> Set<String> {
      Set(
        derived.filter { $0["metric"]?.string == metric }
          .compactMap { $0["setting"]?["mix"]?.string })
    }
    #expect(mixes("source_rank") == ["25% A + 75% B", "A"])
    #expect(mixes("dilution_position") == ["50% 25% A + 75% B + 50% A"])
    let trials = report["trials"]?.array ?? []
    #expect(
      trials.contains { trial in
        let shares = trial["mixture"]?.object?.compactMapValues(\.double)
        return shares == ["25% A + 75% B": 1, "A": 1]
      })
  }
}
