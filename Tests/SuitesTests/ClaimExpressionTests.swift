import Documents
import Testing

@testable import Suites

@Suite("The language of claims")
struct ClaimExpressionTests {
  private func condition(
    _ text: String, _ vocabulary: Vocabulary = Vocabulary()
  ) throws -> Condition {
    var interpreter = Interpreter(vocabulary)
    return try interpreter.condition(text, at: "/holds")
  }

  private func error(_ text: String) -> ExpressionError? {
    var interpreter = Interpreter(Vocabulary())
    do throws(ExpressionError) {
      _ = try interpreter.condition(text, at: "/holds")
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "operators bind as in arithmetic, and functions fold what they are given",
    arguments: [
      ("1 + 2 * 3 > 0", 7), ("(1 + 2) * 3 > 0", 9), ("8 - 4 - 2 > 0", 2), ("8 / 4 / 2 > 0", 1),
      ("-2 * 3 > 0", -6), ("2 - -3 > 0", 5), ("1e-2 * 100 > 0", 1), ("7 - (4 - 2) > 0", 5),
      ("mean(1, 2, 6) > 0", 3), ("median(1, 2, 6) > 0", 2), ("min([3, 1], 2) > 0", 1),
      ("max(3, 1, 2) > 0", 3), ("gap(3, 1, 2) > 0", 2), ("smallest_step(1, 4, 5) > 0", 1),
      ("smallest_step(1, 4, 3) > 0", -1), ("mean(k * k for k in [1, 2, 3]) > 0", 14.0 / 3),
      ("max(a - b for a in [1, 5] for b in [2, 3]) > 0", 3),
      ("gap([k for k in [1, 5]], 9) > 0", 8),
      ("spearman([1, k for k in [2, 3]], [[5, 9], 7]) > 0", 0.5),
      ("kendall([1, 2, 3], [3, 2, 1]) > 0", -1),
    ])
  func arithmetic(_ text: String, _ value: Double) throws {
    #expect(abs(try condition(text).value.value(of: []) - value) < 1e-12)
  }

  @Test(
    "a comparison says what a number may be",
    arguments: [
      ("accuracy(a) >= 0.5", PublishedClaim.Bound.atLeast(0.5)), ("accuracy(a) <= 1", .atMost(1)),
      ("accuracy(a) > 0", .above(0)), ("accuracy(a) < 0", .below(0)),
      ("0.5 < accuracy(a)", .above(0.5)), ("accuracy(a) == 1", .within(1...1)),
      ("-1 <= accuracy(a) <= 1", .within(-1...1)), ("1 >= accuracy(a) >= 0", .within(0...1)),
      ("accuracy(a) >= 1 / 4", .atLeast(0.25)),
    ])
  func bounds(_ text: String, _ bound: PublishedClaim.Bound) throws {
    let found = try condition(text)
    #expect(found.bound == bound)
    #expect(found.value == .measured(Quantity.Measurement(.metric("accuracy"), method: "a")))
  }

  @Test("two measured numbers are compared by their difference, a chain by its smallest step")
  func differences() throws {
    #expect(
      try condition("accuracy(a) > accuracy(b)") == condition("accuracy(a) - accuracy(b) > 0"))
    let steps = try condition("smallest_step(accuracy(a), accuracy(b), accuracy(c)) > 0")
    #expect(try condition("accuracy(a) < accuracy(b) < accuracy(c)") == steps)
    #expect(try condition("accuracy(c) > accuracy(b) > accuracy(a)") == steps)
  }

  @Test(
    "conditions joined by 'and' hold by the least of their margins",
    arguments: [(0.75, 0.25), (0.5, 0), (0.4, -0.1), (1.2, -0.2)])
  func conjunction(_ value: Double, _ margin: Double) throws {
    let both = try condition("accuracy(a) >= 0.5 and accuracy(a) <= 1")
    #expect(abs(both.value.value(of: [value, value]) - margin) < 1e-12)
    #expect(both.bound.holds(margin) == (0.5...1).contains(value))
    #expect(error("accuracy(a) >= 0 and accuracy(a) < 1") != nil)
  }

  @Test("a reading has its dataset, setting and groups by name")
  func readings() throws {
    func measurement(_ text: String) throws -> Quantity.Measurement? {
      try condition("\(text) > 0").value.measurements.first
    }
    #expect(
      try measurement("accuracy('p = 0.1', dataset: fashion, shots: 16, mix: '50% A + 50% B')")
        == Quantity.Measurement(
          .metric("accuracy"), method: "p = 0.1", dataset: "fashion",
          setting: ["shots": 16, "mix": "50% A + 50% B"]))
    #expect(
      try measurement("auroc(zero-shot, by: age, group: '80+')")?.group
        == Quantity.Part(by: "age", key: "80+"))
    #expect(
      try measurement("accuracy(gda, by: shift, except: [clean])")?.group
        == Quantity.Part(by: "shift", exceptions: ["clean"]))
    #expect(
      try measurement("accuracy(gda, unshifted: odd)")?.group
        == Quantity.Part(by: "shift", key: "odd", isReference: true))
    #expect(try measurement("reported(gda, alpha)")?.value == .reported("alpha"))
    // A quoted word is one of the setting, even where the language has it.
    #expect(try measurement("accuracy(gda, 'group': 2)")?.setting == ["group": 2])
  }

  @Test(
    "what is written out reads as the same condition",
    arguments: [
      "accuracy(gda, dataset: fashion, shots: 16) - accuracy(zero-shot) >= 0.05",
      "accuracy(a) - (accuracy(b) - accuracy(c)) / 2 + 3 * (1 - accuracy(d)) < -0.5",
      "-0.03 <= max(accuracy('it''s', by: 'age*sex', group: '80+'), 1e-05) <= 0.03",
      "spearman([accuracy(a), 1], [0 - accuracy(b), -2]) == 0",
      "accuracy_at(0.8, [0.1, 0.2, 0.3], [accuracy(a, unshifted: odd), 0.2, 0.3]) > 0",
      "r_squared([1, 2, 3], [1, 2, accuracy(a, power: 0.5, 'by': x, 'for': and_so)]) > 0",
      "hull_share(a, b, others: [c], ratio: 2) > 0.5", "area(a, b, dataset: tiny) <= 1",
      "reported(a, 'the loss', draw: 3) > 1",
    ])
  func canonicalText(_ text: String) throws {
    let read = try condition(text)
    let claim = PublishedClaim(
      id: "a", text: "", source: "", value: read.value, bound: read.bound)
    let again = try condition(claim.holds)
    #expect(again == read, "\(claim.holds)")
    #expect(PublishedClaim(json: claim.json) == claim)
  }

  @Test(
    "what cannot be read is told with the place of its character",
    arguments: [
      ("", 0), ("accuracy(gda", 8), ("accuracy(gda) >= ", 17), ("accuracy(gda) + 1", 0),
      ("accuracy() > 0", 0), ("accuracy(a, b) > 0", 0), ("accuracy(a) > 0 > 1 <", 21),
      ("accuracy(a) # 0", 12), ("accuracy('a) > 0", 9), ("max() > 0", 0), ("gap(1) > 0", 0),
      ("a > 0", 0), ("accuracy(a) > 0)", 15), ("0.2 <= accuracy(a) <= 0.1", 0),
      ("0 < accuracy(a) <= 1", 16), ("accuracy(a, group: b) > 0", 19),
      ("accuracy(a, shots: [1, 2]) > 0", 19), ("spearman([1, 2], [1]) > 0", 0),
      ("accuracy_at(1.5, [1, 2, 3], [1, 2, 3]) > 0", 0), ("1 / 0 > accuracy(a)", 0),
      ("accuracy(a, shots: 1, shots: 2) > 0", 22), ("(1 > 0) + 1 > 0", 0),
      ("mean(k for k on [1]) > 0", 13), ("max(k for k in 3) > 0", 15),
    ])
  func mistakes(_ text: String, _ place: Int) {
    #expect(error(text)?.place.range.lowerBound == place, "\(error(text)?.message ?? "none")")
  }

  @Test("neither nesting nor loops without end exhaust anything")
  func extremes() {
    let deep = String(repeating: "(", count: 100_000) + "1"
    #expect(error(deep) != nil)
    #expect(error(String(repeating: "-", count: 100_000) + "1 > 0") != nil)
    #expect(error(String(repeating: "max(", count: 5000) + "1 > 0") != nil)
    #expect(error(String(repeating: "1 + ", count: 100_000) + "1 > 0") != nil)
    let digits = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
    let loops = "abcdefgh".map { " for \($0) in \(digits)" }.joined()
    #expect(error("max(1\(loops)) > 0") != nil)
  }

  @Test("names of expressions take parameters, and none is made of itself")
  func definitions() throws {
    func definition(_ name: String, _ parameters: [String], _ text: String) throws -> Definition {
      var parser = try Parser(text, at: "/let/\(name)")
      return Definition(
        name: name, parameters: parameters, body: try parser.whole(), text: text,
        pointer: "/let/\(name)")
    }
    var vocabulary = Vocabulary()
    vocabulary.definitions = [
      "at": try definition("at", ["m", "k"], "accuracy(m, shots: k)"),
      "sizes": try definition("sizes", [], "[1, 2]"),
      "round": try definition("round", ["k"], "round(k) + 1"),
    ]
    #expect(
      try condition("max(at(gda, k) for k in sizes) > 0", vocabulary)
        == condition("max(accuracy(gda, shots: 1), accuracy(gda, shots: 2)) > 0"))
    for text in ["round(1) > 0", "at(gda) > 0", "at(gda, k: 1) > 0", "at > 0"] {
      #expect(throws: ExpressionError.self) { try condition(text, vocabulary) }
    }
  }

  @Test("a line of measured accuracies is read at a reference accuracy, not beyond its models")
  func lines() throws {
    let text = "accuracy_at(0.7, [0.6, 0.8, 0.7], [0.6, 0.8, 0.7]) > 0"
    let inside = try condition(text)
    #expect(abs(inside.value.value(of: []) - 0.7) < 1e-9)
    #expect(inside.value.obstacle(of: []) == nil)
    let beyond = try condition(
      "gap(accuracy(a), accuracy_at(0.81, [0.6, 0.8, 0.7], [0.6, 0.8, 0.7]) / 2) > 0")
    #expect(beyond.value.obstacle(of: [0.5]) != nil)
  }
}
