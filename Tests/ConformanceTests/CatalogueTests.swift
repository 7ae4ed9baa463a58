import Conformance
import Testing

@Suite("The catalogue of checks")
struct CatalogueTests {
  @Test("every id is a letter and two digits, and stands once")
  func ids() {
    let ids = Check.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.count >= 30)
    for id in ids {
      #expect(id.count == 3 && id.first?.isUppercase == true && Int(id.dropFirst()) != nil)
    }
  }
}
