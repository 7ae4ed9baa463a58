import Datasets
import Documents
import Metrics
import Tensors
import Testing

@testable import Suites

@Suite("Plans of shifts")
struct ShiftPlanTests {
  func folder(
    change: (inout [String: JSON]) -> Void = { _ in }
  ) throws -> SuiteFolder {
    let folder = try SuiteFolder()
    try folder.addDataset("data/tiny", change: change)
    return folder
  }

  func suite(
    _ folder: SuiteFolder, train: JSON = ["full"], shifts: JSON? = nil, calibration: JSON? = nil
  ) throws -> Suite {
    var form: [String: JSON] = ["kind": "shifts", "train": train]
    form["shifts"] = shifts
    return try Suite.read(
      try folder.addSuite {
        $0["protocol"] = .object(form)
        $0["groups"] = ["class"]
        $0["calibration"] = calibration
      })
  }

  @Test("a temperature is fitted on the test rows that no shift is a copy of")
  func calibration() throws {
    let folder = try folder()
    let plan = try suite(folder, calibration: "temperature").plan(seeds: [1])
    let made = try #require(plan.settings.first).materialise()
    let rows = try #require(made.queries.last)
    #expect(rows.part == .calibration)
    #expect(rows.labels == Array(SuiteFolder.testLabels.dropFirst(8)))
  }

  @Test("where every test row is behind a shift, a fifth is drawn for the temperature, with a note")
  func calibrationWithoutOwnRows() throws {
    let folder = try folder {
      $0["shifts"] = [
        [
          "name": "all", "features": ["file": "test.features.npy"],
          "labels": ["file": "test.labels.npy"], "test_rows": ["from": 0, "to": 16],
        ]
      ]
    }
    let plan = try suite(folder, calibration: "temperature").plan(seeds: [1])
    let setting = try #require(plan.settings.first)
    let queries = try setting.materialise().queries
    #expect(queries.map(\.name) == ["test", "clean", "all", "in-distribution"])
    #expect(queries.map(\.labels.count) == [13, 13, 13, 3])
    #expect(setting.notes.contains { $0.contains("drawn at random") })
    // The shift is the test set again: its copies of the rows of the fit are left out too.
    let fitted = Set(try floats(queries[3].inputs[0]))
    for query in queries.dropLast() {
      #expect(fitted.isDisjoint(with: try floats(query.inputs[0])), "\(query.name)")
    }
    #expect(try floats(queries[2].inputs[0]) == floats(queries[1].inputs[0]))
    #expect(queries[2].labels == queries[1].labels)
    #expect(queries[0].groupings.map(\.codes) == [queries[0].labels])
  }

  @Test("where no shift names its rows, the temperature is judged on rows that it did not see")
  func calibrationOfUnpairedShifts() throws {
    let folder = try folder { manifest in
      manifest["shifts"] = [
        [
          "name": "sketch", "features": ["file": "blur.npy"], "labels": ["file": "blur_y.npy"],
        ],
        [
          "name": "some", "features": ["file": "blur.npy"], "labels": ["file": "blur_y.npy"],
          "classes": ["ant", "bee", "cat"],
        ],
      ]
    }
    let plan = try suite(folder, calibration: "temperature").plan(seeds: [1])
    let setting = try #require(plan.settings.first)
    let queries = try setting.materialise().queries
    #expect(queries.map(\.labels.count) == [13, 13, 8, 8, 3])
    let fitted = Set(try floats(queries[4].inputs[0]))
    #expect(fitted.isDisjoint(with: try floats(queries[0].inputs[0])))
    #expect(fitted.isDisjoint(with: try floats(queries[1].inputs[0])))
    #expect(
      setting.notes.suffix(2) == [
        "The temperature is fitted on 3 test rows, drawn at random, which no other query holds.",
        "Copies of these rows, if any, cannot be kept out of 'sketch', 'some', which would make the "
          + "scaled metrics there too good.",
      ])
    let whole = try suite(folder).plan(seeds: [1])
    #expect(try whole.settings.first?.materialise().queries.first?.labels.count == 16)
  }

  @Test("a test set that a temperature would use up is refused")
  func calibrationUsesAll() throws {
    let folder = try folder { manifest in
      manifest["shifts"] = [
        [
          "name": "one", "features": ["file": "one.npy"], "labels": ["file": "one_y.npy"],
          "test_rows": ["from": 0, "to": 1],
        ]
      ]
      var arrays = manifest["arrays"]?.object ?? [:]
      arrays["test.features"] = ["file": "one.npy"]
      arrays["test.labels"] = ["file": "one_y.npy"]
      manifest["arrays"] = .object(arrays)
      manifest["groups"] = nil
    }
    let place = "\(folder.path)/data/tiny"
    try Tensor([1, 2, 3, 4] as [Float], shape: [1, 4]).writeNPY(to: "\(place)/one.npy")
    try Tensor([2] as [Int32], shape: [1]).writeNPY(to: "\(place)/one_y.npy")
    let message = failure(try suite(folder, calibration: "temperature"))
    #expect(message?.contains("has too few test rows to keep some beside") == true)
  }

  @Test("a temperature without shifts is refused")
  func calibrationWithoutShifts() throws {
    let folder = try folder()
    let path = try folder.addSuite { $0["calibration"] = "temperature" }
    #expect(throws: SuiteError.self) { _ = try Suite.read(path) }
  }

  func failure(_ suite: Suite) -> String? {
    do throws(SuiteError) {
      _ = try suite.plan()
      return nil
    } catch {
      return error.description
    }
  }

  @Test("one fit is asked for the test set, the clean rows behind the shifts, and each shift")
  func queries() throws {
    let folder = try folder()
    let plan = try suite(folder).plan(seeds: [1])
    let setting = try #require(plan.settings.first)
    #expect(plan.settings.count == 1 && setting.setting == ["train": "full"])
    let made = try setting.materialise()
    #expect(made.queries.map(\.name) == ["test", "clean", "blur-1", "blur-2"])
    #expect(made.queries.map(\.part.by) == [nil, "shift", "shift", "shift"])
    #expect(made.queries.map(\.reference) == [nil, nil, "clean", "clean"])
    #expect(made.queries.map(\.labels.count) == [16, 8, 8, 8])
    #expect(made.queries.map(\.groupings.count) == [1, 0, 0, 0])
    #expect(made.rows == ["train": 12, "val": 9, "query": 40])
    // The clean rows are the first eight of the test set: 300 and on.
    #expect(try floats(made.queries[1].inputs[0]) == (0..<32).map { 300 + Float($0) })
    #expect(made.queries[1].labels == Array(SuiteFolder.testLabels.prefix(8)))
    #expect(try floats(made.queries[2].inputs[0]) == (0..<32).map { 500 + Float($0) })
  }

  @Test(
    "training rows are all, a number per class, or none",
    arguments: [
      ("full", 12, ["train": "full"]), (2, 6, ["shots": 2]), ("none", nil, ["train": "none"]),
    ] as [(JSON, Int?, [String: JSON])])
  func training(budget: JSON, rows: Int?, name: [String: JSON]) throws {
    let folder = try folder()
    let plan = try suite(folder, train: [budget]).plan()
    #expect(plan.settings.map(\.seed) == [1, 2, 3])
    let setting = try #require(plan.settings.first)
    let made = try setting.materialise()
    #expect(setting.setting == name)
    #expect(made.rows["train"] == rows)
    let names = Set(made.fit.map(\.name) + made.queries.flatMap { $0.inputs.map(\.name) })
    #expect(names == setting.offered)
    #expect(setting.offered.contains("train.labels") == (rows != nil))
  }

  @Test("few validation rows go with as many shots, and with four where there are none")
  func fewValidation() throws {
    let folder = try folder()
    let path = try folder.addSuite {
      $0["protocol"] = ["kind": "shifts", "train": [2, "full"]]
      $0["selection"] = ["val": "few"]
    }
    let settings = try Suite.read(path).plan(seeds: [1]).settings
    // Each class has three validation rows.
    #expect(try settings.map { try $0.materialise().rows["val"] } == [6, 9])
  }

  @Test("named shifts come in the order of the suite, and an unknown one names the nearest")
  func named() throws {
    let folder = try folder()
    let plan = try suite(folder, shifts: ["blur-2"]).plan(seeds: [1])
    let queries = try #require(plan.settings.first).materialise().queries
    #expect(queries.map(\.name) == ["test", "clean", "blur-2"])
    let message = failure(try suite(folder, shifts: ["blur-2", "blurr-1", "hail"]))
    #expect(message?.contains("at /protocol/shifts/1: dataset 'tiny'") == true)
    #expect(message?.contains("no shift 'blurr-1'; did you mean 'blur-1'?") == true)
    #expect(message?.contains("at /protocol/shifts/2") == true)
  }

  @Test("a dataset without shifts or training rows is an error that says so")
  func missing() throws {
    let bare = try folder { $0["shifts"] = nil }
    #expect(failure(try suite(bare))?.contains("'tiny' declares no shift, which suite") == true)
    let untrained = try folder { manifest in
      var arrays = manifest["arrays"]?.object ?? [:]
      arrays["train.features"] = nil
      arrays["train.labels"] = nil
      manifest["arrays"] = .object(arrays)
    }
    #expect(failure(try suite(untrained))?.contains("has no train.features") == true)
    #expect(failure(try suite(untrained, train: ["none"])) == nil)
  }

  @Test("shifts of different rows have a reference each, and one without rows is noted")
  func references() throws {
    let folder = try folder { manifest in
      var shifts = manifest["shifts"]?.array ?? []
      var other = shifts[0].object ?? [:]
      other["name"] = "hail-1"
      other["test_rows"] = ["from": 8, "to": 16]
      other["labels"] = ["file": "test.labels.npy", "rows": ["from": 8, "to": 16]]
      shifts.append(.object(other))
      other["name"] = "snow-1"
      other["test_rows"] = nil
      manifest["shifts"] = .array(shifts + [.object(other)])
    }
    let setting = try #require(try suite(folder).plan(seeds: [1]).settings.first)
    let queries = try setting.materialise().queries
    #expect(
      queries.map(\.name) == [
        "test", "clean-blur-1", "clean-hail-1", "blur-1", "blur-2", "hail-1", "snow-1",
      ])
    #expect(
      queries.map(\.reference) == [
        nil, nil, nil, "clean-blur-1", "clean-blur-1", "clean-hail-1", "test",
      ])
    #expect(queries[2].labels == Array(SuiteFolder.testLabels.suffix(8)))
    #expect(
      setting.notes == [
        "'clean-blur-1' holds the test rows behind 'blur-1', 'blur-2'.",
        "'clean-hail-1' holds the test rows behind 'hail-1'.",
        "'snow-1' does not name the test rows behind it: the reference is the whole test set.",
      ])
  }

  @Test(
    "a shift may have the name of the reference, or of the test set",
    arguments: [
      ("clean", ["test", "clean (unshifted)", "clean"]),
      ("test", ["test (unshifted)", "clean", "test"]),
    ])
  func takenName(_ name: String, _ names: [String]) throws {
    let folder = try folder { manifest in
      var shift = manifest["shifts"]?.array?.first?.object ?? [:]
      shift["name"] = .string(name)
      manifest["shifts"] = [.object(shift)]
    }
    let setting = try #require(try suite(folder).plan(seeds: [1]).settings.first)
    let queries = try setting.materialise().queries
    #expect(queries.map(\.name) == names)
    #expect(queries.map(\.reference) == [nil, nil, names[1]])
    #expect(queries.map(\.part.key) == ["test", names[1], name])
    #expect(queries[2].part == .shift(ShiftID(name)))
  }

  @Test("robustness has all 18 corrupted sets of fashion, and leaves aux behind with a note")
  func fashion() throws {
    let plan = try Suite.read("\(packageRoot)/suites/robustness.json").plan()
    #expect(plan.settings.count == 15)
    let setting = try #require(plan.settings.first { $0.setting["shots"] == 16 })
    #expect(!setting.offered.contains { $0.hasSuffix(".aux") })
    #expect(
      setting.notes == [
        "The second feature space (aux) is not handed over: the shifted sets have none.",
        "The temperature is fitted on 2750 test rows, none of them behind a shift.",
      ])
    let made = try setting.materialise()
    #expect(made.queries.count == 21 && made.queries.map(\.part.by).prefix(2) == [nil, "shift"])
    #expect(made.rows == ["train": 160, "val": 500, "query": 3000 + 19 * 250 + 2750])
  }

  @Test("a shift of some classes is decided among them, and so are the test rows of these classes")
  func someClasses() throws {
    let folder = try folder { manifest in
      manifest["shifts"] = [
        [
          "name": "sketch", "features": ["file": "ood.npy"], "labels": ["file": "two.npy"],
          "classes": ["cat", "ant"],
        ],
        [
          "name": "blur", "features": ["file": "blur.npy"], "labels": ["file": "blur_y.npy"],
        ],
      ]
    }
    let labels: [Int32] = [0, 2, 2, 0, 0, 2]
    try Tensor(labels, shape: [6]).writeNPY(to: "\(folder.path)/data/tiny/two.npy")
    let setting = try #require(try suite(folder).plan(seeds: [1]).settings.first)
    let queries = try setting.materialise().queries
    #expect(queries.map(\.name) == ["test", "clean-sketch", "sketch", "blur"])
    #expect(queries.map(\.classes) == [nil, [0, 2], [0, 2], nil])
    #expect(queries.map(\.reference) == [nil, nil, "clean-sketch", "test"])
    #expect(queries[1].labels == SuiteFolder.testLabels.filter { $0 != 1 })
    #expect(setting.notes.contains { $0.contains("'sketch' has 2 of 3 classes") })
    #expect(setting.notes.contains { $0.contains("'blur' does not name the test rows") })
  }

  @Test("classes of a shift that are misspelt or that its labels lack are told with their place")
  func wrongClasses() throws {
    func message(_ classes: JSON) throws -> String {
      let folder = try folder { manifest in
        manifest["shifts"] = [
          [
            "name": "sketch", "features": ["file": "blur.npy"], "labels": ["file": "blur_y.npy"],
            "classes": classes,
          ]
        ]
      }
      do {
        _ = try suite(folder).plan()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      try message(["ant", "bee", "cta"]).contains(
        "/shifts/0/classes: 'cta' is no class of the dataset; did you mean 'cat'?"))
    #expect(try message(["ant", "cat"]).contains("class 'bee' occurs in the shift"))
  }
}
