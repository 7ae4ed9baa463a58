import Documents
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

  @Test("a line over the sizes of one mixture is that over its settings one by one")
  func lineOfModels() throws {
    func model(_ size: Int, shift: Bool) -> JSON {
      var members: [String: JSON] = [
        "metric": "accuracy", "method": "probe", "setting": ["mix": "A", "size": JSON(size)],
      ]
      if shift { members["group"] = ["by": "shift", "key": "odd"] }
      return .object(members)
    }
    let short: JSON = [
      "accuracy_at": [
        "method": "probe", "setting": ["mix": "A"], "over": ["size": [20, 40, 80]],
        "shift": "odd", "at": 0.8,
      ]
    ]
    let long: JSON = [
      "accuracy_at": [
        "reference": .array([20, 40, 80].map { model($0, shift: false) }),
        "shifted": .array([20, 40, 80].map { model($0, shift: true) }), "at": 0.8,
      ]
    ]
    #expect(Quantity(short) == Quantity(long))
    #expect(Quantity(short).measurements.count == 6)
    #expect(try read([claim(value: short)]).claims.count == 1)
    #expect(
      try failure([
        claim(value: ["accuracy_at": ["method": "probe", "over": ["size": [20]], "shift": "odd"]])
      ]) != "")
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
