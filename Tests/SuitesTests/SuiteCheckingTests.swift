import Documents
import Foundation
import Metrics
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
        "schema": "assay.claims/1", "id": "mine", "version": "1", "titel": "Mine", "title": "Mine",
        "task": "classify",
        "datasets": ["tiny"],
        "protocol": { "kind": "shifts", "train": ["full"],
          "shifts": ["blurr-1", "blur-2"] },
        "metrics": ["acuracy", "i2t_r1"],
        "seeds": [1, -1],
        "groups": ["clas"],
        "claims": [
          { "id": "a", "text": "It is so.", "source": "Somebody",
            "holds": "accuracy(gda, by: shifft) > 0.5" }
        ]
      }
      """, to: "suite.json")
    // Below what is wrong in an expression it is shown, with marks.
    let lines = failure(of: "\(folder.path)/suite.json").split(separator: "\n").map(String.init)
      .filter { !$0.hasPrefix("    ") }
    let places = lines.compactMap { line in
      line.split(separator: ": ").first { $0.hasPrefix("at ") }.map { String($0.dropFirst(3)) }
    }
    #expect(
      places == [
        "/titel", "/protocol/shifts/0", "/metrics/0", "/metrics/1", "/seeds/1", "/groups/0",
        "/claims/0/holds",
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
      $0["schema"] = "assay.claims/1"
      $0["claims"] = [
        [
          "id": "a", "text": "It is so.", "source": "Somebody",
          "holds": "accuracy(gda, dataset: gone) > 0",
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
  private func complaint(
    about value: String, change: (inout [String: JSON]) -> Void = { _ in }
  ) throws -> String {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny")
    let path = try folder.addSuite {
      $0["protocol"] = ["kind": "shifts", "train": [1, 2]]
      $0["groups"] = ["kind"]
      $0["metrics"] = ["accuracy", "nll"]
      $0["methods"] = [["id": "gda"], ["id": "gda", "label": "gda, alpha 1"]]
      $0["schema"] = "assay.claims/1"
      $0["claims"] = [
        [
          "id": "a", "text": "It is so.", "source": "Somebody", "holds": .string("\(value) > 0"),
        ]
      ]
      change(&$0)
    }
    return failure(of: path)
  }

  @Test("rows, datasets, settings, shifts and groups that are there are taken")
  func fine() throws {
    let parts = [
      "accuracy(gda)", "accuracy('gda, alpha 1', dataset: tiny, shots: 2)",
      "accuracy(gda, by: shift, group: blur-2)", "accuracy(gda, by: shift, except: [clean])",
      "nll(gda, by: kind, group: 'worst group')", "accuracy(gda, by: kind, group: 'y less all')",
      "reported(gda, alpha)",
    ]
    #expect(try complaint(about: "mean(\(parts.joined(separator: ", ")))").isEmpty)
  }

  @Test(
    "one that is not there is refused with its place and the nearest name",
    arguments: [
      ("accuracy(gdaa)", "gdaa)", "there is no row 'gdaa'; did you mean 'gda'?"),
      ("acuracy(gda)", "acuracy", "did you mean 'accuracy'?"),
      ("macro_f1(gda)", "macro_f1", "does not measure 'macro_f1'; add it to 'metrics'"),
      ("auroc_ood(gda)", "auroc_ood", "there is no metric or function 'auroc_ood'"),
      ("t2i_r1(gda)", "t2i_r1", "one of task 'retrieve'"),
      ("accuracy(gda, dataset: tinny)", "tinny", "did you mean 'tiny'?"),
      ("accuracy(gda, shot: 1)", "shot: 1)", "did you mean 'shots'?"),
      ("accuracy(gda, shots: 3)", "shots: 3)", "shots 3; there is: 1, 2"),
      ("accuracy(gda, by: kinds)", "kinds", "did you mean 'kind'?"),
      ("accuracy(gda, by: shift, group: blur-11)", "blur-11", "did you mean 'blur-1'?"),
      ("accuracy(gda, by: shift, except: [clea])", "clea]", "did you mean 'clean'?"),
      ("accuracy(gda, by: kind, group: 'wurst group')", "'wurst", "'worst group'?"),
    ])
  func mistakes(reading: String, word: String, sentence: String) throws {
    let text = try complaint(about: "0.5 - \(reading)")
    #expect(text.contains("at /claims/0/holds: ") && text.contains(sentence), "\(text)")
    // The last line marks the word.
    let lines = text.split(separator: "\n").map(String.init)
    try #require(lines.count == 3, "\(text)")
    let column = try #require(lines[2].firstIndex(of: "^"))
    let marked = lines[1].dropFirst(lines[2].distance(from: lines[2].startIndex, to: column))
    #expect(marked.hasPrefix(word), "\(text)")
  }

  @Test("operating points and lines name rows, metrics and settings of their own")
  func forms() throws {
    let points = try complaint(about: "area(gda, gdaa, others: [gba])")
    #expect(points.contains("there is no row 'gdaa'"), "\(points)")
    #expect(points.contains("there is no row 'gba'"), "\(points)")
    #expect(points.contains("does not measure 'fpr'; add it to 'metrics'"), "\(points)")
    let line = try complaint(
      about: "r_squared([accuracy(gda, shots: k, unshifted: blurr-1) for k in [1, 2, 3]], "
        + "[0.1, 0.2, 0.3])")
    #expect(line.contains("shots 3; there is: 1, 2"), "\(line)")
    #expect(line.contains("'blurr-1'; did you mean 'blur-1'?"), "\(line)")
    let mixed = try complaint(about: "accuracy(gda, shots: 1, train: full)") {
      $0["protocol"] = ["kind": "shifts", "train": [1, "full"]]
    }
    #expect(mixed.contains("no trial has shots=1 and train=full at once"), "\(mixed)")
  }
}
