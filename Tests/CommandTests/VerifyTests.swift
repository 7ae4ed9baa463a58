import Documents
import Foundation
import Testing

@Suite("Verifying against a ledger")
struct VerifyTests {
  private func row(
    _ method: String, _ shots: Int, _ value: Double, tolerance: Double = 0.002,
    dataset: String = "fashion", more: String = ""
  ) -> String {
    """
    {"suite": "small", "dataset": "\(dataset)", "method": "\(method)",
     "setting": {"shots": \(shots)}, "metric": "accuracy", "value": \(value),
     "tolerance": \(tolerance), "source": "a paper"\(more)}
    """
  }

  private func verify(_ assay: Assay, _ report: String, _ rows: [String]) throws -> Assay.Result {
    try assay.write(
      "{\"schema\": \"assay.ledger/1\", \"rows\": [\(rows.joined(separator: ","))]}",
      to: "ledger.json")
    return try assay.runHere("verify", report, "--ledger", "ledger.json")
  }

  /// A shipped suite with the headline alone, which takes a tenth of the time.
  private func headline(_ name: String, _ old: String, _ new: String, _ assay: Assay) throws {
    let suite = try String(
      contentsOf: Assay.root.appendingPathComponent("suites/\(name).json"), encoding: .utf8)
    let isThere = suite.contains(old)
    try #require(isThere)
    try assay.write(suite.replacing(old, with: new), to: "suites/\(name).json")
  }

  @Test(
    "the reference numbers of the starter collection come again within its tolerance",
    arguments: [
      ("few-shot", "\"groups\": [\"class\"]", "\"metrics\": [\"accuracy\"]", 40),
      (
        "robustness", "\"train\": [1, 16, \"full\"]", "\"train\": [\"full\"]", 60
      ),
    ])
  func starter(_ suite: String, _ old: String, _ new: String, _ count: Int) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try headline(suite, old, new, assay)
    let report = assay.path("r.json")
    let run = try assay.runHere(
      "run", "suites/\(suite).json", "-m", "zero-shot", "-m", "nearest-mean", "-m",
      "linear-probe:c=10,search=false,tolerance=1e-8", "-q", "-o", report)
    #expect(run.status == 0, "\(run.errors)")
    let ledger = Assay.root.appendingPathComponent("ledger/published.json").path
    let result = try assay.runHere("verify", report, "--ledger", ledger)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("\(count) of \(count) values reproduced"), "\(result.output)")
  }

  @Test("a value is reproduced, off by some amount, or not runnable here")
  func verdicts() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot")
    let fine = try verify(assay, report, [row("zero-shot", 1, 0.609)])
    #expect(fine.status == 0, "\(fine.output)")
    #expect(fine.output.contains("reproduced    small / fashion, shots=1, zero-shot: 0.6090"))

    let off = try verify(
      assay, report,
      [row("zero-shot", 1, 0.609), row("zero-shot", 4, 0.65), row("gda", 4, 0.7)])
    #expect(off.status == 1)
    #expect(off.output.contains("off by -0.0410"), "\(off.output)")
    #expect(off.output.contains("source: a paper"))
    #expect(
      off.output.contains("1 of 2 values reproduced; 1 rows of the ledger are not runnable here"))

    let none = try verify(
      assay, report, [row("zero-shot", 1, 0.609, dataset: "dtd-clip-rn50")])
    #expect(none.status == 5)
  }

  @Test(
    "what is missing is named",
    arguments: [
      ("\"suite\": \"small\"", "\"suite\": \"large\"", "the report has no suite 'large'"),
      ("\"fashion\"", "\"dtd\"", "the report has no dataset 'dtd'"),
      ("\"zero-shot\"", "\"gda\"", "the report has no row 'gda'"),
      ("\"shots\": 1", "\"shots\": 3", "the report has no setting shots=3"),
      ("\"accuracy\"", "\"auroc\"", "the report has no metric 'auroc' there"),
      ("\"a paper\"", "\"a paper\", \"seeds\": [1, 2, 3]", "the report lacks seed 2, 3"),
    ])
  func reasons(_ old: String, _ new: String, _ reason: String) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot")
    let changed = row("zero-shot", 1, 0.609).replacing(old, with: new)
    #expect(try verify(assay, report, [changed]).status == 5)
    let all = try assay.runHere("verify", report, "--ledger", "ledger.json", "--all")
    #expect(
      all.output.contains("not runnable here") && all.output.contains(reason), "\(all.output)")
  }

  @Test("oracle selection is marked, and a star stands for every row")
  func oracle() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot", "-m", "nearest-mean")
    let result = try verify(
      assay, report,
      [row("*", 1, 0.6, tolerance: 0.1, more: ", \"selection\": \"oracle\"")])
    #expect(result.status == 0)
    #expect(result.output.contains("0.6090, accuracy 0.6000 ± 0.1000 (oracle)"), "\(result.output)")
    #expect(
      result.output.contains("2 of 2 values reproduced, 2 of them tuned on the test rows (oracle)"))
    let json = try assay.runHere("verify", report, "--ledger", "ledger.json", "--json")
    let findings = try JSON(parsing: json.output)["findings"]?.array ?? []
    #expect(findings.compactMap { $0["verdict"]?.string } == ["reproduced", "reproduced"])
    #expect(findings.first?["oracle"] == .bool(true))
  }

  @Test("the ledger that no option names lies beside the suites, wherever one works")
  func beside() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot")
    let elsewhere = assay.folder.appendingPathComponent("elsewhere")
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: false)
    let shipped = try assay.run(Assay.executable, ["verify", report], in: elsewhere)
    #expect(shipped.status == 5, "\(shipped.errors)")
    #expect(shipped.output.contains("not runnable here"))
    try assay.write(
      "{\"schema\": \"assay.ledger/1\", \"rows\": [\(row("zero-shot", 1, 0.609))]}",
      to: "ledger/published.json")
    let own = try assay.run(Assay.executable, ["verify", report], in: elsewhere)
    #expect(own.status == 0 && own.output.contains("1 of 1 values reproduced"), "\(own.errors)")
  }

  @Test("a report in place of a suite is told of in one sentence")
  func reportAsSuite() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot")
    let result = try assay.run("run", report)
    #expect(result.status == 2)
    #expect(
      result.errors == "assay: \(report): is a report ('assay.report/2'), where a suite or a run "
        + "file is wanted; 'assay rerun \(report)' runs its trials again\n")
  }

  @Test("a failed trial is not passed over")
  func failed() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot")
    try assay.replace("\"status\":\"ok\"", with: "\"status\":\"timeout\"", in: report)
    let result = try verify(assay, report, [row("zero-shot", 1, 0.609)])
    #expect(result.status == 1)
    #expect(result.output.contains("seed 1 is timeout"), "\(result.output)")
  }

  @Test("every problem of a ledger is told with its place")
  func badLedger() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "zero-shot")
    let bad = try verify(
      assay, report,
      [
        row("zero-shot", 1, 0.6, tolerance: -1),
        row("zero-shot", 1, 0.6).replacing("\"source\"", with: "\"sorce\""),
      ])
    #expect(bad.status == 2)
    #expect(bad.errors.contains("at /rows/0/tolerance"), "\(bad.errors)")
    #expect(bad.errors.contains("did you mean 'source'?"), "\(bad.errors)")
    let absent = try assay.runHere("verify", report, "--ledger", "no.json")
    #expect(absent.status == 2)
    #expect(absent.errors.contains("no.json: cannot be read"))
  }

  @Test("every row of the shipped ledger is different, and names its source and selection")
  func shipped() throws {
    let rows =
      try JSON(
        parsing: String(
          contentsOf: Assay.root.appendingPathComponent("ledger/published.json"), encoding: .utf8))[
        "rows"]?.array ?? []
    #expect(rows.count > 500)
    let keys = rows.map { row in
      ["suite", "dataset", "method", "setting", "metric", "seeds", "group"]
        .map { row[$0]?.canonicalText ?? "-" }.joined(separator: " ")
    }
    #expect(Set(keys).count == rows.count)
    #expect(rows.allSatisfy { (0...1).contains($0["value"]?.double ?? -1) })
    #expect(rows.allSatisfy { $0["selection"]?.string != nil && $0["backbone"]?.string != nil })
    let imagenet = rows.filter {
      $0["dataset"]?.string?.hasPrefix("imagenet-") == true
        && ["gda", "tip-adapter"].contains($0["method"]?.string)
    }
    #expect(!imagenet.isEmpty && imagenet.allSatisfy { $0["selection"]?.string == "oracle" })
  }
}
