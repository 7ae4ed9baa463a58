import Foundation
import Testing

@testable import Datasets

@Suite("Datasets by their ids")
struct ShelfTests {
  /// A folder of shelves, which goes with it.
  private final class Shelves {
    let path = NSTemporaryDirectory() + "assay-shelves-\(UUID().uuidString)"
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func add(_ place: String, id: String) throws {
      let folder = "\(path)/\(place)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("{\"schema\": \"assay.dataset/1\", \"id\": \"\(id)\"}".utf8)
        .write(to: URL(fileURLWithPath: "\(folder)/dataset.json"))
    }

    func find(_ id: String, _ shelves: String...) -> DatasetShelves.Found {
      DatasetShelves(shelves.map { "\(path)/\($0)" }).find(id)
    }

    func found(_ place: String, hiding hidden: String...) -> DatasetShelves.Found {
      .found("\(path)/\(place)", hidden: hidden.map { "\(path)/\($0)" })
    }
  }

  @Test("the folder may have any name, and lie in another dataset's")
  func anyName() throws {
    let shelves = try Shelves()
    try shelves.add("a/whatever", id: "pets")
    try shelves.add("a/whatever/strong", id: "pets-strong")
    #expect(shelves.find("pets", "a") == shelves.found("a/whatever"))
    #expect(shelves.find("pets-strong", "a") == shelves.found("a/whatever/strong"))
    #expect(shelves.find("whatever", "a") == .absent)
  }

  @Test("a folder that is called so and has another id is not it")
  func otherID() throws {
    let shelves = try Shelves()
    try shelves.add("a/pets", id: "cars")
    try shelves.add("b/cars", id: "pets")
    #expect(shelves.find("pets", "a", "b") == shelves.found("b/cars"))
  }

  @Test("the first shelf wins, and what it hides is known")
  func order() throws {
    let shelves = try Shelves()
    try shelves.add("a/one", id: "pets")
    try shelves.add("b/pets", id: "pets")
    #expect(shelves.find("pets", "a", "b") == shelves.found("a/one", hiding: "b/pets"))
    #expect(shelves.find("pets", "b", "a") == shelves.found("b/pets", hiding: "a/one"))
  }

  @Test("a shelf may be the dataset's folder itself")
  func itself() throws {
    let shelves = try Shelves()
    try shelves.add("a/one", id: "pets")
    #expect(shelves.find("pets", "a/one") == shelves.found("a/one"))
  }

  @Test("the same folder by two ways hides nothing")
  func twice() throws {
    let shelves = try Shelves()
    try shelves.add("a/one", id: "pets")
    #expect(shelves.find("pets", "a", "./a", "a/one") == shelves.found("a/one"))
  }

  @Test("of two folders of a shelf the one that is called so is meant, else none is")
  func ambiguous() throws {
    let shelves = try Shelves()
    try shelves.add("a/one", id: "pets")
    try shelves.add("a/two", id: "pets")
    guard case .ambiguous(let places) = shelves.find("pets", "a") else {
      Issue.record("one of two was taken")
      return
    }
    #expect(places.count == 2)
    try shelves.add("a/pets", id: "pets")
    #expect(shelves.find("pets", "a") == shelves.found("a/pets", hiding: "a/one", "a/two"))
  }
}
