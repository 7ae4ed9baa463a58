import Documents
import Foundation
import Testing

/// What the README says of commands is what they do.
@Suite("The README", .serialized)
struct ReadmeTests {
  private static func text(_ file: String = "README.md") throws -> String {
    try String(contentsOf: Assay.root.appendingPathComponent(file), encoding: .utf8)
  }

  /// The lines of the section's indented block, without the words that explain them.
  private func commands(under heading: String) throws -> [String] {
    let text = try Self.text()
    let start = try #require(text.firstRange(of: "\n\(heading)\n"))
    let section = text[start.upperBound...].prefix { _ in true }
    let end = section.firstRange(of: "\n## ")?.lowerBound ?? section.endIndex
    return section[..<end].split(separator: "\n").filter { $0.hasPrefix("    assay ") }.map {
      String($0.prefix { $0 != "#" }).trimmingCharacters(in: .whitespaces)
    }
  }

  /// A folder in which the README's names mean something small.
  private func sandbox() throws -> Assay {
    var assay = try Assay.small()
    let suite = try String(contentsOfFile: assay.path("suites/small.json"), encoding: .utf8)
      .replacing("\"small\"", with: "\"few-shot\"").replacing("[1, 4]", with: "[1]")
      .replacing("\"seeds\": [1, 2]", with: "\"seeds\": [1]")
      .replacing("[\"accuracy\"]", with: "[\"accuracy\", \"nll\"]")
    for name in ["suites/few-shot.json", "my-suite.json"] { try assay.write(suite, to: name) }
    let folders = [Assay.buildFolder.path, assay.environment["PATH"] ?? ""]
    assay.environment["PATH"] = folders.joined(separator: ":")
    return assay
  }

  @Test("each command of a day with it does what it is there for, in this order")
  func day() throws {
    let assay = try sandbox()
    defer { assay.cleanUp() }
    let lines = try commands(under: "## A day with it")
    #expect(lines.count > 8)
    for line in lines {
      if line.contains("main.json"), !FileManager.default.fileExists(atPath: assay.path("pr.json"))
      {
        for name in ["main", "pr"] {
          try FileManager.default.copyItem(
            atPath: assay.path("out/report.json"), toPath: assay.path("\(name).json"))
        }
      }
      // The checks themselves have tests of their own, and take long.
      let command = line.hasPrefix("assay check ") ? "\(line) --list" : line
      let result = try assay.run("/bin/sh", ["-c", command], in: assay.folder)
      #expect(result.status == 0, "\(line): \(result.output)\(result.errors)")
      #expect(line.contains(">") || !(result.output + result.errors).isEmpty, "\(line)")
    }
  }

  @Test("the number of checks is that of the list")
  func checks() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let count = try JSON(parsing: assay.run("check", "--list", "--json").output)["checks"]?.array?
      .count
    let text = try Self.text()
    let said = try #require(text.firstMatch(of: /# ([0-9]+) rules of the ABI/))
    #expect(Int(said.1) == count)
  }

  @Test("the table of suites names every suite that ships, and no other")
  func suites() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let listed = try JSON(parsing: assay.run("list", "suites", "--json").output)["suites"]?.array
    let names = Set((listed ?? []).compactMap { $0["name"]?.string }.filter { !$0.contains("/") })
    let text = try Self.text()
    let start = try #require(text.firstRange(of: "| about | suites |"))
    let rows = text[start.upperBound...].split(separator: "\n").prefix { $0.hasPrefix("|") }
    let said = rows.flatMap { row in row.matches(of: /`([a-z-]+)`/).map { String($0.1) } }
    #expect(Set(said) == names)
    #expect(said.count == names.count)
  }

  @Test("the exit codes are those of the help")
  func exitCodes() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    func codes(_ text: String) throws -> [String] {
      let flat = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      let start = try #require(flat.firstRange(of: "0 fine;"))
      let list = flat[start.lowerBound...].prefix { $0 != "." }
      return list.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let said = try codes(Self.text())
    #expect(try codes(assay.run("--help").output) == said)
    #expect(said.count == 8)
  }

  @Test("the lines of your own method build one and run it")
  func ownMethod() throws {
    let assay = try sandbox()
    defer { assay.cleanUp() }
    let link = assay.folder.appendingPathComponent("Sources")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: Assay.root.appendingPathComponent("Sources"))
    #expect(try assay.runHere("new", "plugin", "my-method", "--lang", "c").status == 0)
    try FileManager.default.copyItem(
      atPath: assay.path("my-method/my-method.c"), toPath: assay.path("my_method.c"))
    let text = try Self.text()
    for start in ["    cc -O2", "    assay run few-shot -p ."] {
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(start) })
      let result = try assay.run("/bin/sh", ["-c", String(line)], in: assay.folder)
      #expect(result.status == 0, "\(line): \(result.errors)")
    }
  }

  @Test("rows of the printed table are what the suite gives")
  func table() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(
      "run", "few-shot", "-m", "zero-shot", "-m", "nearest-mean", "-o", assay.path("r.json"))
    #expect(result.status == 0, "\(result.errors)")
    /// The cells of a method's rows on fashion, in order.
    func cells(_ text: String, _ method: String) -> [String] {
      let lines = text.split(separator: "\n")
      let start = lines.firstIndex { $0.hasPrefix("few-shot / fashion") } ?? lines.startIndex
      let part = lines[start...].dropFirst().prefix { !$0.hasPrefix("±") && !$0.contains(" / ") }
      return part.filter { $0.hasPrefix("\(method) ") }.flatMap { line in
        line.matches(of: /[0-9.]+ ± [0-9.]+ \([0-9.]+\)/).map { String($0.0) }
      }
    }
    let printed = try Self.text()
    for method in ["zero-shot", "nearest-mean"] {
      #expect(cells(printed, method).count == 5)
      #expect(cells(printed, method) == cells(result.output, method))
    }
  }

  @Test("the targets of make that documents name are there")
  func targets() throws {
    let makefile = try Self.text("Makefile")
    for file in ["README.md", "CONTRIBUTING.md"] {
      for match in try Self.text(file).matches(of: /(?m)(?:^    |`)make ([a-z]+)/) {
        #expect(makefile.contains("\n\(match.1):"), "\(file): make \(match.1)")
      }
    }
  }
}
