import Documents
import Foundation
import Testing

@Suite("assay data plant")
struct PlantTests {
  @Test("writes a valid dataset, and does not write over one")
  func write() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let arguments = [
      "data", "plant", "refer", "--extent", "tiny", "--side", "32", "--output",
      assay.path("made"),
    ]
    let made = try assay.run(arguments)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("scenes-refer-default-1-32px-tiny"))
    #expect(try assay.run("validate", assay.path("made")).status == 0)
    #expect(try assay.run(arguments).status == 2)
  }

  @Test("makes a dataset in the cache, and prints the same digest when it is there")
  func cache() throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    let arguments = ["data", "plant", "foil", "--extent", "tiny", "--side", "32"]
    let (first, second) = (try assay.run(arguments), try assay.run(arguments))
    #expect(first.status == 0 && second.status == 0, "\(first.errors)")
    #expect(first.output == second.output)
  }

  @Test(
    "refuses what it does not know",
    arguments: [
      ["--preset", "hrad"], ["--side", "40"], ["--side", "1000000"], ["--seed", "-1"],
    ])
  func refusals(options: [String]) throws {
    let assay = try Assay()
    defer { assay.cleanUp() }
    #expect(
      try assay.run(["data", "plant", "scenes", "--output", assay.path("x")] + options).status == 2)
    #expect(!FileManager.default.fileExists(atPath: assay.path("x")))
  }
}
