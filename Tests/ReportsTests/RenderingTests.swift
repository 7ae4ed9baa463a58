import Documents
import Evaluation
import Foundation
import FoundationXML
import Metrics
import PluginHost
import Testing

@testable import Reports

/// Names that break out of formats which do not escape them.
private let hostile = [
  "a|b", "<script>alert(1)</script>", "\"quoted\", 'too'", "=HYPERLINK(\"x\")", "-1+1", "@everyone",
  "line\nbreak\r\nand\ttab", "::error::gotcha%0A", "\u{1B}[31mred\u{1B}[0m", "nul\u{0}bell\u{7}",
  "[link](javascript:x)", "`code` **bold** _it_ ~~no~~ #1", "]]>", "&amp; &#0;", "\u{202E}evil",
  "</details>", "ünïcödé 🙂", "", " ", "\u{FFFE}\u{FFFF}",
]

@Suite("Escaping")
struct EscapingTests {
  @Test("Markdown keeps one cell on one line and runs no markup", arguments: hostile)
  func markdown(text: String) {
    let escaped = Escaping.markdown(text)
    #expect(!escaped.contains { $0.isNewline })
    #expect(!escaped.contains("<") && !escaped.contains("@"))
    let rest = escaped.replacing(/\\[\\|`*_\[\]()#!~{}]/, with: "").replacing("&#64;", with: "")
    #expect(!rest.contains { "\\|`*_[]()#!~{}".contains($0) })
  }

  @Test(
    "LaTeX runs no command and leaves no row",
    arguments: hostile + ["50 % & \\input{x} $y^2_{1}$ ~"])
  func latex(text: String) {
    let escaped = Escaping.latex(text)
    #expect(!escaped.contains { $0.isNewline })
    let rest = escaped.replacing(/\\text[a-z]+{}/, with: "").replacing(/\\[#$%&_{}]/, with: "")
      .replacing(/\$[<>|]\$/, with: "").replacing(/{[\[\]]}/, with: "")
    #expect(!rest.contains { "\\#$%&_{}~^[]".contains($0) })
  }

  @Test("CSV fields come back whole, formulas defused", arguments: hostile)
  func csv(text: String) {
    let escaped = Escaping.csv(text)
    var field = escaped
    if field.hasPrefix("\"") {
      #expect(field.hasSuffix("\"") && field.count >= 2)
      field = String(field.dropFirst().dropLast()).replacing("\"\"", with: "\u{E000}")
      #expect(!field.contains("\""))
      field = field.replacing("\u{E000}", with: "\"")
    } else {
      #expect(!field.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) })
    }
    #expect(field == text || field == "'" + text)
    #expect(!"=+-@".contains(field.first ?? "x"))
  }

  @Test("a workflow command cannot be left or forged", arguments: hostile)
  func annotations(text: String) {
    let line = annotation("error", title: text, text)
    #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    #expect(!line.unicodeScalars.contains("\u{202E}"))
    #expect(line.hasPrefix("::error title="))
    let title = line.dropFirst("::error title=".count).prefix { $0 != ":" }
    #expect(!title.contains(","))
    let decoded = Escaping.annotationProperty(text).replacing("%3A", with: ":")
      .replacing("%2C", with: ",").replacing("%0A", with: "\n").replacing("%0D", with: "\r")
      .replacing("%25", with: "%")
    #expect(decoded == text)
  }

  @Test("a line for a terminal has no control characters", arguments: hostile)
  func line(text: String) {
    let scalars = Escaping.line(text).unicodeScalars
    #expect(!scalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    #expect(!scalars.contains("\u{202E}"))
  }

  @Test("XML keeps what it can hold and replaces the rest")
  func xml() {
    #expect(Escaping.xml("<a b=\"c\">&'\n") == "&lt;a b=&quot;c&quot;&gt;&amp;&apos;&#10;")
    #expect(Escaping.xml("\u{0}\u{1B}\u{FFFE}é🙂") == "\u{FFFD}\u{FFFD}\u{FFFD}é🙂")
  }
}

@Suite("Renderings")
struct RenderingTests {
  private func hostileReport() -> Report {
    var trials: [TrialRecord] = []
    for (index, name) in hostile.enumerated() {
      var ok = trial(name, seed: 1, dataset: name, selection: index == 0 ? .oracle : .val)
      ok.setting = ["shift": .string(name)]
      var failed = trial("\(name) fails", seed: 1, status: .crashed, dataset: name)
      failed.failure?.message = name
      failed.failure?.stderrTail = name
      trials += [ok, failed]
    }
    return report(trials, warnings: hostile.map { ReportWarning(code: "w", place: $0, text: $0) })
  }

  private func everything(_ report: Report) -> [String] {
    let other = Report(
      tool: report.tool, run: report.run, environment: report.environment, plugins: [], suites: [],
      datasets: [], metrics: report.metrics,
      trials: report.trials.map { trial in
        var trial = trial
        trial.predictions = Digest(of: "other")
        return trial
      })
    let found = diff(baseline: report, candidate: other)
    return [
      report.text(), report.text(style: TextStyle(width: 20, usesColour: true)),
      report.latex(), report.markdown(), report.junit(), report.csv(), report.annotations(),
      found.text(),
      found.text(everyTrial: true), found.markdown(), found.junit(), found.csv(),
      found.annotations(), found.json.prettyText,
    ]
  }

  @Test("a LaTeX table has a row for each method and the best mean in bold")
  func latexTable() {
    let whole = report([trial("low", accuracy: 0.25), trial("high_one", accuracy: 0.75)])
    let text = whole.latex()
    let rows = text.split(separator: "\n").filter { $0.hasSuffix("\\\\") }
    #expect(rows.count == 3)
    #expect(rows.allSatisfy { $0.count { $0 == "&" } == 1 })
    let bold = rows.filter { $0.contains("\\textbf{") }
    #expect(bold.count == 1 && bold.allSatisfy { $0.contains("high\\_one") })
  }

  @Test("an empty report, one that failed and one trial render in every format")
  func degenerate() {
    for trials in [[], [trial(status: .crashed)], [trial()], [trial(status: .unsupported)]] {
      for text in everything(report(trials)) { #expect(!text.isEmpty) }
    }
    #expect(report([]).text() == "0 trials\n")
    let failed = report([trial(status: .crashed)])
    #expect(failed.text().contains("crashed at fit: it died"))
    #expect(failed.markdown().contains("crashed at fit: it died"))
  }

  @Test("oracle selection is marked in every rendering")
  func oracle() {
    let marked = everything(report([trial(selection: .oracle)]))
    let plain = everything(report([trial()]))
    for (marked, plain) in zip(marked, plain) {
      #expect(marked.contains("oracle") || marked.contains("†"))
      let quiet = plain.replacing("\"oracle\": false", with: "").replacing(",oracle,", with: "")
      #expect(!quiet.contains("oracle") && !quiet.contains("†"))
    }
    let columns = report([trial(selection: .oracle)]).csv().split(separator: "\r\n")
    #expect(columns[1].contains(",oracle,"))
  }

  @Test("hostile names leave every XML rendering well-formed and whole")
  func xml() throws {
    let hostile = hostileReport()
    for (text, elements) in [
      (hostile.junit(), hostile.trials.count),
      (diff(baseline: hostile, candidate: hostile).junit(), hostile.trials.count),
    ] {
      let reader = XMLCounter()
      let parser = XMLParser(data: Data(text.utf8))
      parser.delegate = reader
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      #expect(reader.cases == elements)
    }
  }

  @Test("hostile names add no row to a table and no line to CSV or annotations")
  func lines() {
    let harmless = hostile.enumerated().map { "name\($0.offset)" }
    #expect(Set(hostile).count == harmless.count)
    let hostile = hostileReport()
    let csv = hostile.csv()
    let records = csv.replacing(/"(?:[^"]|"")*"/, with: "x").split(separator: "\r\n")
    #expect(records.count == 1 + hostile.trials.count)
    #expect(records.allSatisfy { record in record.count { $0 == "," } == 19 })
    let notes = hostile.annotations().split(separator: "\n")
    #expect(notes.allSatisfy { $0.hasPrefix("::") })
    #expect(notes.count == hostile.failures.count + hostile.warnings.count + 2)
    for line in hostile.markdown().split(separator: "\n") where line.hasPrefix("|") {
      let bars = line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == 3 || bars == 4)
    }
    #expect(!hostile.text().unicodeScalars.contains("\u{1B}"))
  }

  @Test("a table is aligned and split to fit the width, the names repeated")
  func width() {
    let trials = [1, 2, 4, 8, 16].flatMap { shots in
      ["gda", "zero-shot"].flatMap { label in
        (1...3).map { seed in
          trial(label, shots: shots, seed: seed, accuracy: 0.8 + Double(seed) / 100)
        }
      }
    }
    for width in [80, 100, 140] {
      let lines = report(trials).text(style: TextStyle(width: width)).split(separator: "\n")
      let rows = lines.filter { $0.hasPrefix("gda") || $0.hasPrefix("method") }
      #expect(rows.allSatisfy { $0.count <= width })
      #expect(rows.count > (width == 140 ? 1 : 3))
      #expect(Set(lines.filter { $0.hasPrefix("gda") }.map(\.count)).count <= 2)
    }
    let text = report(trials).text(style: TextStyle(width: 140))
    #expect(text.contains("0.8200 ± 0.0500 (0.0100)"))
    #expect(text.contains("( ) is the standard deviation over the seeds"))
  }

  @Test("an incomplete mean and an unsuitable setting are marked")
  func marks() {
    let found = report([
      trial(seed: 1), trial(seed: 2, status: .outOfMemory), trial("b", status: .unsupported),
      trial("c", status: .crashed),
    ]).text()
    #expect(found.contains("0.9000 ± 0.0500!"))
    #expect(found.contains("! incomplete"))
    #expect(found.contains("n/a: b on pets: it died"))
    #expect(found.contains("failed"))
    #expect(found.contains("4 trials: 1 ok, 1 crashed, 1 out-of-memory, 1 unsupported"))
  }

  @Test("every shift has a line of its own, classes have none")
  func shifts() {
    var shifted = trial(seed: 1)
    let value = MetricValue(value: 0.25, n: 100)
    shifted.groups = ["rotation-5", "noise-1"].map { key in
      GroupRecord(by: "shift", key: key, n: 100, metrics: ["accuracy": value])
    }
    shifted.groups.append(
      GroupRecord(by: "class", key: "sandal", n: 10, metrics: ["accuracy": value]))
    let lines = report([shifted]).text().split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("rotation-5") && $0.hasSuffix("0.2500") })
    #expect(lines.contains { $0.hasPrefix("noise-1") })
    #expect(!lines.contains { $0.hasPrefix("sandal") })
  }

  @Test("groups held against each other have a line for the gap, and small ones say that they are")
  func gaps() {
    var audited = trial(seed: 1)
    let rows: [(String, Double, GroupRecord.Role)] = [
      ("18-24", 0.75, .rows), ("25-49", 0.5, .rows), ("50-64", 0.625, .rows),
      ("80+", 0.125, .small), ("gap", 0.25, .gap), ("worst group", 0.5, .worst),
      ("25-49 less all", -0.375, .difference),
    ]
    audited.groups = rows.map {
      GroupRecord(
        by: "age", key: $0.0, n: 50, metrics: ["accuracy": MetricValue(value: $0.1, n: 50)],
        role: $0.2)
    }
    let lines = report([audited]).text().split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("80+ (small)") && $0.hasSuffix("0.1250") })
    #expect(lines.contains { $0.hasPrefix("gap") && $0.hasSuffix("0.2500") })
    #expect(lines.contains { $0.hasPrefix("worst group") && $0.hasSuffix("0.5000") })
    #expect(!lines.contains { $0.contains("less all") })
    let more = report([audited]).text(differences: true).split(separator: "\n")
    #expect(more.contains { $0.hasPrefix("25-49 less all") && $0.hasSuffix("-0.3750") })
    let page = HTMLRendering.page(report: report([audited]), samples: nil)
    for name in ["worst group", "gap", "80+ (small)"] {
      #expect(page.contains("<th scope=\"row\">\(name)</th>"))
    }
    // Ages are no corruptions with severities.
    #expect(!page.contains("class=\"heatmap\""))
  }

  @Test("disparities of decisions have a table of their own, alone where one is asked for")
  func disparities() {
    var audited = trial(seed: 1)
    let value = MetricValue(value: 0.5, n: 50)
    audited.groups = [
      GroupRecord(by: "age", key: "young", n: 50, metrics: ["accuracy": value]),
      GroupRecord(
        by: "age", key: "gap", n: 50,
        metrics: [
          "accuracy": value, "equalised_odds_gap": MetricValue(value: 0.125, n: 50),
          "demographic_parity_gap": MetricValue(value: 0.25, n: 50),
        ], role: .gap),
    ]
    let whole = report([audited])
    for text in [whole.text(), whole.markdown()] {
      #expect(text.contains("disparities of decisions by age"))
      #expect(text.contains("Equalised odds gap") && text.contains("0.1250"))
    }
    let one = whole.text(metric: "demographic_parity_gap")
    #expect(one.contains("0.2500") && !one.contains("Equalised") && !one.contains("undefined"))
    let page = HTMLRendering.page(report: whole, samples: nil)
    #expect(page.contains("<th scope=\"row\">Equalised odds gap</th>"))
    #expect(whole.csv().contains(",age,gap,gap,equalised_odds_gap,0.125,"))
  }

  @Test("colour is only there when it is wanted")
  func colour() {
    let failed = report([trial(status: .crashed)])
    #expect(!failed.text().contains("\u{1B}["))
    #expect(failed.text(style: TextStyle(usesColour: true)).contains("\u{1B}[31m"))
  }

  @Test("JUnit counts failures and skips, and says why")
  func junit() {
    let text = report([
      trial(seed: 1), trial(seed: 2, status: .timeout), trial("b", status: .unsupported),
    ]).junit()
    #expect(text.contains(#"tests="3" failures="1" errors="0" skipped="1""#))
    #expect(text.contains(#"<failure type="timeout" message="timeout at fit: it died">"#))
    #expect(text.contains(#"<skipped message="it died"/>"#))
    #expect(text.contains(#"name="gda shots=4 seed 1""#))
  }

  @Test("a diff names the flipped rows up to a bound, and its JSON names all")
  func flips() throws {
    let folder = TemporaryFolder()
    let store = TrialStore(path: folder.path + "/r.store")
    let flipped = (0..<40).map { 5 * $0 + 1 }
    let old = try measured(correct: rows(300), in: store)
    let new = try measured(correct: rows(300, flipping: flipped), version: "2", in: store)
    let found = diff(
      baseline: report([old]), candidate: report([new]), samplesA: store, samplesB: store,
      options: DiffOptions(resamples: 200))
    let line = "flips: 40 lost (1 6 11 16 21 26 31 36 41 46 and 30 more), 0 won"
    #expect(found.text().contains(line))
    #expect(found.json["rows"]?[0]?["flips"]?["lost"]?.array?.count == 40)
    #expect(found.markdown().contains("regressed"))
    #expect(found.annotations().contains("::warning title=regressed"))
    #expect(found.junit().contains(#"<failure type="regressed""#))
  }

  @Test("a gate that failed stands in every rendering of the diff")
  func gates() throws {
    let rule = try GateRule(parsing: "accuracy:-1pp", metrics: classificationMetrics)
    let found = diff(
      baseline: report([trial()]), candidate: report([trial(accuracy: 0.5, predictions: "b")]),
      options: DiffOptions(rules: [rule]))
    #expect(found.text().contains("gate accuracy:-1pp: failed, 1 judged"))
    #expect(found.text().contains("exit code 1, a gate failed"))
    #expect(found.markdown().contains("# Assay: gates failed"))
    #expect(found.annotations().contains("::error title=assay gate accuracy%3A-1pp%3A failed::"))
    #expect(found.junit().contains(#"<testsuite name="gates" tests="1" failures="1""#))
  }

  @Test(
    "numbers read well",
    arguments: [
      (0.93214, "0.9321"), (0, "0.0000"), (-0.00001, "-1.000e-5"), (12345, "1.235e4"),
      (-0.5, "-0.5000"), (999.99996, "1000.0000"), (0.99996, "1.0000"),
      (9.99996e-5, "1.000e-4"), (1.4e-16, "0.0000"),
    ])
  func numbers(value: Double, text: String) { #expect(Format.value(value) == text) }
}

/// Counts test cases.
private final class XMLCounter: NSObject, XMLParserDelegate {
  var cases = 0
  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if name == "testcase" { cases += 1 }
  }
}
