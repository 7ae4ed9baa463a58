import Contracts
import Datasets
import Documents
import Foundation
import Metrics
import Testing

@testable import Suites

@Suite("Suite files")
struct SuiteFileTests {
  func failure(_ path: String) -> SuiteError? {
    do throws(SuiteError) {
      _ = try Suite.read(path)
      return nil
    } catch {
      return error
    }
  }

  @Test("a suite is read with its defaults filled in")
  func defaults() throws {
    let folder = try SuiteFolder()
    let suite = try Suite.read(try folder.addSuite { $0["seeds"] = nil })
    #expect(suite.seeds == [1, 2, 3, 4, 5])
    #expect(suite.protocol as? FewShotProtocol == FewShotProtocol(["shots": [1, 2]]))
    #expect(suite.validation == .full && suite.whenAbsent == .error && suite.groups.isEmpty)
    #expect(suite.metrics == suite.contract.metrics)
    #expect(suite.contract.task == "classify")
  }

  @Test("the digest covers the document and not its place, blanks or omitted defaults")
  func digest() throws {
    let folder = try SuiteFolder()
    let one = try Suite.read(try folder.addSuite("one.json"))
    let two = try Suite.read(
      try folder.addSuite("two.json") {
        $0["when_absent"] = "error"
        $0["selection"] = ["val": "full"]
      })
    let three = try Suite.read(try folder.addSuite("three.json") { $0["seeds"] = [1, 2] })
    #expect(one.digest == two.digest)
    #expect(one.digest != three.digest)
  }

  @Test(
    "the Swift schemas are the published files",
    arguments: [
      ("assay.suite-1", SuiteSchema.text), ("assay.claims-1", ClaimsSchema.text),
      ("assay.run-1", RunSchema.text),
    ])
  func schemasArePublished(name: String, text: String) throws {
    let path = "\(packageRoot)/schemas/\(name).schema.json"
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test(
    "a mistake is told with its place and the nearest name",
    arguments: [
      ("sedes", [1], "'seeds'"), ("task", "clasify", "'classify'"),
      ("metrics", ["acuracy"], "'accuracy'"), ("datasets", [], "at /datasets"),
      ("datasets", ["/data/x"], "absolute path"), ("seeds", [1, 1], "at /seeds"),
      ("seeds", [-1], "at /seeds/0"), ("protocol", ["kind": "few-shots"], "few-shot"),
      ("protocol", ["kind": "few-shot", "shots": [0]], "/protocol/shots/0"),
      ("protocol", ["kind": "few-shot", "shot": [1]], "'shots'"),
      ("schema", "assay.suite/2", "at /schema"),
      ("protocol", ["kind": "shifts"], "'train'"),
      ("protocol", ["kind": "shifts", "train": ["ful"]], "at /protocol/train/0"),
      ("protocol", ["kind": "shifts", "train": [0]], "at /protocol/train/0"),
      ("protocol", ["kind": "shifts", "train": ["full"], "shift": ["a"]], "'shifts'"),
      ("protocol", ["kind": "shifts", "train": ["full"], "shifts": []], "at /protocol/shifts"),
      ("protocol", ["kind": "detect-ood", "train": ["none"]], "settings of task 'detect-ood'"),
      ("task", "detect-ood", "settings of task 'classify'"),
      ("protocol", ["kind": "base-to-new"], "'shots'"),
      ("protocol", ["kind": "unsupervised", "shots": [1]], "'shots'"),
      (
        "protocol", ["kind": "imbalanced", "profiles": ["exponental"], "ratios": [10]],
        "did you mean \"exponential\"?"
      ),
      (
        "protocol", ["kind": "imbalanced", "profiles": ["step"], "ratios": [0.5]],
        "at /protocol/ratios/0"
      ),
      (
        "protocol",
        [
          "kind": "imbalanced", "profiles": ["step"], "ratios": [10], "many_above": 10,
          "few_below": 12,
        ], "many above 10 rows and few below 12"
      ),
    ] as [(String, JSON, String)])
  func mistakes(member: String, value: JSON, sentence: String) throws {
    let folder = try SuiteFolder()
    let path = try folder.addSuite { $0[member] = value }
    let error = try #require(failure(path))
    #expect(error.code == .badFile)
    #expect(error.description.contains(sentence), "\(error)")
    #expect(error.description.contains("suite.json:"), "\(error)")
  }

  @Test("a file that is not there is an error that names it")
  func absent() {
    #expect(failure("/nowhere/suite.json")?.description.contains("/nowhere/suite.json") == true)
  }

  @Test("the thresholds of many and few are completed with those of ImageNet-LT")
  func frequencyDefaults() throws {
    let folder = try SuiteFolder()
    let path = try folder.addSuite {
      $0["protocol"] = ["kind": "imbalanced", "profiles": ["step"], "ratios": [10]]
    }
    #expect(
      try Suite.read(path).protocol as? ImbalancedProtocol
        == ImbalancedProtocol([
          "profiles": ["step"], "ratios": [10], "many_above": 100, "few_below": 20,
        ]))
  }

  @Test(
    "every suite file of the project can be read",
    arguments: [
      ("few-shot", FewShotProtocol(["shots": [1, 2, 4, 8, 16]])),
      ("local/few-shot", FewShotProtocol(["shots": [1, 2, 4, 8, 16]])),
      ("robustness", ShiftsProtocol(["train": [1, 16, "full"]])),
      (
        "ood",
        ShiftsProtocol([
          "train": ["full"],
          "shifts": ["gaussian_blur-3", "pixelate-3", "rotation-1", "rotation-3", "rotation-5"],
        ])
      ),
      ("ood-detection", DetectOODProtocol(["train": ["full"]])),
      (
        "imbalanced",
        ImbalancedProtocol([
          "profiles": ["exponential", "step"], "ratios": [10, 50, 100], "many_above": 100,
          "few_below": 20,
        ])
      ),
      ("base-to-new", BaseToNewProtocol(["shots": [16]])),
      ("unsupervised", UnsupervisedProtocol([:])),
    ] as [(String, any SuiteProtocol)])
  func shipped(name: String, protocol expected: any SuiteProtocol) throws {
    func isSame<Made: SuiteProtocol>(_ expected: Made, _ found: any SuiteProtocol) -> Bool {
      found as? Made == expected
    }
    #expect(isSame(expected, try Suite.read("\(packageRoot)/suites/\(name).json").protocol))
  }

  @Test("protocols have names of their own")
  func kinds() {
    #expect(Set(suiteProtocols.map { $0.kind }).count == suiteProtocols.count)
  }
}

@Suite("Run files")
struct RunFileTests {
  func read(_ json: JSON) throws -> RunFile {
    let folder = try SuiteFolder()
    try folder.write(json.prettyText, to: "run.json")
    return try RunFile.read("\(folder.path)/run.json")
  }

  @Test("methods, labels, configs, seeds and limits are read, paths from the file's folder")
  func happyPath() throws {
    let run = try read([
      "schema": "assay.run/1", "suites": ["few-shot.json", "/abs/x.json"],
      "methods": [
        ["id": "gda"], ["id": "gda", "label": "gda, alpha 1", "config": ["alpha": 1]],
      ],
      "seeds": [3], "limits": ["fit_seconds": 2.5], "data": ["d"],
    ])
    #expect(run.suites[0].hasPrefix("/") && run.suites[0].hasSuffix("/few-shot.json"))
    #expect(run.suites[1] == "/abs/x.json")
    #expect(run.methods.map(\.label) == ["gda", "gda, alpha 1"])
    #expect(run.methods.map(\.config) == [[:], ["alpha": 1]])
    #expect(run.seeds == [3])
    #expect(run.limits.fitSeconds == 2.5 && run.limits.loadSeconds == nil)
    #expect(run.dataPaths.count == 1 && run.plugins.isEmpty)
  }

  @Test("two rows of one name are an error that asks for a label")
  func sameLabel() throws {
    #expect {
      try read([
        "schema": "assay.run/1", "suites": ["s.json"], "methods": [["id": "gda"], ["id": "gda"]],
      ])
    } throws: { error in
      "\(error)".contains("at /methods/1: the row 'gda' is there already; give this one a label")
    }
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      ("method", [["id": "x"]], "'methods'"), ("limits", ["fit_second": 1], "'fit_seconds'"),
      ("limits", ["memory_bytes": 1000], "at /limits/memory_bytes"),
      ("limits", ["fit_seconds": 0], "at /limits/fit_seconds"),
    ] as [(String, JSON, String)])
  func mistakes(member: String, value: JSON, sentence: String) throws {
    var json: [String: JSON] = [
      "schema": "assay.run/1", "suites": ["s.json"], "methods": [["id": "gda"]],
    ]
    json[member] = value
    #expect {
      try read(.object(json))
    } throws: { error in
      "\(error)".contains(sentence)
    }
  }
}
