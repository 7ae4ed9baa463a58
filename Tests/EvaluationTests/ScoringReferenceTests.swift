import Documents
import Foundation
import Metrics
import PluginHost
import Suites
import Testing

@testable import Evaluation

/// The folder of the test bundle, where plugins and executable lie.
private let products: URL = {
  let bundle = CommandLine.arguments.first { $0.contains(".xctest/") || $0.hasSuffix(".xctest") }
  guard let bundle, let end = bundle.range(of: ".xctest")?.upperBound else {
    return Bundle.main.bundleURL
  }
  return URL(filePath: String(bundle[..<end])).deletingLastPathComponent()
}()

/// The folder of the shipped suites.
let suiteFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "suites")

/// Runs a method of a plugin on every setting of a suite, by default a shipped one, with seed 1.
func records(
  _ suite: String, in folder: URL = suiteFolder, plugin: String, method: String,
  config: [String: JSON] = [:]
) throws -> [TrialRecord] {
  let host = PluginHost(
    executable: products.appending(path: "assay").path,
    cacheFolder: NSTemporaryDirectory() + "assay-scoring-tests")
  let found = try host.describe(products.appending(path: "libassay-\(plugin).so").path).get()
  let choice = try MethodChoice(
    plugin: found, method: try #require(found.methods.first { $0.id == method }),
    settings: config)
  let runner = TrialRunner(host: host, limits: Limits(), isolation: .process)
  return try Suite.read(folder.appending(path: "\(suite).json").path).plan(seeds: [1])
    .settings.map { setting in
      let trial = PlannedTrial(choice: choice, setting: setting, threads: 1)
      return runner.run(trial).record
    }
}

/// Values of the starter collection's README, "Reference results": NumPy 2.4.6 on the stored arrays
/// in float64; class means of all 2,000 training rows.
@Suite("Reference results of the collection")
struct ScoringReferenceTests {
  /// Accuracy in percent: zero-shot, class mean.
  static let shifts: [String: [Double]] = [
    "clean": [62.4, 84.8], "gaussian_noise-1": [47.2, 72.4], "gaussian_noise-3": [25.2, 40.8],
    "gaussian_noise-5": [10.4, 15.2], "gaussian_blur-1": [61.6, 79.2],
    "gaussian_blur-3": [30.8, 50.8], "gaussian_blur-5": [11.6, 22.4], "contrast-1": [61.2, 83.2],
    "contrast-3": [60.4, 80.8], "contrast-5": [41.6, 72.8], "brightness-1": [59.6, 82.8],
    "brightness-3": [57.6, 79.2], "brightness-5": [44.4, 70.4], "pixelate-1": [27.2, 56.8],
    "pixelate-3": [22.4, 42.0], "pixelate-5": [20.8, 23.6], "rotation-1": [57.6, 79.2],
    "rotation-3": [38.0, 52.0], "rotation-5": [26.8, 45.2],
  ]

  @Test(
    "accuracy under every shift is the table's, within one image",
    arguments: [("zero-shot", 0), ("nearest-mean", 1)])
  func shifts(method: String, column: Int) throws {
    let record = try #require(
      try records("robustness", plugin: method, method: method)
        .first { $0.setting == ["train": "full"] })
    #expect(record.status == .ok && record.selection == .none)
    let rows = record.groups.filter { $0.by == "shift" }
    #expect(Set(rows.map(\.key)) == Set(Self.shifts.keys) && rows.count == 19)
    for row in rows {
      let found = try #require(row.metrics["accuracy"]?.value)
      let wanted = try #require(Self.shifts[row.key])[column] / 100
      #expect(abs(found - wanted) < 1.01 / 250, "\(row.key)")
    }
  }

  @Test(
    "AUROC of OOD detection is the table's, within 0.001",
    arguments: [
      ("max-logit", "text", ["digits": 0.9509, "texture": 0.9264]),
      ("msp", "text", ["digits": 0.7522, "texture": 0.7513]),
      ("max-logit", "means", ["digits": 0.9536, "texture": 0.9851]),
      ("msp", "means", ["digits": 0.8037, "texture": 0.8159]),
    ])
  func detection(method: String, classes: String, wanted: [String: Double]) throws {
    let records = try records(
      "ood-detection", plugin: "ood-scores", method: method, config: ["classes": .string(classes)])
    #expect(records.map { $0.setting["distance"]?.string } == ["near", "far"])
    for record in records {
      let set = try #require(record.setting["ood"]?.string)
      let auroc = try #require(record.metrics["auroc"]?.value)
      #expect(abs(auroc - (try #require(wanted[set]))) < 0.001, "\(set)")
      // Clean accuracy of the table: 60.90 % with text, 80.17 % with means.
      let accuracy = try #require(record.metrics["id_accuracy"]?.value)
      #expect(abs(accuracy - (classes == "text" ? 0.6090 : 0.8017)) < 0.001)
    }
  }

  @Test("new classes are scored by their text alone, and methods without it are unsupported there")
  func newClasses() throws {
    let text = try records("base-to-new", plugin: "zero-shot", method: "zero-shot")
    #expect(text.map(\.status) == [.ok, .ok])
    // NumPy 2.4.6, float64: argmax of unit test_x times class_text[:5] (rows of classes 0 to 4) and
    // times class_text[5:] (the others).
    let (base, new) = (0.685333, 0.744000)
    #expect(abs((text[0].metrics["accuracy"]?.value ?? 0) - base) < 0.001)
    #expect(abs((text[1].metrics["accuracy"]?.value ?? 0) - new) < 0.001)
    let harmonic = try #require(text[1].groups.first { $0.key == "harmonic mean" })
    #expect(
      abs((harmonic.metrics["accuracy"]?.value ?? 0) - 2 * base * new / (base + new)) < 0.001)
    let means = try records("base-to-new", plugin: "nearest-mean", method: "nearest-mean")
    #expect(means.map(\.status) == [.ok, .unsupported])
    #expect(means[1].failure?.message.contains("does not take query.text") == true)
  }
}
