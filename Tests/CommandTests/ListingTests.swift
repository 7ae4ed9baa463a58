import Documents
import Foundation
import Testing

@Suite("The small verbs")
struct ListingTests {
  @Test(
    "every listing is there for people and for machines",
    arguments: ["methods", "suites", "tasks", "metrics"])
  func listings(kind: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let text = try assay.run("list", kind)
    #expect(text.status == 0)
    let json = try JSON(parsing: try assay.run("list", kind, "--json").output)
    let count = json[kind]?.array?.count
    #expect(count == text.output.split(separator: "\n").count)
    #expect((count ?? 0) > 0)
  }

  @Test(
    "info tells about methods, tasks and metrics",
    arguments: [
      ("gda", "arXiv:2402.04087"), ("classify", "train.features"), ("accuracy", "higher is better"),
    ])
  func info(name: String, words: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("info", name)
    #expect(result.status == 0)
    #expect(result.output.contains(words), "\(result.output)")
  }

  @Test("info on a misspelt name suggests the right one")
  func infoTypo() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("info", "clasify")
    #expect(result.status == 2)
    #expect(result.errors.contains("did you mean 'classify'?"))
  }

  @Test("the schemas that are printed are the files in schemas/")
  func schemas() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let names = try assay.run("schema", "--list").output.split(separator: "\n").map(String.init)
    #expect(names == ["claims", "dataset", "diff", "ledger", "report", "run", "suite"])
    for name in names {
      let printed = try assay.run("schema", name).output
      let id = try JSON(parsing: printed)["properties"]?["schema"]?["const"]?.string ?? ""
      let file = Assay.root.appendingPathComponent(
        "schemas/\(id.replacing("/", with: "-")).schema.json")
      #expect(try printed == String(contentsOf: file, encoding: .utf8), "run 'make schemas'")
    }
  }

  @Test("validate accepts what the project ships, by kind")
  func validate() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run(
      "validate", "suites/few-shot.json", "suites/data/fashion", "suites/data/clipart")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("valid suite few-shot 1.0.0"))
    #expect(result.output.contains("valid dataset clipart"))
  }

  @Test("a broken report file is code 2 for every verb that reads one")
  func brokenReport() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let file = assay.path("broken.json")
    try #"{"schema": "assay.report/9"}"#.write(toFile: file, atomically: true, encoding: .utf8)
    for arguments in [
      ["show", file], ["report", file], ["diff", file, file], ["validate", file],
    ] {
      let result = try assay.run(arguments)
      #expect(result.status == 2, "\(arguments)")
      #expect(result.errors.contains("assay.report/"), "\(result.errors)")
    }
  }

  @Test("arrays go to safetensors and back unchanged")
  func convert() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let data = "suites/data/fashion"
    let packed = assay.path("packed.safetensors")
    let pack = try assay.run(
      "data", "convert", "\(data)/val_x.npy", "\(data)/val_y.npy", packed)
    #expect(pack.status == 0, "\(pack.errors)")
    #expect(try assay.run("data", "convert", packed, assay.path("back")).status == 0)
    for name in ["val_x", "val_y"] {
      let hashes = try [
        assay.run("data", "hash", "\(data)/\(name).npy"),
        assay.run("data", "hash", assay.path("back/\(name).npy")),
      ].map(\.output)
      #expect(hashes[0] == hashes[1])
    }
  }

  @Test("completion scripts are written for every shell", arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let result = try assay.run("completion", shell)
    #expect(result.status == 0)
    #expect(result.output.contains("assay"))
  }

  @Test("doctor looks at libraries, isolation and plugins")
  func doctor() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let json = try JSON(parsing: try assay.run("doctor", "--json").output)
    #expect(json["blas"]?["found"]?.string?.hasPrefix("OpenBLAS") == true)
    #expect(json["plugins"]?["found"]?.string?.contains("gda") == true)
  }

  @Test("a reader that goes away ends the output quietly")
  func brokenPipe() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let executable = Assay.buildFolder.appendingPathComponent("assay").path
    process.arguments = ["-c", "'\(executable)' schema report 2>&1 | head -c 10 >/dev/null"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
