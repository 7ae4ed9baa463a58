import Documents
import Testing

@testable import Suites

@Suite("Methods as operating points")
struct OperatingPointsTests {
  private func quantity(_ text: String) throws -> Quantity {
    var interpreter = Interpreter(Vocabulary())
    return try interpreter.condition("\(text) > 0", at: "").value
  }

  @Test("each method is measured at its false and its true positive rate")
  func measurements() throws {
    let found = try quantity("hull_share(a, b, others: [c], dataset: pima)").measurements
    #expect(found.map(\.method) == ["a", "a", "b", "b", "c", "c"])
    #expect(
      found.map(\.value)
        == [String](repeating: "fpr tpr", count: 3).flatMap { both in
          both.split(separator: " ").map { .metric(String($0)) }
        })
    #expect(found.allSatisfy { $0.dataset == "pima" && $0.group == nil })
  }

  @Test("the area starts at the leftmost point and ends at (1, 1); the hull's at the corners")
  func areas() throws {
    let rates = [0.5, 0.75, 0.25, 0.5]
    let area = try quantity("area(a, b)")
    #expect(area.value(of: rates) == 0.25 * 0.625 + 0.5 * 0.875)
    // (0, 0), (0.25, 0.5), (1, 1): the other point lies below.
    let hull = try quantity("hull_area(a, b)")
    #expect(hull.value(of: [0.5, 0.5, 0.25, 0.5]) == 0.0625 + 0.75 * 0.75)
    #expect(area.value(of: [0.5, .nan, 0.25, 0.5]).isNaN)
  }

  @Test("the share of the hull counts vertices, a tie for the others")
  func share() throws {
    let share = try quantity("hull_share(a, b, others: [c])")
    #expect(share.value(of: [0.1, 0.5, 0.3, 0.8, 0.5, 0.5]) == 1)
    #expect(share.value(of: [0.1, 0.5, 0.3, 0.8, 0.1, 0.5]) == 0.5)
    #expect(share.value(of: [0.6, 0.5, 0.7, 0.6, 0.5, 0.9]) == 0)
    #expect(share.value(of: [0.5, 0.5, 0, 0, 1, 1]).isNaN)
  }

  @Test("stands inside other operations")
  func nested() throws {
    #expect(try quantity("area(a) - area(b)").value(of: [0, 1, 0, 0]) == 0.5)
  }
}
