import Estimates
import Metrics
import Tensors
import Testing

@testable import Reports

@Suite("HTML markup and charts")
struct HTMLChartTests {
  // MARK: Markup

  @Test(
    "interpolated text is escaped",
    arguments: [
      ("a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;"),
      ("plain \u{E9}\u{4E2D}", "plain \u{E9}\u{4E2D}"),
      ("\u{1B}[1m\u{0}", "\u{241B}[1m\u{2400}"), ("a\u{202E}b\u{2066}", "a\u{FFFD}b\u{FFFD}"),
      ("tab\tline\n", "tab\tline\n"), ("\u{7F}\u{85}", "\u{2421}\u{FFFD}"), ("", ""),
    ])
  func escaping(_ text: String, _ expected: String) {
    let markup: Markup = "<i title=\"\(text)\">\(text)</i>"
    #expect(markup.text == "<i title=\"\(expected)\">\(expected)</i>")
  }

  @Test("coordinates have one decimal at most and are always numbers")
  func coordinates() {
    let markup: Markup = "\(1.0) \(-0.04) \(-2.25) \(1e300) \(Double.nan) \(12.34)"
    #expect(markup.text == "1 0 -2.3 0 0 12.3")
  }

  @Test(
    "numbers keep the digits that their intervals deserve",
    arguments: [(0.5, 2), (0.12, 2), (0.03, 3), (0.008, 4), (0.0001, 4)])
  func decimals(_ width: Double, _ expected: Int) {
    let interval = Interval(lower: 0.5, upper: 0.5 + width, method: "wilson")
    #expect(Number.decimals(for: [interval]) == expected)
  }

  @Test("numbers read well: groups of three, a real minus, no digits that say nothing")
  func numbers() {
    #expect(Number.count(1_234_567) == "1,234,567")
    #expect(Number.count(999) == "999")
    #expect(Number.fixed(-0.5, 2) == "\u{2212}0.50")
    #expect(Number.fixed(-0.001, 2) == "0.00")
    #expect(Number.short(16) == "16")
    #expect(Number.short(0.25) == "0.25")
    #expect(Number.of(1, "seed") == "1 seed")
    #expect(Number.of(0, "seed") == "0 seeds")
  }

  // MARK: Scales

  @Test("doublings are equally far apart on a log scale, and zero has a place below")
  func logScale() {
    let scale = Scale.log2(at: [0, 1, 2, 4, 8]).between(0, 400)
    #expect([0.0, 1, 2, 4, 8].map { scale($0) } == [0, 100, 200, 300, 400])
  }

  @Test(
    "a linear scale has round ticks that cover its values",
    arguments: [
      ([0.52, 0.83], [0.5, 0.6, 0.7, 0.8, 0.9]), ([0.98, 1.0], [0.98, 0.985, 0.99, 0.995, 1.0]),
      ([-3.0, 9], [-5.0, 0, 5, 10]),
    ])
  func linearScale(_ values: [Double], _ ticks: [Double]) {
    let scale = Scale.linear(covering: values)
    #expect(scale.ticks.count == ticks.count)
    for (tick, expected) in zip(scale.ticks, ticks) { #expect(abs(tick - expected) < 1e-9) }
  }

  @Test(
    "a scale of nothing, of one value and of infinities still has a place for everything",
    arguments: [[], [0.0], [7.0, 7], [.nan, .infinity], [1e-300, 2e-300], [-1e12, 1e12]])
  func degenerateScale(_ values: [Double]) {
    let scale = Scale.linear(covering: values).between(10, 20)
    #expect(!scale.ticks.isEmpty && scale.ticks.count < 20)
    for value in values where !value.isNaN { #expect((10...20).contains(scale(value))) }
  }

  @Test("labels are moved apart within their bounds")
  func labels() {
    let placed = spread([50, 50, 50, 98], distance: 10, within: 0...100)
    #expect(placed == [40, 50, 60, 98])
    let low = spread([99, 98, 97], distance: 10, within: 0...100)
    #expect(low == [100, 90, 80])
  }

  // MARK: Plots

  @Test("a plot has a row for each name, and every mark lies inside")
  func plot() {
    let values = [[0.2, 0.9], [0.5, 1], [0, 0.1]]
    let entry = MetricEntry(key: "a", title: "A", version: 1, higherIsBetter: true)
    let plot = Plot.dots(
      "A plot.", of: entry, in: ["one", "two", "a name that is much too long for this place"],
      [("x", Series(index: 0)), ("y", Series(index: 1))]
    ) { row, label in (values[row][label == "x" ? 0 : 1], nil) }
    #expect(plot.marks.count == 6)
    let page = plot.markup().text
    let checker = PageChecker(page)
    #expect(checker.problems == [])
    let marks = checker.elements.filter { $0.attributes["class"]?.hasPrefix("mark") == true }
    #expect(marks.count == 6)
    for mark in marks {
      let place = (mark.attributes["d"] ?? "").dropFirst().prefix { $0 != "m" }.split(
        separator: ",")
      #expect((0...Plot.wide).contains(Double(place[0]) ?? -1))
    }
    #expect(checker.elements.contains { $0.attributes["aria-label"] == "A plot." })
  }

  @Test("eight methods differ in mark and in colour, and parts of one share its colour")
  func looks() {
    let all = (0..<8).map { Series(index: $0) }
    func shape(_ series: Series) -> Substring? {
      series.mark(0, 0).text.split(separator: "0,0").last
    }
    #expect(Set(all.map(\.colour.text)).count == 8)
    #expect(Set(all.map(shape)).count == 8)
    let part = Series(index: 3, of: all[5])
    #expect(part.colour.text == all[5].colour.text && shape(part) == shape(all[3]))
  }

  // MARK: Reliability

  @Test("the binned calibration error is that of the metric")
  func reliability() throws {
    var random = PlantedGenerator(7)
    let confidence = (0..<500).map { _ in Float.random(in: 0...1, using: &random) }
    let correct = confidence.map { Float.random(in: 0...1, using: &random) < $0 * 0.8 }
    let labels = [Int32](repeating: 0, count: 500)
    let wrong = correct.map { $0 ? Int32(0) : 1 }
    let zeros = [Float](repeating: 0, count: 500)
    let table = try outcomeTable(
      task: "classify",
      columns: [
        "label": Tensor(labels, shape: [500]), "predicted": Tensor(wrong, shape: [500]),
        "rank": Tensor(wrong, shape: [500]), "confidence": Tensor(confidence, shape: [500]),
        "nll": Tensor(zeros, shape: [500]), "brier": Tensor(zeros, shape: [500]),
      ])
    let values = measure(["ece15_width"], on: table, bootstrap: Bootstrap(resamples: 64, key: 1))
    let expected = try #require(values["ece15_width"]?.value)
    let bins = ReliabilityBins(confidence: confidence, correct: correct)
    #expect(abs((bins.error ?? 0) - expected) < 1e-9)
    #expect(bins.bins.map(\.count).reduce(0, +) == 500)
  }

  @Test("edges belong to the lower bin, and rows without a number are not counted")
  func binEdges() {
    let bins = ReliabilityBins(
      confidence: [0, 1, Float(1) / 15, .nan], correct: [true, true, false, true])
    #expect(bins.bins[0].count == 2)
    #expect(bins.bins[14].count == 1)
    #expect(bins.count == 3)
    #expect(ReliabilityBins(confidence: [], correct: []).error == nil)
  }

  @Test("repeating the test rows leaves their intervals as they are")
  func repeats() {
    let confidence: [Float] = [0.9, 0.92, 0.91, 0.9]
    let once = ReliabilityBins(confidence: confidence, correct: [true, true, true, false])
    let thrice = ReliabilityBins(
      confidence: confidence + confidence + confidence,
      correct: [true, true, true, false, true, true, true, false, true, true, true, false],
      repeats: 3)
    #expect(abs(once.bins[13].lower - thrice.bins[13].lower) < 1e-12)
    #expect(once.bins[13].lower < 0.75 && once.bins[13].upper > 0.75)
  }

  // MARK: ROC

  @Test(
    "the area is the share of pairs in the right order, ties counted half",
    arguments: [
      ([0.9, 0.8, 0.2, 0.1], [true, true, false, false], 1.0),
      ([0.1, 0.2, 0.8, 0.9], [true, true, false, false], 0.0),
      ([0.5, 0.5, 0.5, 0.5], [true, false, true, false], 0.5),
      ([3.0, 1, 2, 0], [true, true, false, false], 0.75),
      ([1.0, 1, 0], [true, false, false], 0.75),
    ])
  func area(_ scores: [Double], _ positives: [Bool], _ expected: Double) throws {
    let curve = try #require(ROCCurve(scores: scores, positives: positives))
    #expect(abs(curve.area - expected) < 1e-12)
    let turned = try #require(
      ROCCurve(scores: scores.reversed(), positives: positives.reversed()))
    #expect(abs(turned.area - expected) < 1e-12)
  }

  @Test("there is no curve of one kind of rows, of scores that are no numbers, or of nothing")
  func noCurve() {
    #expect(ROCCurve(scores: [1, 2], positives: [true, true]) == nil)
    #expect(ROCCurve(scores: [1, .nan], positives: [true, false]) == nil)
    #expect(ROCCurve(scores: [1], positives: [true, false]) == nil)
    #expect(ROCCurve(scores: [], positives: []) == nil)
  }

  @Test("the mean of curves rises from the corner and halves two opposite ones")
  func meanCurve() throws {
    let right = try #require(ROCCurve(scores: [1, 0], positives: [true, false]))
    let wrong = try #require(ROCCurve(scores: [0, 1], positives: [true, false]))
    let mean = ROCCurve.mean(of: [right, wrong])
    #expect(mean.first?.x == 0 && mean.first?.y == 0)
    #expect(mean.last?.x == 1 && mean.last?.y == 1)
    #expect(mean[50].y == 0.5)
    #expect(ROCCurve.mean(of: []).isEmpty)
  }
}
