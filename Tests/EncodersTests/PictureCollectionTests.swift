import Foundation
import Glibc
import Testing

@testable import Encoders

@Suite("Folders and tables of pictures")
struct PictureCollectionTests {
  /// A folder that goes with its test.
  private final class Folder {
    let path = NSTemporaryDirectory() + "assay-pictures-\(UUID().uuidString)"

    init(_ files: [String] = []) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for file in files { try write(file) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String = "x") throws {
      let file = URL(filePath: "\(path)/\(name)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }

    func read() throws -> PictureCollection { try PictureCollection.reading(path) }

    func table(_ text: String) throws -> PictureCollection {
      try write("list.csv", text)
      return try PictureCollection.reading(path + "/list.csv")
    }
  }

  @Test("a folder is a class, and the order is that of bytes")
  func classes() throws {
    let folder = try Folder(["b/2.png", "b/10.jpg", "Z/é.webp", "Z/z.JPEG", "a/deep/er/1.png"])
    let collection = try folder.read()
    #expect(collection.classes == ["Z", "a", "b"])
    let names = collection.entries.map(\.name)
    #expect(names == ["Z/z.JPEG", "Z/é.webp", "a/deep/er/1.png", "b/10.jpg", "b/2.png"])
    #expect(collection.entries.map(\.label) == [0, 0, 1, 2, 2])
    #expect(collection.entries.allSatisfy { $0.split == .test })
    #expect(collection.notes.isEmpty)
  }

  @Test("folders of splits hold the folders of classes")
  func splits() throws {
    let folder = try Folder([
      "train/b/1.png", "train/a/1.png", "valid/a/2.png", "test/b/3.png", "unlabelled/4.png",
    ])
    let collection = try folder.read()
    #expect(collection.classes == ["a", "b"])
    #expect(
      collection.entries.map(\.name)
        == ["train/a/1.png", "valid/a/2.png", "test/b/3.png", "train/b/1.png", "unlabelled/4.png"])
    #expect(collection.entries.map(\.split) == [.train, .val, .test, .train, .unlabelled])
    #expect(collection.entries.map(\.label) == [0, 0, 1, 1, nil])
  }

  @Test("a class called as a split is a class where others are none")
  func classNamedAsSplit() throws {
    let collection = try Folder(["test/1.png", "bird/1.png"]).read()
    #expect(collection.classes == ["bird", "test"])
  }

  @Test("what is left out is said, what cannot be read stays to be named")
  func notes() throws {
    let folder = try Folder(["a/1.png", "a/Thumbs.db", "a/.hidden.png", "loose.png", "a/x.gif"])
    let collection = try folder.read()
    #expect(collection.entries.map(\.name) == ["a/1.png", "a/x.gif"])
    #expect(collection.notes.count == 2)
  }

  @Test("links are followed, but not in a circle, and broken ones stay to be named")
  func links() throws {
    let folder = try Folder(["a/1.png", "elsewhere/2.png"])
    symlink("../elsewhere/2.png", folder.path + "/a/2.png")
    symlink("nowhere.png", folder.path + "/a/3.png")
    symlink("..", folder.path + "/a/up")
    symlink("elsewhere", folder.path + "/b")
    let collection = try folder.read()
    #expect(collection.classes == ["a", "b", "elsewhere"])
    #expect(
      collection.entries.map(\.name)
        == ["a/1.png", "a/2.png", "a/3.png", "b/2.png", "elsewhere/2.png"])
    #expect(collection.notes.count == 1)
  }

  @Test("a class without pictures, a flat folder and none at all are refused")
  func refusals() throws {
    let empty = try Folder(["a/1.png", "b/readme.txt"])
    #expect(throws: PictureCollection.Failure.self) { try empty.read() }
    #expect(throws: PictureCollection.Failure.self) { try Folder(["1.png"]).read() }
    #expect(throws: PictureCollection.Failure.self) { try Folder().read() }
    #expect(throws: PictureCollection.Failure.self) { try PictureCollection.reading("/no/where") }
  }

  @Test("a table has labels, splits, captions and groups, in its own order")
  func table() throws {
    let collection = try Folder().table(
      """
      path,label,split,caption,camera
      2.png,10,train,"a dog, wet",left
      1.png,9,,,right
      /far/3.png,9,val,,
      4.png,,unlabelled,,left
      """)
    // Numbers are in their own order.
    #expect(collection.classes == ["9", "10"])
    #expect(collection.groups == ["camera"])
    #expect(collection.entries.map(\.label) == [1, 0, 0, nil])
    #expect(collection.entries.map(\.split) == [.train, .test, .val, .unlabelled])
    #expect(collection.entries.map(\.captions) == [["a dog, wet"], [], [], []])
    #expect(collection.entries.map(\.groups) == [["left"], ["right"], [""], ["left"]])
    #expect(collection.entries[1].path.hasSuffix("/1.png"))
    #expect(collection.entries[2].path == "/far/3.png")
  }

  @Test("captions come in columns or in lines")
  func captions() throws {
    let columns = try Folder().table("path,caption_1,caption_2\na.png,one,two\nb.png,three,\n")
    #expect(columns.entries.map(\.captions) == [["one", "two"], ["three"]])
    let lines = try Folder().table("path,caption\na.png,one\nb.png,three\na.png,two\n")
    #expect(lines.entries.map(\.captions) == [["one", "two"], ["three"]])
    #expect(lines.classes.isEmpty)
  }

  @Test(
    "a table that would lose something is refused",
    arguments: [
      "", "path\n1.png\n", "file,label\n1.png,a\n", "path,label\n", "path,label\n1.png\n",
      "path,label\n1.png,\n", "path,label\n,a\n", "path,label,split\n1.png,a,tset\n",
      "path,label\n1.png,a\n1.png,b\n", "path,label\n1.png,a\n1.png,a\n",
      "path,label,label\n1.png,a,b\n", "path,caption\n1.png,\n", "path,label\n1.png,\"a\n",
    ])
  func refusedTables(text: String) throws {
    let folder = try Folder()
    #expect(throws: PictureCollection.Failure.self) { try folder.table(text) }
  }

  @Test("all problems of a table are told at once")
  func allProblems() throws {
    let folder = try Folder()
    let failure = #expect(throws: PictureCollection.Failure.self) {
      try folder.table("path,label,split\n1.png,,test\n2.png,a,x\n3.png\n")
    }
    #expect(failure?.problems.count == 3)
  }
}
