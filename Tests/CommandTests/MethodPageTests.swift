import Foundation
import Testing

/// The pages of `docs/methods`, each of which a reader should take in at a glance.
@Suite("Pages of methods")
struct MethodPageTests {
  /// A page is a screen of a tall window.
  private static let longest = 60
  /// Pages with a cell that no run has filled yet.
  private static let unfilled: Set<String> = ["tip-adapter-f"]

  private static let pages: [String] = {
    let folder = Assay.root.appending(path: "docs/methods").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.sorted()
  }()

  private func lines(_ page: String) throws -> [String] {
    let url = Assay.root.appending(path: "docs/methods/\(page).md")
    return try String(contentsOf: url, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  /// What stands for a number that is not there.
  private func placeholders(in lines: [String]) -> [String] {
    let words = ["not measured", "TBD", "TODO", "FIXME", "XXX", "to be measured", "to be filled"]
    return lines.filter { line in
      let cells = line.hasPrefix("|") ? line.split(separator: "|") : []
      return words.contains { line.localizedCaseInsensitiveContains($0) }
        || cells.contains {
          ["…", "...", "?", "n/a"].contains($0.trimmingCharacters(in: .whitespaces))
        }
    }
  }

  @Test("there are some")
  func some() { #expect(MethodPageTests.pages.count > 15) }

  @Test("hold numbers, not placeholders", arguments: pages)
  func filled(_ page: String) throws {
    let found = placeholders(in: try lines(page))
    withKnownIssue("its cells wait for a run", isIntermittent: true) {
      #expect(found == [])
    } when: {
      MethodPageTests.unfilled.contains(page)
    }
  }

  @Test("a placeholder is found in words and in cells")
  func finding() {
    #expect(placeholders(in: ["| a | … |", "It is Not measured.", "| 1 | ? |"]).count == 3)
    #expect(placeholders(in: ["| a | 0.5 |", "Is it fast? Yes.", "| a | 1 ... 2 |"]).isEmpty)
  }

  @Test("show a command, whose suite files exist", arguments: pages)
  func command(_ page: String) throws {
    let commands = try lines(page).filter { $0.hasPrefix("    assay ") }
    #expect(!commands.isEmpty)
    for word in commands.flatMap({ $0.split(separator: " ") }) where word.hasSuffix(".json") {
      guard word.hasPrefix("suites/"), !word.contains("*") else { continue }
      #expect(
        FileManager.default.fileExists(atPath: Assay.root.appending(path: String(word)).path),
        "\(word)")
    }
  }

  @Test("are at most one screen long", arguments: pages)
  func length(_ page: String) throws {
    #expect(try lines(page).count <= MethodPageTests.longest)
  }

  @Test("there is one for each plugin, or for the plugin that holds it")
  func complete() throws {
    let docs = Assay.root.appending(path: "docs")
    // What runs methods in Python is no method, and its page is a guide.
    let text = try (MethodPageTests.pages.map { "methods/\($0).md" } + ["python.md"]).map {
      try String(contentsOf: docs.appending(path: $0), encoding: .utf8)
    }.joined()
    let files = try FileManager.default.contentsOfDirectory(atPath: Assay.buildFolder.path)
    for file in files where file.hasPrefix("libassay-") && file.hasSuffix(".so") {
      let name = String(file.dropFirst("libassay-".count).dropLast(".so".count))
      #expect(text.contains(name), "no page of docs names the plugin '\(name)'")
    }
  }
}
