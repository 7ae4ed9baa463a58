import Documents
import Foundation
import Testing

@Suite("Running a report again")
struct RerunTests {
  @Test("the trials of a report give the same digests again")
  func same() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report(
      "r.json", "-m", "nearest-mean", "-m", "nearest-mean:scale=3", "-m", "zero-shot")
    let result = try assay.run("rerun", report)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("6 of 6 trials gave the same results"), "\(result.output)")
    #expect(result.output.contains("nearest-mean:scale=3 on fashion, shots=4, seed 1"))
  }

  @Test("--trial runs only the trials whose ids begin so")
  func prefix() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "nearest-mean", "-m", "zero-shot")
    let ids = try assay.json(report)["trials"]?.array?.compactMap { $0["id"]?.string } ?? []
    let id = try #require(ids.first)
    let result = try assay.run("rerun", report, "--trial", String(id.prefix(20)))
    #expect(result.output.contains("1 of 1 trials gave the same results"), "\(result.output)")
  }

  @Test("a result that differs is told with its values and with what changed, exit code 1")
  func differs() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "nearest-mean")
    let trial = try #require(try assay.json(report)["trials"]?.array?.first)
    let digest = try #require(trial["predictions"]?.string)
    try assay.replace(digest, with: String(repeating: "0", count: 64), in: report)
    let unexplained = try assay.run("rerun", report)
    #expect(unexplained.status == 1)
    #expect(unexplained.output.contains("the predictions were 0000000000000000 and are"))
    #expect(unexplained.output.contains("because nothing that is recorded differs"))

    let plugin = try #require(trial["plugin"]?.string)
    let data = try #require(trial["dataset_digest"]?.string)
    try assay.replace(plugin, with: String(repeating: "1", count: 64), in: report)
    try assay.replace(data, with: String(repeating: "2", count: 64), in: report)
    let value = try #require(trial["metrics"]?["accuracy"]?["value"]?.double)
    try assay.replace("\"value\":\(value)", with: "\"value\":0.25", in: report)
    let explained = try assay.run("rerun", report, "--json")
    #expect(explained.status == 1)
    let first = try JSON(parsing: explained.output)["trials"]?.array?.first
    #expect(first?["verdict"]?.string == "differs")
    let results = first?["results"]?.array?.compactMap(\.string) ?? []
    #expect(results.contains("accuracy was 0.25 and is \(value) now"), "\(results)")
    let causes = first?["causes"]?.array?.compactMap(\.string) ?? []
    #expect(causes.count == 2, "\(causes)")
    #expect(causes.first?.hasPrefix("the plugin file was 1111111111111111 and is") == true)
    #expect(causes.last?.hasPrefix("the dataset was 2222222222222222 and is") == true)
  }

  @Test("other BLAS kernels are named as a cause")
  func kernels() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = assay.path("r.json")
    let run = try assay.run(
      "run", "small", "--seeds", "1", "-m", "nearest-mean", "-q", "-o", report)
    #expect(run.status == 0)
    let json = try assay.json(report)
    let core = try #require(json["environment"]?["blas"]?["core"]?.string)
    try assay.replace("\"core\":\"\(core)\"", with: "\"core\":\"Katmai\"", in: report)
    let result = try assay.run("rerun", report)
    #expect(result.status == 0)
    #expect(
      result.output.contains("although the set of BLAS kernels was Katmai and is \(core) now"),
      "\(result.output)")
  }

  @Test("a trial that today's suite does not plan is told of")
  func gone() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report("r.json", "-m", "nearest-mean")
    try assay.replace("[1, 4]", with: "[1, 2]", in: assay.path("suites/small.json"))
    let result = try assay.run("rerun", report)
    #expect(result.status == 1)
    #expect(result.output.contains("suite 'small' does not plan this trial any more"))
    #expect(result.output.contains("although the suite was"))
  }

  @Test("misuse is told with what to do")
  func misuse() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let report = try assay.report(
      "r.json", "-m", "nearest-mean", "--save-predictions", assay.path("saved"))
    let prefix = try assay.run("rerun", report, "--trial", "xyz")
    #expect(prefix.status == 2)
    #expect(prefix.errors.contains("no id of the 2 trials begins with 'xyz'"))

    try FileManager.default.moveItem(
      atPath: assay.path("suites/small.json"), toPath: assay.path("moved.json"))
    let lost = try assay.run("rerun", report)
    #expect(lost.status == 2)
    #expect(lost.errors.contains("name its file with --suite"), "\(lost.errors)")
    #expect(try assay.run("rerun", report, "--suite", assay.path("moved.json")).status == 0)

    try assay.replace("\"nearest-mean\"", with: "\"none\"", in: report)
    let method = try assay.run("rerun", report, "--suite", assay.path("moved.json"))
    #expect(method.status == 2)
    #expect(method.errors.contains("there is no method 'none'"), "\(method.errors)")

    let scored = assay.path("scored.json")
    let score = try assay.run(
      "score", assay.path("moved.json"), "--seeds", "1", "-o", scored, "--predictions",
      assay.path("saved"))
    #expect(score.status == 0, "\(score.errors)")
    let again = try assay.run("rerun", scored, "--suite", assay.path("moved.json"))
    #expect(again.status == 2)
    #expect(again.errors.contains("was scored from prediction files"))
  }
}
