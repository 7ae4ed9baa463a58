import Documents
import Evaluation
import Metrics
import PluginHost
import Suites
import Tensors
import Testing

@testable import Reports

@Suite("HTML page")
struct HTMLPageTests {
  private let folder = TemporaryFolder()

  private func page(_ trials: [TrialRecord]) -> String {
    HTMLRendering.page(report: PlantedReports().report(trials), samples: nil)
  }

  @Test("a report without trials is a page that says that nothing was measured")
  func empty() {
    let page = page([])
    let checker = PageChecker(page)
    #expect(checker.problems == [])
    #expect(page.contains("Nothing was measured."))
    #expect(!page.contains("id=\"results\""))
    #expect(!page.contains("<svg"))
  }

  @Test("a full report has every section, charts and tables, and is well-formed")
  func full() throws {
    let store = TrialStore(path: folder.path + "/r.store")
    let planted = PlantedReports(store: store)
    let trials =
      try planted.fewShot(dataset: "fashion").filter { $0.seed < 2 }
      + planted.robustness() + planted.detection()
    let page = HTMLRendering.page(report: planted.report(trials), samples: store)
    let checker = PageChecker(page)
    #expect(checker.problems == [])
    for id in [
      "glance", "groups", "calibration", "roc", "results", "cost", "provenance", "trials",
    ] {
      #expect(checker.elements.contains { $0.name == "section" && $0.attributes["id"] == id })
    }
    #expect(!page.contains("id=\"failures\""))
    #expect(page.contains("No trial failed."))
    #expect(page.contains("Shots per class (log scale)"))
    #expect(page.contains("ECE 0."))
    #expect(page.contains("AUROC 0."))
    #expect(checker.elements.contains { $0.attributes["class"] == "heatmap" })
  }

  @Test("the rows behind a shift are no corruption of their own")
  func references() throws {
    let trials = PlantedReports().robustness().map { trial in
      var trial = trial
      for name in ["brightness", "fog", "frost"] {
        let clean = GroupRecord(
          by: "shift", key: "clean-\(name)-1", n: 600, metrics: trial.groups[0].metrics)
        trial.groups.append(clean)
      }
      return trial
    }
    let page = page(trials)
    #expect(page.contains("class=\"heatmap\""))
    let maps = page.split(separator: "<table class=\"heatmap\">").dropFirst().map {
      $0.split(separator: "</table>")[0]
    }
    #expect(!maps.isEmpty && maps.allSatisfy { !$0.contains("clean-fog") })
    #expect(page.contains("<th scope=\"row\">clean-fog-1</th>"))
  }

  @Test("calibration curves stand beside each other by what divides the rows, seeds pooled")
  func groupCalibration() throws {
    func record(_ by: String, _ key: String, _ share: Double, n: Int) -> CalibrationRecord {
      CalibrationRecord(
        by: by, key: key,
        curve: CalibrationCurve(
          bins: [
            .init(place: 2, probability: 0.25, share: 0.1, n: 50),
            .init(place: 7, probability: 0.75, share: share, n: n),
          ]))
    }
    let trials = try PlantedReports().fewShot(dataset: "audit").filter { $0.seed < 2 }.map {
      trial in
      var trial = trial
      trial.calibration = [
        record("all", "all", 0.6, n: 30),
        record("shortcut", "with", trial.seed == 0 ? 0.9 : 0.6, n: trial.seed == 0 ? 10 : 20),
        record("shortcut", "without", 0.4, n: 20), record("age", "80+", 0.5, n: 5),
      ]
      return trial
    }
    let page = page(trials)
    let checker = PageChecker(page)
    #expect(checker.problems == [])
    let section = try #require(page.split(separator: "id=\"calibration\"").last)
    #expect(section.contains("by shortcut") && section.contains("by age"))
    #expect(section.contains("Calibration curves of gda by shortcut: all rows, with, without."))
    // 10 rows at 0.9 and 20 at 0.6.
    #expect(section.contains("with: probability 0.750, positive 0.700, 30 rows"))
    #expect(!self.page(try PlantedReports().fewShot(dataset: "x")).contains("id=\"calibration\""))
  }

  @Test("the page loads nothing and runs no script but its own")
  func selfContained() throws {
    let planted = PlantedReports()
    for trials in [try planted.fewShot(dataset: "fashion"), planted.failures()] {
      let page = page(trials)
      let checker = PageChecker(page)
      let names = Set(checker.elements.map(\.name))
      #expect(names.isDisjoint(with: ["img", "link", "iframe", "object", "embed", "base", "form"]))
      #expect(checker.elements.count { $0.name == "script" } == 1)
      for element in checker.elements {
        let attributes = element.attributes
        #expect(attributes["src"] == nil && attributes["xlink:href"] == nil)
        #expect(attributes["href"].map { $0.hasPrefix("#") } ?? true)
        #expect(!attributes.keys.contains { $0.hasPrefix("on") })
      }
      for address in ["http://", "https://", "src=", "url(", "@import"] {
        #expect(!page.contains(address))
      }
      #expect(page.contains("default-src 'none'"))
    }
  }

  @Test("the policy names the digest of the script as it stands")
  func policy() throws {
    let page = page([])
    let start = try #require(page.split(separator: "<script>").last)
    let script = String(start.split(separator: "</script>")[0])
    // The digest in hexadecimal digits says the same as in base 64.
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let encoded = try #require(page.split(separator: "sha256-").last?.prefix { $0 != "'" })
    #expect(encoded.count == 44)
    let bits = encoded.prefix(43).flatMap { character -> [Int] in
      let value = digits.firstIndex(of: character) ?? 0
      return (0..<6).reversed().map { value >> $0 & 1 }
    }
    let hex = stride(from: 0, to: 256, by: 4).map { place in
      String(bits[place..<(place + 4)].reduce(0) { $0 * 2 + $1 }, radix: 16)
    }
    #expect(hex.joined() == Digest(of: script).description)
  }

  @Test("links inside the page lead somewhere")
  func anchors() {
    let checker = PageChecker(page(PlantedReports().failures()))
    let ids = checker.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for link in checker.elements.compactMap({ $0.attributes["href"] }) {
      #expect(ids.contains(String(link.dropFirst())))
    }
  }

  // MARK: The first screen

  @Test("the page opens with pictures, and numbers are folded")
  func opening() throws {
    let planted = PlantedReports()
    let page = page(try planted.fewShot(dataset: "fashion") + planted.robustness())
    let names = PageChecker(page).elements.map { $0.attributes["class"] ?? $0.name }
    let picture = try #require(names.firstIndex(of: "plot"))
    #expect(!names[..<picture].contains("scroll"))
    let open = try #require(page.firstRange(of: "<details class=\"part\">"))
    #expect(page[..<open.lowerBound].contains("id=\"glance\""))
    for id in ["results", "cost", "provenance", "trials"] {
      #expect(!page[..<open.lowerBound].contains("id=\"\(id)\""))
    }
  }

  @Test("nothing on the page is wider than a small screen, but tables that stack there")
  func narrow() throws {
    let store = TrialStore(path: folder.path + "/r.store")
    let planted = PlantedReports(store: store)
    let trials =
      try planted.fewShot(dataset: "a dataset with quite a long name").filter { $0.seed == 0 }
      + planted.robustness() + planted.detection() + planted.failures()
    let page = HTMLRendering.page(report: planted.report(trials), samples: store)
    for element in PageChecker(page).elements {
      guard let width = element.attributes["width"].flatMap(Double.init) else { continue }
      #expect(width <= 358)
    }
    // A width in pixels in the style sheet is a bound or fits as well.
    for rule in Style.sheet.text.split(separator: ";") where rule.contains("width:") {
      let value = rule.split(separator: "width:").last ?? ""
      guard value.trimmingPrefix(" ").hasSuffix("px"), !rule.contains("max-width:") else {
        continue
      }
      #expect(Double(value.dropLast(2).trimmingPrefix(" ")) ?? 0 <= 358)
    }
  }

  @Test("a method has one colour and one mark in every chart")
  func oneLook() throws {
    let planted = PlantedReports()
    let page = page(try planted.fewShot(dataset: "fashion") + planted.robustness())
    for method in PlantedReports.methods {
      let marks = page.split(separator: "<path class=\"mark ").filter {
        $0.contains("<title>\(method.label), ")
      }
      #expect(marks.count > 10)
      #expect(Set(marks.map { $0.prefix { $0 != "\"" } }).count == 1)
    }
  }

  @Test("a hundred methods are told in a few lines with the best, and how many are left")
  func hundred() {
    let trials = (0..<100).flatMap { index in
      [2, 4, 8].map { trial("method-\(index)", shots: $0, accuracy: 0.3 + Double(index) / 200) }
    }
    let page = page(trials)
    let checker = PageChecker(page)
    #expect(checker.problems == [])
    #expect(checker.elements.contains { $0.attributes["class"] == "line faint" })
    let legend = page.split(separator: "<ul class=\"legend\">")[1].split(separator: "</ul>")[0]
    #expect(legend.contains("method-99") && !legend.contains("method-9<"))
    #expect(legend.contains("94"))
  }

  @Test("notes that differ in their numbers only are one line with their count")
  func kinds() {
    let page = page(
      (0..<30).map { seed in
        var record = trial(seed: seed)
        record.notes = ["alpha = 1.\(seed) was chosen"]
        return record
      })
    let lines = page.split(separator: "<summary>").filter { $0.contains("was chosen") }
    #expect(lines.count == 1 && lines[0].hasPrefix("<b>30</b>"))
  }

  @Test("a page of claims leads with a tally and a table by paper whose rows name their verdict")
  func claims() throws {
    func record(_ source: String, _ verdict: ClaimVerdict, _ value: Double?) throws -> ClaimRecord {
      let claim = try PublishedClaim(
        json: JSON(
          parsing: """
            {"id": "a", "text": "It is <b>good</b>.", "source": "\(source)",
             "holds": "accuracy(gda) >= 0.5"}
            """))
      return ClaimRecord(
        asserted: SuiteClaim(suite: "few-shot", claim: try #require(claim)), value: value,
        interval: value.map { Interval(lower: $0 - 0.1, upper: $0 + 0.1, method: "wilson") },
        verdict: verdict)
    }
    var report = PlantedReports().report([trial()])
    report.claims = try [
      record("Ho et al., ICLR 2024", .reproduced, 0.7),
      record("Ho et al., ICLR 2024", .notReproduced, 0.2),
      record("Wu et al., ICML 2023", .notMeasured, nil),
    ]
    let page = HTMLRendering.page(report: report, samples: nil)
    let checker = PageChecker(page)
    #expect(checker.problems == [])
    #expect(checker.elements.first { $0.name == "section" }?.attributes["id"] == "claims")
    let rows = checker.elements.filter { $0.attributes["data-kind"] != nil }
    #expect(
      rows.map { $0.attributes["data-part"] } == [
        "Ho et al., ICLR 2024", "Ho et al., ICLR 2024", "Wu et al., ICML 2023",
      ])
    #expect(Set(rows.map { $0.attributes["data-kind"] }).count == 3)
    // One picture for each measured value.
    let pictures = checker.elements.filter {
      ["whisker held", "whisker broken"].contains($0.attributes["class"] ?? "")
    }
    #expect(pictures.count == 2)
  }

  // MARK: Failures

  @Test("every failed trial's message, kind and signal are told")
  func failures() {
    let trials = PlantedReports().failures()
    let text = PageChecker(page(trials)).text
    for trial in trials where trial.failure != nil && trial.method != PlantedReports.hostile {
      let failure = trial.failure
      #expect(text.contains((failure?.message ?? "?").replacing("'", with: "&#39;")))
      if trial.status != .unsupported { #expect(text.contains(failure?.kind ?? "?")) }
    }
    #expect(text.contains("SIGSEGV"))
    #expect(!text.contains("The run was interrupted."))
    #expect(text.contains("trials failed."))
  }

  @Test("an interrupted run says so")
  func interrupted() {
    let report = PlantedReports().report(PlantedReports().failures(), isComplete: false)
    let page = HTMLRendering.page(report: report, samples: nil)
    #expect(page.contains("The run was interrupted."))
  }

  @Test("hostile names, notes and output stay text")
  func hostile() {
    let page = page(PlantedReports().failures())
    let checker = PageChecker(page)
    #expect(checker.problems == [])
    #expect(!page.contains("<script>alert"))
    #expect(!page.contains("\u{1B}"))
    #expect(!page.contains("\u{202E}"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"))
    #expect(page.contains("&lt;/pre&gt;&lt;/details&gt;"))
  }

  @Test("a very long message is cut at its end, a very long output at its beginning")
  func longMessages() {
    var record = trial(status: .crashed)
    let text = "first" + String(repeating: "-", count: 5000) + "last"
    record.failure = TrialFailure(
      stage: "fit", kind: "signal", message: text, stderrTail: text)
    let page = page([record])
    #expect(page.contains(">first---") && page.contains("---last</pre>"))
    #expect(page.contains("(3,009 more characters)"))
    #expect(page.contains("(3,009 characters before)"))
    #expect(!page.contains(text))
  }

  // MARK: Cells

  @Test("failed, incomplete, oracle and unsupported cells say so, and only fair rows are best")
  func cells() throws {
    let page = page(PlantedReports().failures())
    let rows = page.split(separator: "<tr>").map(String.init)
    func row(_ label: String) throws -> String {
      try #require(rows.first { $0.hasPrefix("<th scope=\"row\">\(label)</th><td class=\"n\"") })
    }
    #expect(try row("tuned").contains(">oracle</span>"))
    #expect(try !row("tuned").contains(">best</span>"))
    #expect(try row("linear-probe").contains("1 of 2 seeds missing"))
    #expect(try !row("linear-probe").contains(">best</span>"))
    #expect(try row("tip-adapter").contains(">best</span>"))
    #expect(try !row("gda").contains(">best</span>"))
    #expect(try row("text-only").contains("unsupported"))
    #expect(try row("fragile").contains(">failed</span>"))
    #expect(page.contains("one class is absent"))
  }

  @Test("the two spreads stand side by side and are not merged")
  func spreads() {
    let page = page([
      trial(seed: 1, accuracy: 0.7), trial(seed: 2, accuracy: 0.8),
      trial("mean", seed: 1, accuracy: 0.5), trial("mean", seed: 2, accuracy: 0.5),
    ])
    #expect(page.contains("[0.70, 0.80]"))
    #expect(page.contains("sd 0.071, 2 seeds"))
    #expect(!page.contains("\u{B1}"))
  }

  // MARK: Large

  @Test(
    "20,000 trials give a page below 6 MB that counts what it leaves out", .timeLimit(.minutes(2)))
  func many() {
    let trials = PlantedReports().many()
    #expect(trials.count == 20_000)
    let page = page(trials)
    #expect(page.utf8.count < 6_000_000)
    #expect(page.contains("19,000 trials more left out"))
    #expect(page.contains("1,000 of 20,000 trials"))
    #expect(PageChecker(page).problems == [])
    let failed = trials.compactMap(\.failure?.message)
    #expect(Set(failed).count > 20)
    for message in Set(failed) { #expect(page.contains(message)) }
  }

  @Test("columns that cannot be read cost the page its diagrams only")
  func missingSamples() {
    var record = trial()
    record.samples = ["confidence": Digest(of: "gone"), "rank": Digest(of: "gone too")]
    let page = HTMLRendering.page(
      report: report([record]), samples: TrialStore(path: folder.path + "/r.store"))
    #expect(PageChecker(page).problems == [])
    #expect(!page.contains("id=\"calibration\""))
  }
}
