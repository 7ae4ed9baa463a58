import Documents
import Foundation
import Testing

@Suite("Two plugins with one method's id")
struct HiddenPluginTests {
  /// Builds a plugin with a method of the name; unequal flags give unequal bytes.
  private func build(_ assay: Assay, _ name: String, to file: String, _ flags: String) throws {
    if !FileManager.default.fileExists(atPath: assay.path(name)) {
      #expect(try assay.runHere("new", "plugin", name, "--lang", "c").status == 0)
    }
    let made = try assay.run(
      "/usr/bin/env", ["make", "-B", "all", "CFLAGS=\(flags)"],
      in: assay.folder.appendingPathComponent(name))
    try #require(made.status == 0, "\(made.errors)")
    let target = assay.folder.appendingPathComponent(file)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: assay.path("\(name)/libassay-\(name).so"), toPath: target.path)
  }

  @Test(
    "one that is named hides one that ships, which a note and the report say",
    arguments: ["libassay-gda.so", "libassay-other.so"])
  func shipped(_ file: String) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try build(assay, "gda", to: "mine/\(file)", "-O1")
    let list = try assay.run("list", "-p", assay.path("mine"))
    #expect(list.status == 0)
    #expect(list.errors.contains("note: 'gda' of "), "\(list.errors)")
    #expect(list.errors.contains("/mine/\(file) hides that of "), "\(list.errors)")

    let report = assay.path("r.json")
    let run = try assay.run(
      "run", "small", "--seeds", "1", "-p", assay.path("mine"), "-m", "gda", "-q", "-o", report)
    #expect(run.status == 0, "\(run.errors)")
    let warnings = try assay.json(report)["warnings"]?.array ?? []
    #expect(warnings.map { $0["code"]?.string } == ["hidden-method"])
    let text = warnings.first?["text"]?.string ?? ""
    #expect(text.hasPrefix("'gda' of \(file) ("), "\(text)")
    #expect(text.contains("hides that of libassay-gda.so (") && !text.contains("/"), "\(text)")

    let other = try assay.run(
      "run", "small", "--seeds", "1", "-p", assay.path("mine"), "-m", "zero-shot", "-q", "-o",
      report)
    #expect(other.status == 0 && other.errors.contains("hides that of"), "\(other.errors)")
    #expect(try assay.json(report)["warnings"] == [])
  }

  @Test("a name with a line break stays on its line, in every verb")
  func lineBreak() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let word = "::error::forged"
    let folder = assay.path("odd")
    try assay.write("no library", to: "odd/libassay-a\n\(word).so")
    try build(assay, "gda", to: "odd/libassay-b\n\(word).so", "-O1")
    try build(assay, "gda", to: "other/libassay-b\n\(word).so", "-O2")
    let report = assay.path("r.json")
    let file = "\(folder)/libassay-b\n\(word).so"
    let commands = [
      ["list", "-p", folder], ["doctor", "-p", folder], ["info", "gda", "-p", folder],
      ["list", "-p", file, "-p", "\(assay.path("other"))/libassay-b\n\(word).so"],
      ["check", "\(folder)/libassay-a\n\(word).so"], ["check", file, "--only", "L"],
      ["check", "\(folder)/libassay-c\n\(word).so"],
      ["run", "small", "--seeds", "1", "-p", folder, "-m", "gda", "-o", report],
      ["run", "small", "-p", "\(folder)/libassay-a\n\(word).so", "-o", report],
      ["report", report], ["report", report, "--format", "markdown"],
    ]
    var told = 0
    for command in commands {
      let result = try assay.run(command)
      for text in [result.output, result.errors] {
        #expect(!text.split(separator: "\n").contains { $0.hasPrefix(word) }, "\(command): \(text)")
        told += text.contains(word) ? 1 : 0
      }
    }
    // The name is said, or the lines above would prove nothing.
    #expect(told >= 8)
  }

  @Test("a copy hides nothing, and no note is made without need")
  func copy() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let shipped = Assay.buildFolder.appendingPathComponent("libassay-gda.so").path
    try FileManager.default.copyItem(atPath: shipped, toPath: assay.path("libassay-copy.so"))
    for arguments in [["list"], ["list", "-p", shipped]] {
      #expect(try assay.run(arguments).errors == "")
    }
    let list = try assay.run("list", "-p", assay.path("libassay-copy.so"))
    #expect(!list.errors.contains("hides"), "\(list.errors)")
  }

  @Test("two in one folder are refused by their names, unless the one that is meant is named")
  func folder() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    try build(assay, "mine", to: "two/libassay-a.so", "-O0")
    try build(assay, "mine", to: "two/libassay-b.so", "-O2")
    for verb in ["list", "doctor"] {
      let result = try assay.run(verb, "-p", assay.path("two"))
      #expect(result.status == 2)
      #expect(
        result.errors.contains(
          "both \(assay.path("two/libassay-a.so")) and \(assay.path("two/libassay-b.so")) have a "
            + "method 'mine'"), "\(result.errors)")
    }
    let named = try assay.run(
      "list", "-p", assay.path("two/libassay-b.so"), "-p", assay.path("two"))
    #expect(named.status == 0 && named.output.contains("mine "), "\(named.errors)")
    #expect(named.errors.contains("/libassay-b.so hides that of "), "\(named.errors)")
  }
}
