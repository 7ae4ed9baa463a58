import Documents
import Suites
import Testing

@Suite("Methods as operating points")
struct OperatingPointsTests {
  private func quantity(_ functional: String, others: [JSON] = []) -> Quantity {
    Quantity([
      "operating_points": .string(functional), "methods": ["a", "b"], "others": .array(others),
      "dataset": "pima",
    ])
  }

  @Test("each method is measured at its false and its true positive rate")
  func measurements() {
    let found = quantity("hull_share", others: ["c"]).measurements
    #expect(found.map(\.method) == ["a", "a", "b", "b", "c", "c"])
    #expect(
      found.map(\.value)
        == [String](repeating: "fpr tpr", count: 3).flatMap { both in
          both.split(separator: " ").map { .metric(String($0)) }
        })
    #expect(found.allSatisfy { $0.dataset == "pima" && $0.group == nil })
  }

  @Test("the area starts at the leftmost point and ends at (1, 1); the hull's at the corners")
  func areas() {
    let rates = [0.5, 0.75, 0.25, 0.5]
    #expect(quantity("area").value(of: rates) == 0.25 * 0.625 + 0.5 * 0.875)
    // (0, 0), (0.25, 0.5), (1, 1): the other point lies below.
    #expect(quantity("hull_area").value(of: [0.5, 0.5, 0.25, 0.5]) == 0.0625 + 0.75 * 0.75)
    #expect(quantity("area").value(of: [0.5, .nan, 0.25, 0.5]).isNaN)
  }

  @Test("the share of the hull counts vertices, a tie for the others")
  func share() {
    let share = quantity("hull_share", others: ["c"])
    #expect(share.value(of: [0.1, 0.5, 0.3, 0.8, 0.5, 0.5]) == 1)
    #expect(share.value(of: [0.1, 0.5, 0.3, 0.8, 0.1, 0.5]) == 0.5)
    #expect(share.value(of: [0.6, 0.5, 0.7, 0.6, 0.5, 0.9]) == 0)
    #expect(share.value(of: [0.5, 0.5, 0, 0, 1, 1]).isNaN)
  }

  @Test("stands inside other operations")
  func nested() {
    let gain = Quantity([
      "minus": [
        ["operating_points": "area", "methods": ["a"]],
        ["operating_points": "area", "methods": ["b"]],
      ]
    ])
    #expect(gain.value(of: [0, 1, 0, 0]) == 0.5)
  }
}
