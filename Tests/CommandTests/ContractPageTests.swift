import Foundation
import Testing

@Suite("The pages of the contracts")
struct ContractPageTests {
  @Test("are what the program says of its tasks, one each")
  func pages() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let script = Assay.root.appendingPathComponent("tools/contract_pages.sh").path
    let made = try assay.run(script, [Assay.executable, assay.path("pages")], in: assay.folder)
    #expect(made.status == 0, "\(made.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: assay.path("pages")).sorted()
    let folder = Assay.root.appendingPathComponent("docs/contracts")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
    #expect(names.contains("classify.md"))
    for name in names {
      let ours = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      let fresh = try String(contentsOfFile: assay.path("pages/\(name)"), encoding: .utf8)
      #expect(ours == fresh, "\(name) is out of date: run 'make contracts'")
    }
  }
}
