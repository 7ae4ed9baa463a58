import Documents
import Glibc
import Testing

@testable import Suites

@Suite("Claims of a suite")
struct ClaimFileTests {
  private func claim(value: JSON, expect: JSON = ["above": 0]) -> JSON {
    ["id": "a", "claim": "It is so.", "source": "Somebody", "value": value, "expect": expect]
  }

  private let leaf: JSON = ["metric": "accuracy", "method": "gda"]

  private func read(_ claims: [JSON]) throws -> Suite {
    let folder = try SuiteFolder()
    return try Suite.read(try folder.addSuite { $0["claims"] = .array(claims) })
  }

  private func failure(_ claims: [JSON]) throws -> String {
    let folder = try SuiteFolder()
    let path = try folder.addSuite { $0["claims"] = .array(claims) }
    do throws(SuiteError) {
      _ = try Suite.read(path)
      return ""
    } catch {
      return error.description
    }
  }

  @Test(
    "operations on measured numbers",
    arguments: [
      (["minus": [0.75, 0.5]], 0.25), (["divide": [1, 4]], 0.25),
      (["mean": [1, 2, 6]], 3), (["min": [3, 1, 2]], 1), (["max": [3, 1, 2]], 3),
      (["gap": [3, 1, 2]], 2), (["smallest_step": [1, 4, 5]], 1),
      (["smallest_step": [1, 4, 3]], -1), (["minus": [["mean": [2, 4]], 1]], 2),
      (["spearman": [[1, 2, 3], [5, 9, 7]]], 0.5), (["kendall": [[1, 2, 3], [3, 2, 1]]], -1),
      // r of 1, 2, 4 and 1, 3, 2 is 0.5 / sqrt(7 / 3): by hand.
      (["pearson": [[1, 2, 4], [1, 3, 2]]], 0.3273268353539886),
      (["pearson": [[1, 2, 3], [-10, -20, -30]]], -1),
      (["pearson_logistic": [[0, 1, 2, 3, 4, 5], [0, 0, 0, 1, 1, 1]]], 1),
    ] as [(JSON, Double)])
  func operations(_ json: JSON, _ value: Double) {
    #expect(abs(Quantity(json).value(of: []) - value) < 1e-12)
  }

  @Test("a line over the sizes of one mixture is that over its settings, each with its reference")
  func lineOfModels() throws {
    func model(_ size: Int, isReference: Bool) -> Quantity {
      .measured(
        Quantity.Measurement(
          .metric("accuracy"), method: "probe", setting: ["mix": "A", "size": JSON(size)],
          group: Quantity.Part(by: "shift", key: "odd", isReference: isReference)))
    }
    let short: JSON = [
      "accuracy_at": [
        "method": "probe", "setting": ["mix": "A"], "over": ["size": [20, 40, 80]],
        "shift": "odd", "at": 0.8,
      ]
    ]
    let sizes = [20, 40, 80]
    #expect(
      Quantity(short)
        == .line(
          .accuracyAt, sizes.map { model($0, isReference: true) },
          sizes.map { model($0, isReference: false) }, 0.8))
    #expect(Quantity(short).measurements.count == 6)
    #expect(try read([claim(value: short)]).claims.count == 1)
    #expect(
      try failure([
        claim(value: ["accuracy_at": ["method": "probe", "over": ["size": [20]], "shift": "odd"]])
      ]) != "")
  }

  /// The line y = x on logit axes, read at a reference accuracy.
  private func line(at place: Double) -> JSON {
    [
      "accuracy_at": [
        "reference": [0.6, 0.8, 0.7], "shifted": [0.6, 0.8, 0.7], "at": JSON(place),
      ]
    ]
  }

  @Test("a line read beyond its models says nothing, wherever it stands", arguments: [0.59, 0.81])
  func extrapolatedLine(_ place: Double) {
    let reason =
      "the line is read at the reference accuracy \(place), beyond its models from 0.6 to 0.8"
    let values: [JSON] = [
      line(at: place), ["gap": [line(at: 0.7), line(at: place)]],
      ["minus": [leaf, ["divide": [line(at: place), 2]]]],
      ["spearman": [[1, line(at: place)], [1, 2]]],
    ]
    for value in values { #expect(Quantity(value).obstacle(of: [0.5]) == reason) }
    #expect(Quantity(["gap": [leaf, line(at: 0.6), line(at: 0.8)]]).obstacle(of: [0.5]) == nil)
  }

  @Test("a line of measured accuracies clips at half a row of their own test sets")
  func rowsOfLines() throws {
    let quantity = Quantity([
      "accuracy_at": [
        "method": "probe", "over": ["size": [20, 40, 80]], "shift": "odd", "at": 0.5,
      ]
    ])
    // Logits -a, 0 and a across, -b, 0 and b up, each from accuracies of 0, a half and 1.
    func slope(_ rows: [Int?]) -> Double {
      let at = Quantity.Line.accuracyAt
      guard case .line(_, let reference, let shifted, _) = quantity else { return .nan }
      let value = Quantity.line(at, reference, shifted, 0.75).value(
        of: [0, 0.5, 1, 0, 0.5, 1], rows: rows)
      return log(value / (1 - value)) / log(3)
    }
    let rows: [Int?] = [50, 50, 50, 500, 500, 500]
    #expect(abs(slope(rows) - log(999) / log(99)) < 1e-9)
    #expect(abs(slope([50, 500, nil, 500, nil, 500]) - log(999) / log(99)) < 1e-9)
    #expect(abs(slope([]) - 1) < 1e-9)
  }

  @Test("a division by 0 has no value")
  func division() {
    #expect(Quantity(["divide": [1, 0]]).value(of: []).isNaN)
  }

  @Test("measured numbers are put in where they stand")
  func order() {
    let quantity = Quantity(["minus": [leaf, ["divide": [leaf, leaf]]]])
    #expect(quantity.measurements.count == 3)
    #expect(quantity.value(of: [10, 8, 2]) == 6)
  }

  @Test(
    "a bound holds at its edge only where it says so",
    arguments: [
      (["at_least": 1], true), (["at_most": 1], true), (["above": 1], false),
      (["below": 1], false), (["within": [1, 2]], true), (["within": [0, 0.5]], false),
    ] as [(JSON, Bool)])
  func bounds(_ json: JSON, _ holds: Bool) throws {
    let bound = try #require(PublishedClaim(json: claim(value: 1, expect: json))).bound
    #expect(bound.holds(1) == holds)
  }

  @Test("claims and methods change no result, so they are no part of the digest")
  func digest() throws {
    let folder = try SuiteFolder()
    let plain = try Suite.read(try folder.addSuite("one.json"))
    let claiming = try Suite.read(
      try folder.addSuite("two.json") {
        $0["claims"] = [claim(value: leaf)]
        $0["methods"] = [["id": "gda", "config": ["alpha": 1]]]
      })
    #expect(plain.digest == claiming.digest)
    #expect(claiming.claims.count == 1 && claiming.methods.map(\.label) == ["gda"])
  }

  @Test(
    "a mistake in a claim is told with its place",
    arguments: [
      (["metric": "acuracy", "method": "gda"], ["above": 0], "'accuracy'"),
      (0, ["within": [2, 1]], "/claims/0/expect"), (0, ["over": 1], "/claims/0/expect"),
      (["minus": [1]], ["above": 0], "/claims/0/value"),
    ] as [(JSON, JSON, String)])
  func mistakes(_ value: JSON, _ expect: JSON, _ words: String) throws {
    #expect(try failure([claim(value: value, expect: expect)]).contains(words))
  }
}
