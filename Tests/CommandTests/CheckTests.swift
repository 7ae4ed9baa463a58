import Documents
import Foundation
import Testing

@Suite("assay check", .serialized)
struct CheckTests {
  /// A plugin of one method, whose `fit` begins with a statement of its own.
  private func plugin(_ assay: Assay, fit: String) throws -> String {
    #expect(try assay.runHere("new", "plugin", "odd", "--lang", "c").status == 0)
    let line = "int64_t n = rows->shape[0], width"
    try assay.replace(line, with: "\(fit)\n  \(line)", in: assay.path("odd/odd.c"))
    let made = try assay.run(
      "/usr/bin/env", ["make", "all", "CFLAGS=-O0"],
      in: assay.folder.appendingPathComponent("odd"))
    try #require(made.status == 0, "\(made.errors)")
    return assay.path("odd/libassay-odd.so")
  }

  @Test("results come one by one, and what would hang like the ordinary trial is skipped")
  func hang() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let library = try plugin(assay, fit: "for (volatile int i = 0;; i++) {}")
    let file = assay.folder.appendingPathComponent("said")
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    let process = try assay.start(
      ["check", library, "--only", "L,C25,T34,M"], output: try FileHandle(forWritingTo: file))
    func said() -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }
    for _ in 0..<400 where process.isRunning && !said().contains("L11") { usleep(50_000) }
    #expect(process.isRunning && said().hasPrefix("pass   L01"), "\(said())")
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    let lines = said().split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("pass   C25") }, "\(said())")
    #expect(lines.contains { $0.hasPrefix("crash  T34") }, "\(said())")
    #expect(lines.contains { $0.contains("see T34: fit was not done after 30") }, "\(said())")
    #expect(lines.last?.hasSuffix("12 pass, 1 crash, 9 skip") == true, "\(said())")
  }

  @Test("a method that takes all memory meets the limit, and the others are skipped")
  func memory() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let library = try plugin(
      assay,
      fit: """
        for (;;) {
            char *block = malloc(1 << 26);
            if (!block) return assay_fail(host, ASSAY_E_MEMORY, "no memory left");
            memset(block, 1, 1 << 26);
          }
        """)
    let result = try assay.run("check", library, "--only", "T34,M50", "--memory", "1G", "--json")
    #expect(result.status == 1)
    let results = try JSON(parsing: result.output)["results"]?.array ?? []
    #expect(results.compactMap { $0["outcome"]?.string } == ["fail", "skip"])
    let reason = results.first?["reason"]?.string ?? ""
    #expect(reason.contains("status 7 (memory): 'no memory left'"), "\(reason)")
    let small = try assay.run("check", library, "--memory", "10M")
    #expect(small.status == 2 && small.errors.contains("at least 1G"), "\(small.errors)")
  }

  @Test("the text that comes piece by piece is one table with a summary")
  func text() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let library = Assay.buildFolder.appendingPathComponent("libassay-knn.so").path
    let result = try assay.run("check", library, "--only", "L02,D17,T34")
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.map(String.init) == [
        "pass   L02       exports the entry and nothing else",
        "pass   D17  knn  has a config schema with a default for each property",
        "pass   T34  knn  answers ordinary data within the contract", "",
        "\(library): 3 checks: 3 pass", "",
      ])
  }
}
