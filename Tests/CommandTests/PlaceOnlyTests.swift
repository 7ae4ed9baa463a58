import Documents
import Foundation
import Testing

/// Methods that read nothing but the place of what is asked, over all suites that ship.
@Suite("A place tells nothing")
struct PlaceOnlyTests {
  /// The suites of tasks in which a place could be an answer: `distance` and `diversity` ask about
  /// whole sets, `optimise` about none, and curation's probe would take minutes in an unoptimised
  /// build.
  static let suites: [String] = {
    let folder = Assay.root.appendingPathComponent("suites").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
      .filter { !["distance", "diversity", "optimise", "curate"].contains($0) }
  }()

  /// What a guess that is spread evenly over the answers gets; nil where that has no closed form.
  private func chance(_ metric: String, _ trial: JSON, classes: Int, rows: Int) -> Double? {
    switch metric {
    case "accuracy" where classes > 0, "mean_per_class_accuracy" where classes > 0:
      1 / Double(classes)
    case "top5_accuracy" where classes > 0: min(1, 5 / Double(classes))
    case "auroc": 0.5
    case "i2t_r1", "t2i_r1": 1 / Double(rows)
    case "i2t_r10", "t2i_r10": 10 / Double(rows)
    default: nil
    }
  }

  /// The classes among which a trial decides.
  private func classes(of trial: JSON, _ report: JSON) -> Int {
    // Cases of pictures do not name their classes; those that are planted are eight.
    if trial["task"]?.string == "classify-images" { return 8 }
    guard trial["task"]?.string == "classify" else { return 0 }
    if trial["setting"]?["label"] != nil { return 2 }
    let id = trial["dataset"]?.string
    let dataset = report["datasets"]?.array?.first { $0["id"]?.string == id }
    let all = dataset?["classes"]?.int ?? 0
    switch trial["setting"]?["classes"]?.string {
    case "base": return (all + 1) / 2
    case "new": return all / 2
    default: return all
    }
  }

  private func compiled(_ assay: Assay) throws -> String {
    let path = assay.path("libassay-place-only.so")
    let fixtures = Assay.root.appendingPathComponent("Tests/Fixtures")
    let made = try assay.run(
      "/usr/bin/env",
      [
        "cc", "-std=gnu11", "-O1", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror",
        "-I\(Assay.root.path)/Sources/CAssay/include", "\(fixtures.path)/place_only.c", "-o", path,
      ], in: assay.folder)
    try #require(made.status == 0, "\(made.errors)")
    return path
  }

  /// Every value of a trial that has an interval: its own, and those of groups of rows.
  private func values(of trial: JSON) -> [(metric: String, group: String, value: JSON)] {
    let groups = (trial["groups"]?.array ?? []).filter {
      ["rows", nil].contains($0["role"]?.string)
    }
    let tables =
      [("", trial["metrics"])]
      + groups.map { ("\($0["by"]?.string ?? "") \($0["key"]?.string ?? "")", $0["metrics"]) }
    return tables.flatMap { group, table in
      (table?.object ?? [:]).map { (metric: $0, group: group, value: $1) }
    }
  }

  @Test("methods that answer from the place alone are at chance in every suite", arguments: suites)
  func atChance(suite: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let path = assay.path("report.json")
    let result = try assay.run(
      "run", "suites/\(suite).json", "-p", try compiled(assay), "-m", "cyclic", "-m", "rising",
      "-m", "falling", "--seeds", "1", "-q", "-o", path)
    try #require(result.status == 0, "\(result.errors)")
    let report = try assay.json(path)
    let trials = report["trials"]?.array ?? []
    try #require(!trials.isEmpty)
    var ranges: [String: [ClosedRange<Double>]] = [:]
    for trial in trials {
      for (metric, group, value) in values(of: trial) {
        guard let share = value["value"]?.double, let n = value["n"]?.int,
          let low = value["interval"]?["lower"]?.double,
          let high = value["interval"]?["upper"]?.double, low <= high
        else { continue }
        // A group's rows are ranked among all candidates, whose number its n is not.
        if suite == "retrieve", !group.isEmpty { continue }
        let place = "\(suite) \(trial["setting"] ?? .null) \(group) \(metric)"
        ranges[place, default: []].append(low...high)
        guard
          let chance = chance(metric, trial, classes: classes(of: trial, report), rows: n)
        else { continue }
        // Six standard errors, since thousands are judged, and a few rows where errors are tiny.
        let bound = 1.5 * (high - low) + 6 / Double(n)
        #expect(
          abs(share - chance) <= bound,
          "\(place) of \(trial["label"]?.string ?? ""): \(share), where chance is \(chance)")
      }
    }
    // Whatever is at chance: the first places are no better than the last.
    for (place, ranges) in ranges where suite == "recommend" {
      for range in ranges.dropFirst() {
        let width = max(range.upperBound - range.lowerBound, 0.02)
        #expect(
          range.lowerBound - width <= ranges[0].upperBound
            && ranges[0].lowerBound <= range.upperBound + width, "\(place): \(ranges)")
      }
    }
  }
}
