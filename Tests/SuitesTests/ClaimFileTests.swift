import Documents
import Glibc
import Metrics
import Testing

@testable import Suites

extension SuiteFolder {
  /// Writes a claims document about shots of `tiny`; `change` edits it.
  @discardableResult
  func addClaims(
    _ name: String = "claims.json", holds: String = "accuracy(gda) > 0",
    change: (inout [String: JSON]) -> Void = { _ in }
  ) throws -> String {
    var members: [String: JSON] = [
      "schema": "assay.claims/1", "id": "mine", "version": "1", "title": "Mine",
      "suite": "base",
      "claims": [
        ["id": "a", "text": "It is so.", "source": "Somebody", "holds": .string(holds)]
      ],
    ]
    change(&members)
    try write(JSON.object(members).prettyText, to: name)
    return "\(path)/\(name)"
  }
}

@Suite("Claims documents")
struct ClaimFileTests {
  private func folder() throws -> SuiteFolder {
    let folder = try SuiteFolder()
    try folder.addSuite("base.json")
    return folder
  }

  private func failure(_ path: String) -> String {
    do throws(SuiteError) {
      _ = try Suite.read(path)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("a document is the suite that it names, but for what it says itself")
  func named() throws {
    let folder = try folder()
    let path = try folder.addClaims {
      $0["seeds"] = [7]
      $0["methods"] = [["id": "gda", "config": ["alpha": 1]]]
    }
    let suite = try Suite.read(path)
    #expect(suite.id == "mine" && suite.seeds == [7] && suite.datasets == ["tiny"])
    #expect(suite.methods.map(\.label) == ["gda"])
    #expect(suite.claims.map(\.holds) == ["accuracy(gda) > 0"])
    // Claims and methods change no result, so they are no part of the digest.
    let plain = try folder.addSuite("plain.json") { $0["seeds"] = [7] }
    #expect(try Suite.read(plain).digest == suite.digest)
  }

  @Test("a suite of a folder beside it has its data where it says")
  func beside() throws {
    let folder = try folder()
    try folder.addSuite("above.json") { $0["datasets"] = ["data/tiny", "other"] }
    try folder.addDataset("claims/unused")
    let path = try folder.addClaims("claims/claims.json") { $0["suite"] = "above" }
    #expect(try Suite.read(path).datasets == ["../data/tiny", "other"])
  }

  @Test("a grid makes a row of each combination, and a family names them")
  func grids() throws {
    let folder = try folder()
    let path = try folder.addClaims(
      holds: "max(accuracy(m) for m in family(b: [3, 4])) > max(accuracy(m) for m in family)"
    ) {
      $0["methods"] = [
        ["id": "gda"],
        [
          "id": "knn", "family": "family", "label": "{a} then {b}", "config": ["c": true],
          "grid": ["a": [1, 2], "b": [3, "x"]],
        ],
      ]
    }
    let suite = try Suite.read(path)
    #expect(
      suite.methods.map(\.label) == ["gda", "1 then 3", "1 then x", "2 then 3", "2 then x"])
    #expect(suite.methods[2].config == ["a": 1, "b": "x", "c": true])
    #expect(
      suite.claims[0].value.measurements.map(\.method)
        == ["1 then 3", "2 then 3", "1 then 3", "1 then x", "2 then 3", "2 then x"])
  }

  @Test("a loop makes a claim of each combination or row, with its values in all that it says")
  func loops() throws {
    let folder = try folder()
    let path = try folder.addClaims {
      $0["let"] = ["at(m, k)": "accuracy(m, shots: k)", "rivals": "[knn, mlp]"]
      $0["claims"] = [
        [
          "id": "{m}-{k}", "for_each": ["k": "shots", "m": ["gda", "knn"]],
          "text": "{m} at {k}", "source": "S", "holds": "at(m, k) > 0",
        ],
        [
          "id": "row-{n}", "for_each": [["n": 1, "rival": "knn"], ["n": 2, "rival": "mlp"]],
          "text": "T", "source": "S", "holds": "at(gda, n) > at(rival, n)",
        ],
      ]
    }
    let claims = try Suite.read(path).claims
    #expect(claims.map(\.id) == ["gda-1", "knn-1", "gda-2", "knn-2", "row-1", "row-2"])
    #expect(claims[2].text == "gda at 2" && claims[2].holds == "accuracy(gda, shots: 2) > 0")
    #expect(claims[5].holds == "accuracy(gda, shots: 2) - accuracy(mlp, shots: 2) > 0")
  }

  @Test("a document that extends another takes over what it does not say")
  func twins() throws {
    let folder = try folder()
    try folder.addClaims("twin.json", holds: "at(gda) > least") {
      $0["let"] = ["at(m)": "accuracy(m, shots: 1)", "least": "0.5"]
      $0["seeds"] = [5]
      $0["methods"] = [["id": "gda"]]
    }
    let path = try folder.addClaims { members in
      members["suite"] = nil
      members["extends"] = "twin.json"
      members["id"] = "real"
      members["let"] = ["at(who)": "accuracy(who, shots: 2)"]
      members["claims"] = [["id": "a", "text": "Here, too."]]
    }
    let suite = try Suite.read(path)
    #expect(suite.id == "real" && suite.seeds == [5] && suite.methods.map(\.id) == ["gda"])
    #expect(suite.claims.map(\.text) == ["Here, too."])
    #expect(suite.claims.map(\.source) == ["Somebody"])
    #expect(suite.claims.map(\.holds) == ["accuracy(gda, shots: 2) > 0.5"])
  }

  @Test(
    "a mistake is told with its place in the document",
    arguments: [
      ("acuracy(gda) > 0", "/claims/0/holds: ", "'accuracy'"),
      ("accuracy(gda > 0", "/claims/0/holds: ", "is not closed"),
      ("accuracy > 0", "/claims/0/holds: ", "is a metric"),
      ("leat > 0", "/claims/0/holds: ", "'least'"),
      ("twise(gda) > 0", "/claims/0/holds: ", "'twice'"),
      ("wrong > 0", "/let/wrong: ", "'accuracy'"),
      ("accuracy(gda, by: kind) > 0", "/claims/0/holds: ", "no groups"),
      ("few(l: 1) > 0", "/claims/0/holds: ", "member of the grid"),
    ])
  func mistakes(_ holds: String, _ place: String, _ words: String) throws {
    let folder = try folder()
    let path = try folder.addClaims(holds: holds) {
      $0["let"] = ["least": "1", "wrong": "acuracy(gda)", "twice(m)": "2 * accuracy(m)"]
      $0["methods"] = [["id": "gda", "family": "few", "grid": ["k": [1]], "label": "gda"]]
    }
    let text = failure(path)
    #expect(text.contains("at \(place)") && text.contains(words), "\(text)")
  }

  @Test("a mistake in an expression stands at its character, past escapes too")
  func characters() throws {
    let folder = try folder()
    try folder.write(
      #"""
      {
        "schema": "assay.claims/1", "id": "mine", "version": "1", "title": "Mine",
        "suite": "base",
        "claims": [
          { "id": "a", "text": "T", "source": "S",
            "holds": "accuracy('\u0041\"', shots: 1) > acuracy(gda)" }
        ]
      }
      """#, to: "claims.json")
    let text = failure("\(folder.path)/claims.json")
    #expect(text.contains("\(folder.path)/claims.json:6:50: at /claims/0/holds: "), "\(text)")
  }

  @Test(
    "what the document cannot say is refused",
    arguments: [
      ("suite", "besa", "/suite"), ("extends", "gone.json", "/extends"),
      ("extends", "claims.json", "/extends"), ("let", ["max": "1"], "/let/max"),
      ("let", ["f(1)": "1"], "/let/f(1)"), ("claims", [["id": "a"]], "/claims/0"),
      ("methods", [["id": "gda"], ["id": "gda"]], "/methods/1"),
      ("methods", [["id": "gda", "grid": ["k": []]]], "/methods/0/grid/k"),
      ("protocol", ["kind": "few-shots"], "/protocol"), ("seeds", [-1], "/seeds/0"),
      ("metrics", ["acuracy"], "/metrics/0"),
    ] as [(String, JSON, String)])
  func refused(_ member: String, _ value: JSON, _ place: String) throws {
    let folder = try folder()
    let path = try folder.addClaims { $0[member] = value }
    #expect(failure(path).contains("at \(place)"), "\(failure(path))")
  }

  @Test("a division by 0 has no value")
  func division() {
    #expect(Quantity.operation(.over, .number(1), .number(0)).value(of: []).isNaN)
  }

  @Test("measured numbers are put in where they stand")
  func order() {
    let leaf = Quantity.measured(Quantity.Measurement(.metric("accuracy"), method: "gda"))
    let quantity = Quantity.operation(.minus, leaf, .operation(.over, leaf, leaf))
    #expect(quantity.measurements.count == 3)
    #expect(quantity.value(of: [10, 8, 2]) == 6)
  }

  @Test("a line of measured accuracies clips at half a row of their own test sets")
  func rowsOfLines() {
    let model = Quantity.measured(Quantity.Measurement(.metric("accuracy"), method: "probe"))
    let three = [model, model, model]
    // Logits -a, 0 and a across, -b, 0 and b up, each from accuracies of 0, a half and 1.
    func slope(_ rows: [Int?]) -> Double {
      let value = Quantity.line(.accuracyAt, three, three, 0.75).value(
        of: [0, 0.5, 1, 0, 0.5, 1], rows: rows)
      return log(value / (1 - value)) / log(3)
    }
    let rows: [Int?] = [50, 50, 50, 500, 500, 500]
    #expect(abs(slope(rows) - log(999) / log(99)) < 1e-9)
    #expect(abs(slope([50, 500, nil, 500, nil, 500]) - log(999) / log(99)) < 1e-9)
    #expect(abs(slope([]) - 1) < 1e-9)
  }
}
