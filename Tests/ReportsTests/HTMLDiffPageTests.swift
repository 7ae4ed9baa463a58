import Documents
import Evaluation
import Metrics
import PluginHost
import Testing

@testable import Reports

@Suite("HTML page of a diff")
struct HTMLDiffPageTests {
  private let folder = TemporaryFolder()
  private var store: TrialStore { TrialStore(path: folder.path + "/r.store") }

  private func compare(
    _ old: [TrialRecord], _ new: [TrialRecord], failOn rules: String...
  ) throws -> ReportDiff {
    try diff(
      baseline: report(old), candidate: report(new), samplesA: store, samplesB: store,
      options: DiffOptions(
        rules: rules.map { try GateRule(parsing: $0, metrics: classificationMetrics) },
        resamples: 256))
  }

  private func page(_ diff: ReportDiff) -> String {
    HTMLRendering.page(diff: diff, baseline: "main.json", candidate: "new.json")
  }

  private func regression() throws -> ReportDiff {
    let lost = (0..<40).map { 5 * $0 + 1 }
    return try compare(
      [
        try measured(correct: rows(300), in: store),
        try measured("same", correct: rows(300), in: store),
      ],
      [
        try measured(correct: rows(300, flipping: lost), version: "2.0", in: store),
        try measured("same", correct: rows(300), in: store),
      ], failOn: "accuracy:-1pp")
  }

  @Test("gates, what changed with whiskers, flips and tests stand in sections, the rest is folded")
  func sections() throws {
    let page = page(try regression())
    let checker = PageChecker(page)
    #expect(checker.problems == [])
    let sections = checker.elements.filter { $0.name == "section" }.compactMap {
      $0.attributes["id"]
    }
    #expect(sections == ["gates", "changed", "flips", "unchanged", "tests"])
    #expect(page.contains("1 gate of 1 did not pass."))
    #expect(page.contains("class=\"whisker worse\""))
    #expect(page.contains("40 lost, 0 won"))
    let folded = try #require(page.split(separator: "<details class=\"part\">").dropFirst().first)
    #expect(folded.contains("id=\"flips\"") || folded.contains("id=\"unchanged\""))
    #expect(page.contains("main.json") && page.contains("new.json"))
    #expect(page.contains("\u{2212}0.133"))
  }

  @Test("a difference over seeds states its chance under other rows and under other draws")
  func chances() throws {
    let lost = (0..<40).map { 5 * $0 + 1 }
    let found = try compare(
      try (1...3).map { try measured(seed: $0, correct: rows(300), in: store) },
      try (1...3).map { seed in
        try measured(
          seed: seed, correct: rows(300, flipping: lost.dropLast(seed)), version: "2.0", in: store)
      })
    let comparison = try #require(found.pooledRows.first?.comparisons.first)
    let drawsP = try #require(comparison.drawsP)
    let page = page(found)
    #expect(PageChecker(page).problems == [])
    func text(_ p: Double?) -> String { Format.probability(p).replacing("<", with: "&lt;") }
    for said in [
      "\(text(comparison.adjustedP)) adjusted", "rows \(text(comparison.p))",
      "draws \(text(drawsP))",
    ] {
      #expect(page.contains(said))
    }
    #expect(page.contains("3 seeds") && page.contains("300 units"))
  }

  @Test("the page loads nothing, and needs no script")
  func selfContained() throws {
    let page = page(try regression())
    for element in PageChecker(page).elements {
      #expect(element.attributes["src"] == nil)
      #expect(element.attributes["href"].map { $0.hasPrefix("#") } ?? true)
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") })
    }
    for address in ["http://", "https://", "url(", "@import"] { #expect(!page.contains(address)) }
    #expect(page.contains("default-src 'none'") && page.contains("prefers-color-scheme: dark"))
  }

  @Test("the groups that changed stand below their rows, worse ones first")
  func groups() throws {
    func grouped(_ flipped: [Int], version: String) throws -> TrialRecord {
      var record = try measured(correct: rows(400), version: version, in: store)
      let outcomes = ["old", "young"].enumerated().map { place, key in
        (key, Array(rows(400, flipping: flipped)[place * 200..<(place + 1) * 200]))
      }
      record.groups = outcomes.map { key, correct in
        let right = correct.count { $0 }
        return GroupRecord(
          by: "age", key: key, n: 200,
          metrics: [
            "accuracy": MetricValue(
              value: Double(right) / 200, n: 200,
              interval: Interval(
                lower: Double(right) / 200 - 0.03, upper: Double(right) / 200 + 0.03,
                method: "wilson"))
          ])
      }
      record.predictions = Digest(of: version)
      return record
    }
    let lost = (0..<39).map { 5 * $0 + 1 }
    let page = page(
      try compare([try grouped([], version: "1.0")], [try grouped(lost, version: "2.0")]))
    #expect(PageChecker(page).problems == [])
    #expect(page.contains("Groups that changed") && page.contains("<th scope=\"row\">age old</th>"))
    #expect(!page.contains("<th scope=\"row\">age young</th>"))
  }

  @Test("rows that fail, are missing or new say so with the reason")
  func oneSided() throws {
    let page = page(
      try compare(
        [trial(), trial("gone"), trial("breaks")],
        [trial(), trial("comes"), trial("breaks", status: .crashed)]))
    #expect(PageChecker(page).problems == [])
    for text in [
      "newly failing", "crashed: it died", ">missing<", "the candidate has no such trial",
      "the baseline has no such trial",
    ] {
      #expect(page.contains(text))
    }
  }

  @Test("a row that is missing is told apart from one that got worse")
  func missing() throws {
    let both = [
      try measured(correct: rows(300), in: store), try measured("b", correct: rows(300), in: store),
    ]
    let diff = try compare(both, [both[0]])
    #expect(page(diff).contains("1 row of the baseline is missing."))
    let regressed = try measured(correct: rows(300, flipping: Array(0..<40)), in: store)
    let worse = try compare(both, [regressed])
    #expect(page(worse).contains("1 row got worse, 1 row of the baseline is missing."))
  }

  @Test("two equal reports are a page that says that nothing got worse")
  func equal() throws {
    let page = page(try compare([trial()], [trial()]))
    #expect(PageChecker(page).problems == [])
    #expect(page.contains("Nothing got worse beyond chance."))
    #expect(!page.contains("id=\"changed\"") && page.contains("id=\"unchanged\""))
  }

  @Test("two empty reports are a page that says that nothing was measured")
  func empty() throws {
    let page = page(try compare([], []))
    #expect(PageChecker(page).problems == [])
    #expect(page.contains("Nothing was measured in both reports."))
  }

  @Test("hostile names stay text")
  func hostile() throws {
    let name = PlantedReports.hostile
    let page = page(try compare([trial(name)], [trial(name, accuracy: 0.1, predictions: "b")]))
    #expect(PageChecker(page).problems == [])
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert"))
  }

  @Test("2,000 changed rows give a page below 3 MB that counts what it leaves out")
  func many() throws {
    let labels = (0..<2000).map { "method-\($0)" }
    let found = try compare(
      labels.map { trial($0) }, labels.map { trial($0, accuracy: 0.2, predictions: "b") })
    let page = page(found)
    #expect(PageChecker(page).problems == [])
    #expect(page.utf8.count < 3_000_000)
    #expect(page.contains("1,850 rows more left out"))
  }
}
