import Documents
import Foundation
import Testing

@testable import Suites

/// What is said of a suite by reading and planning it; empty where it is fine.
private func failure(of path: String, methods: KnownMethods? = nil) -> String {
  do throws(SuiteError) {
    _ = try Suite.read(path, dataPaths: ["\(packageRoot)/suites/data"], methods: methods).plan()
    return ""
  } catch {
    return error.description
  }
}

/// A suite of the shipped data sets in a folder of its own, with some members changed.
private func shipped(_ name: String, _ changes: [String: JSON]) throws -> (SuiteFolder, String) {
  let folder = try SuiteFolder()
  let text = try String(contentsOfFile: "\(packageRoot)/suites/\(name).json", encoding: .utf8)
  let members = try JSON(parsing: text).object ?? [:]
  try folder.write(
    JSON.object(members.merging(changes) { $1 }).prettyText, to: "\(name).json")
  return (folder, "\(folder.path)/\(name).json")
}

@Suite("A suite held against its data")
struct SuiteCheckingTests {
  @Test(
    "a name that the data do not have is refused with its place and the nearest one",
    arguments: [
      ("fairness", ["groups": ["clas"]], "/groups/0", "attribute 'clas'", "'class'"),
      ("fairness", ["groups": ["age", "age*sexx"]], "/groups/1", "attribute 'sexx'", "'sex'"),
      (
        "robustness", ["protocol": ["kind": "shifts", "train": [1], "shifts": ["rotaton-1"]]],
        "/protocol/shifts/0", "shift 'rotaton-1'", "'rotation-1'"
      ),
      (
        "fairness", ["protocol": ["kind": "audit", "train": ["full"], "targets": ["findng"]]],
        "/protocol/targets/0", "target 'findng'", "'finding'"
      ),
      (
        "fairness", ["protocol": ["kind": "audit", "train": ["full"], "shortcut": "devise"]],
        "/protocol/shortcut", "attribute 'devise'", "'device'"
      ),
      (
        "fairness", ["groups": [], "protocol": ["kind": "probe", "attributes": ["devise"]]],
        "/protocol/attributes/0", "attribute with training rows 'devise'", "'device'"
      ),
      (
        "data-sources",
        ["protocol": ["kind": "sources", "mixes": [["A": 1, "BB": 1]], "sizes": [20]]],
        "/protocol/mixes/0/BB", "source 'BB'", "'B'"
      ),
      (
        "ood-detection", ["protocol": ["kind": "detect-ood", "train": [1], "sets": ["digit"]]],
        "/protocol/sets/0", "OOD set 'digit'", "'digits'"
      ),
      (
        "cues", ["references": ["factors": ["poze"]]], "/references/factors/0",
        "attribute 'poze'", "'pose'"
      ),
      ("few-shot", ["datasets": ["fashon"]], "/datasets/0", "'fashon' is in none of", "'fashion'"),
    ] as [(String, [String: JSON], String, String, String)])
  func names(
    suite: String, changes: [String: JSON], pointer: String, what: String, nearest: String
  ) throws {
    let (folder, path) = try shipped(suite, changes)
    defer { withExtendedLifetime(folder) {} }
    let text = failure(of: path)
    #expect(text.contains("at \(pointer): "), "\(text)")
    #expect(text.contains(what) && text.contains("did you mean \(nearest)?"), "\(text)")
    #expect(text.hasPrefix("\(path):"), "\(text)")
  }

  @Test(
    "what does not go together in the file itself is refused with its place",
    arguments: [
      (
        "few-shot", ["metrics": ["accuracy", "i2t_r1"]], "/metrics/1",
        "metric 'i2t_r1' is one of task 'retrieve', but the suite's task is 'classify'"
      ),
      ("few-shot", ["metrics": ["mce"]], "/metrics/0", "'mce' is no metric of a trial"),
      ("few-shot", ["metrics": ["nll_scaled"]], "/metrics/0", "\"calibration\": \"temperature\""),
      ("few-shot", ["groups": [], "min_group": 3], "/min_group", "there are no groups"),
      (
        "few-shot", ["references": ["baseline": "zero-shot"]], "/references/baseline",
        "protocol 'few-shot' has none of"
      ),
      ("cues", ["groups": []], "/references/factors/0", "add 'pose' to 'groups'"),
    ] as [(String, [String: JSON], String, String)])
  func contradictions(
    suite: String, changes: [String: JSON], pointer: String, sentence: String
  ) throws {
    let (folder, path) = try shipped(suite, changes)
    defer { withExtendedLifetime(folder) {} }
    let text = failure(of: path)
    #expect(text.contains("at \(pointer): ") && text.contains(sentence), "\(text)")
  }

  @Test("rows that are compared with are methods at hand, or those that the suite names")
  func rows() throws {
    let known = KnownMethods(["zero-shot", "linear-probe", "nearest-mean"]) { _ in [] }
    let (folder, path) = try shipped("robustness", ["references": ["baseline": "zero-shott"]])
    defer { withExtendedLifetime(folder) {} }
    let text = failure(of: path, methods: known)
    #expect(text.contains("at /references/baseline: "), "\(text)")
    #expect(text.contains("'zero-shott'; did you mean 'zero-shot'?"), "\(text)")
    // Settings on the command line, and predictions that were made elsewhere, are rows too.
    for name in ["linear-probe:c=10", "A model scored elsewhere"] {
      let (other, fine) = try shipped("robustness", ["references": ["family": [.string(name)]]])
      defer { withExtendedLifetime(other) {} }
      #expect(failure(of: fine, methods: known).isEmpty)
    }
    let (own, named) = try shipped(
      "robustness",
      ["methods": [["id": "gda", "label": "ours"]], "references": ["base": "zero-shot"]])
    defer { withExtendedLifetime(own) {} }
    #expect(failure(of: named).contains("at /references/base: there is no row 'zero-shot'"))
  }

  @Test("what is wrong at five depths, in the schema's sense and in the data's, is told at once")
  func atOnce() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    try folder.write(
      """
      {
        "schema": "assay.suite/1", "id": "mine", "version": "1", "titel": "Mine", "title": "Mine",
        "task": "classify",
        "datasets": ["tiny"],
        "protocol": { "kind": "shifts", "train": ["full"],
          "shifts": ["blurr-1", "blur-2"] },
        "metrics": ["acuracy", "i2t_r1"],
        "seeds": [1, -1],
        "groups": ["clas"],
        "claims": [
          { "id": "a", "claim": "It is so.", "source": "Somebody", "expect": { "above": 0 },
            "value": { "minus": [
              { "metric": "accuracy", "method": "gda", "group": { "by": "shifft" } }, 0.5 ] } }
        ]
      }
      """, to: "suite.json")
    let lines = failure(of: "\(folder.path)/suite.json").split(separator: "\n").map(String.init)
    let places = lines.compactMap { line in
      line.split(separator: ": ").first { $0.hasPrefix("at ") }.map { String($0.dropFirst(3)) }
    }
    #expect(
      places == [
        "/titel", "/protocol/shifts/0", "/metrics/0", "/metrics/1", "/seeds/1", "/groups/0",
        "/claims/0/value/minus/0/group/by",
      ], "\(lines)")
    #expect(lines.allSatisfy { $0.hasPrefix("\(folder.path)/suite.json:") })
    #expect(lines[1].hasPrefix("\(folder.path)/suite.json:6:16: "))
  }

  @Test("what follows from a value that the schema refuses is not told of again")
  func consequences() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["metrics"] = ["accuracy", 3, "nll"]
      $0["protocol"] = "shifts"
      $0["groups"] = ["kind", "kind"]
    }
    let lines = failure(of: path).split(separator: "\n").map(String.init)
    #expect(lines.count == 3, "\(lines)")
    #expect(lines.contains { $0.contains("at /protocol: must be") }, "\(lines)")
  }

  @Test("an absent dataset that may be absent is a note, and what it holds is not judged")
  func absent() throws {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["datasets"] = ["tiny", "gone"]
      $0["when_absent"] = "skip"
      $0["claims"] = [
        [
          "id": "a", "claim": "It is so.", "source": "Somebody", "expect": ["above": 0],
          "value": ["metric": "accuracy", "method": "gda", "dataset": "gone"],
        ]
      ]
    }
    let plan = try Suite.read(path).plan()
    #expect(plan.skipped.count == 1 && plan.skipped[0].contains("'gone'"), "\(plan.skipped)")
    let strict = try folder.addSuite("strict.json") { $0["datasets"] = ["tiny", "gone"] }
    #expect(failure(of: strict).contains("at /datasets/1: dataset 'gone' is in none of"))
  }
}

@Suite("Claims held against what is run")
struct ClaimCheckingTests {
  /// A suite of one claim on shots of tiny, with a shifted set of each.
  private func complaint(about value: JSON, change: (inout [String: JSON]) -> Void = { _ in })
    throws -> String
  {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["protocol"] = ["kind": "shifts", "train": [1, 2]]
      $0["groups"] = ["kind"]
      $0["metrics"] = ["accuracy", "nll"]
      $0["methods"] = [["id": "gda"], ["id": "gda", "label": "gda, alpha 1"]]
      $0["claims"] = [
        [
          "id": "a", "claim": "It is so.", "source": "Somebody", "expect": ["above": 0],
          "value": value,
        ]
      ]
      change(&$0)
    }
    return failure(of: path)
  }

  private func leaf(_ members: [String: JSON]) -> JSON {
    .object(["metric": "accuracy", "method": "gda"].merging(members) { $1 })
  }

  @Test("rows, datasets, settings, shifts and groups that are there are taken")
  func fine() throws {
    let parts: [JSON] = [
      leaf([:]), leaf(["method": "gda, alpha 1", "dataset": "tiny", "setting": ["shots": 2]]),
      leaf(["group": ["by": "shift", "key": "blur-2"]]),
      leaf(["group": ["by": "shift", "except": ["clean"]]]),
      leaf(["group": ["by": "kind", "key": "worst group"], "metric": "nll"]),
      leaf(["group": ["by": "kind", "key": "y less all"]]),
      ["reported": "alpha", "method": "gda"],
    ]
    #expect(try complaint(about: ["mean": .array(parts)]).isEmpty)
  }

  @Test(
    "one that is not there is refused with its place and the nearest name",
    arguments: [
      (["method": "gdaa"], "/method", "there is no row 'gdaa'; did you mean 'gda'?"),
      (["metric": "acuracy"], "/metric", "did you mean 'accuracy'?"),
      (["metric": "macro_f1"], "/metric", "does not measure 'macro_f1'; add it to 'metrics'"),
      (["metric": "auroc_ood"], "/metric", "there is no metric 'auroc_ood'"),
      (["metric": "t2i_r1"], "/metric", "one of task 'retrieve'"),
      (["dataset": "tinny"], "/dataset", "did you mean 'tiny'?"),
      (["setting": ["shot": 1]], "/setting/shot", "did you mean 'shots'?"),
      (["setting": ["shots": 3]], "/setting/shots", "shots 3; there is: 1, 2"),
      (["group": ["by": "kinds"]], "/group/by", "did you mean 'kind'?"),
      (["group": ["by": "shift", "key": "blur-11"]], "/group/key", "did you mean 'blur-1'?"),
      (["group": ["by": "shift", "except": ["clea"]]], "/group/except/0", "did you mean 'clean'?"),
      (["group": ["by": "kind", "key": "wurst group"]], "/group/key", "'worst group'?"),
    ] as [([String: JSON], String, String)])
  func mistakes(members: [String: JSON], place: String, sentence: String) throws {
    let text = try complaint(about: ["minus": [0, leaf(members)]])
    #expect(text.contains("at /claims/0/value/minus/1\(place): "), "\(text)")
    #expect(text.contains(sentence), "\(text)")
    #expect(!text.contains("\n"), "\(text)")
  }

  @Test("operating points and lines name rows, metrics and settings of their own")
  func forms() throws {
    let points = try complaint(about: [
      "operating_points": "area", "methods": ["gda", "gdaa"], "others": ["gba"],
    ])
    #expect(points.contains("at /claims/0/value/methods/1: there is no row 'gdaa'"), "\(points)")
    #expect(points.contains("at /claims/0/value/others/0: "), "\(points)")
    #expect(points.contains("does not measure 'fpr'; add it to 'metrics'"), "\(points)")
    let line = try complaint(about: [
      "r_squared": ["method": "gda", "over": ["shots": [1, 2, 3]], "shift": "blurr-1"]
    ])
    #expect(line.contains("at /claims/0/value/r_squared/over/shots/2: "), "\(line)")
    #expect(line.contains("at /claims/0/value/r_squared/shift: "), "\(line)")
    let mixed = try complaint(about: leaf(["setting": ["shots": 1, "train": "full"]])) {
      $0["protocol"] = ["kind": "shifts", "train": [1, "full"]]
    }
    #expect(mixed.contains("no trial has shots=1 and train=full at once"), "\(mixed)")
  }
}
