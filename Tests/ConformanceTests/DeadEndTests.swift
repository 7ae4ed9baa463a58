import Testing

@testable import Conformance

@Suite("Checks after a hang")
struct DeadEndTests {
  /// The ids of the checks that are left to be run on the first claim of a method.
  private func left(_ ends: DeadEnds, method: String = "m", claim: Int = 0) -> Set<String> {
    Set(
      Check.all.filter { check in
        let isLibrary = check.scope == .library
        return ends.reason(
          toSkip: check, method: isLibrary ? nil : method,
          claim: check.scope == .task ? claim : nil) == nil
      }.map(\.id))
  }

  private func ends(_ id: String, claim: Int? = nil, _ reason: String) throws -> DeadEnds {
    var ends = DeadEnds()
    let check = try #require(Check.named(id)?.first)
    ends.add(check, method: claim == nil ? nil : "m", claim: claim, reason: reason)
    return ends
  }

  @Test("a library whose load hangs leaves what needs the file alone")
  func load() throws {
    let ends = try ends("L01", "loading the library was not done after 10.0 s")
    #expect(left(ends) == ["L01", "L02"])
    let check = try #require(Check.named("D14")?.first)
    #expect(
      ends.reason(toSkip: check, method: nil, claim: nil)
        == "needs a library that loads, see L01: loading the library was not done after 10.0 s")
  }

  @Test("an entry that hangs leaves what only loads")
  func entry() throws {
    let ends = try ends("L04", "assay_plugin_entry(1, 0) was not done after 30.0 s")
    #expect(left(ends) == ["L01", "L02", "L03", "L04"])
  }

  @Test("a fit that hangs leaves what makes no trial, and other methods and tasks")
  func fit() throws {
    let ends = try ends("T34", claim: 0, "fit was not done after 30.0 s")
    let rest = left(ends)
    #expect(rest.isSuperset(of: ["L11", "D17", "C20", "C23", "C25", "T34"]))
    #expect(rest.isDisjoint(with: ["C53", "G29", "T35", "R43", "M46", "M64"]))
    #expect(left(ends, claim: 1).count == Check.all.count)
    #expect(left(ends, method: "other").count == Check.all.count)
  }

  @Test("a create that hangs leaves what makes no instance, whatever the task")
  func create() throws {
    let ends = try ends("T34", claim: 0, "create was not done after 30.0 s")
    #expect(left(ends).isDisjoint(with: ["C20", "C25", "T35"]))
    #expect(left(ends, claim: 1).isDisjoint(with: ["C23", "T35"]))
    #expect(left(ends).isSuperset(of: ["L11", "D17", "T34"]))
  }
}
