import Foundation
import Testing

@testable import PluginHost

/// A shared library with nothing but a dynamic section.
private struct SmallLibrary {
  var needed: [String] = []
  var runPath: [String] = []
  /// The size that the header gives for an entry of the program header.
  var entrySize: UInt16 = 56
  var entryCount: UInt16 = 2

  func write(to path: String) throws {
    var strings: [UInt8] = [0]
    func place(_ text: String) -> UInt64 {
      defer { strings += Array(text.utf8) + [0] }
      return UInt64(strings.count)
    }
    var entries: [(UInt64, UInt64)] = needed.map { (1, place($0)) }
    if !runPath.isEmpty { entries.append((29, place(runPath.joined(separator: ":")))) }
    let tables = 64 + 56 * UInt64(entryCount)
    let stringsAt = tables + 16 * UInt64(entries.count + 2)
    entries += [(5, stringsAt), (0, 0)]
    var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    func add<T: FixedWidthInteger>(_ values: T...) {
      for value in values { withUnsafeBytes(of: value.littleEndian) { bytes += Array($0) } }
    }
    add(UInt16(3), 62)
    add(UInt32(1))
    add(UInt64(0), 64, 0)
    add(UInt32(0))
    add(UInt16(64), entrySize, entryCount, 0, 0, 0)
    let whole = stringsAt + UInt64(strings.count)
    let segments = [(1, 0, whole), (2, tables, stringsAt - tables)] as [(UInt32, UInt64, UInt64)]
    for (type, offset, size) in segments {
      add(type, 4)
      add(offset, offset, offset, size, size, 8)
    }
    // Entries beyond the two are of no type.
    bytes += [UInt8](repeating: 0, count: 56 * (Int(entryCount) - segments.count))
    for (tag, value) in entries { add(tag, value) }
    bytes += strings
    try Data(bytes).write(to: URL(filePath: path))
  }
}

@Suite("The search for a plugin's libraries ends, whatever a file says")
struct LibrarySearchTests {
  /// A folder of this test, removed after it.
  private func inFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = Fixtures.folder.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  private func search(_ library: SmallLibrary, in folder: String) throws -> LibrarySearch {
    let path = folder + "/libassay-first.so"
    try library.write(to: path)
    let file = try LibraryFile(path)
    var search = LibrarySearch()
    search.add(neededBy: try #require(ELFFile(file.descriptor)), at: path)
    return search
  }

  @Test("what a file needs is found, and what that needs in turn")
  func found() throws {
    try inFolder { folder in
      try SmallLibrary(needed: ["libb.so"], runPath: ["$ORIGIN"]).write(to: folder + "/liba.so")
      try SmallLibrary().write(to: folder + "/libb.so")
      let search = try search(SmallLibrary(needed: ["liba.so"], runPath: [folder]), in: folder)
      #expect(search.own.map(\.path) == [folder + "/liba.so", folder + "/libb.so"])
      #expect(search.refusals.isEmpty)
    }
  }

  @Test("of a file's folders the first 64 are looked into", arguments: [63, 64])
  func folders(place: Int) throws {
    try inFolder { folder in
      let folders = (0..<100).map { "$ORIGIN/\($0)" }
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(place)", withIntermediateDirectories: true)
      try SmallLibrary().write(to: "\(folder)/\(place)/liba.so")
      let search = try search(SmallLibrary(needed: ["liba.so"], runPath: folders), in: folder)
      #expect(search.own.count == (place < 64 ? 1 : 0))
    }
  }

  @Test("a file, and a chain of files, bring at most 256 libraries", arguments: [true, false])
  func names(isChain: Bool) throws {
    try inFolder { folder in
      let names = (0..<400).map { "lib\($0).so" }
      for (index, name) in names.enumerated() {
        let next = isChain ? names[(index + 1)...].prefix(1).map { "\(folder)/\($0)" } : []
        try SmallLibrary(needed: next).write(to: "\(folder)/\(name)")
      }
      let first = isChain ? ["\(folder)/lib0.so"] : names
      let search = try search(SmallLibrary(needed: first, runPath: [folder]), in: folder)
      #expect(search.own.count == 256)
      if isChain { #expect(search.refusals.count == 1) }
    }
  }

  @Test("two files that need each other are looked at once")
  func circle() throws {
    try inFolder { folder in
      let both = SmallLibrary(needed: ["liba.so", "libb.so"], runPath: [folder])
      try both.write(to: folder + "/liba.so")
      try both.write(to: folder + "/libb.so")
      #expect(try search(both, in: folder).own.count == 2)
    }
  }

  @Test("10,000 paths are tried for one plugin")
  func tries() throws {
    try inFolder { folder in
      // Each name costs 64 tries; the libraries lie in the last folder.
      let folders = (0..<64).map { "$ORIGIN/\($0)" }
      let names = (0..<200).map { "lib\($0).so" }
      try FileManager.default.createDirectory(
        atPath: folder + "/63", withIntermediateDirectories: true)
      for name in names { try SmallLibrary().write(to: "\(folder)/63/\(name)") }
      let search = try search(SmallLibrary(needed: names, runPath: folders), in: folder)
      #expect(search.own.count == 10_000 / 64)
      #expect(search.refusals.count == 1)
    }
  }

  @Test("what is refused is told of on one line, and not without end")
  func refusals() throws {
    try inFolder { folder in
      let names = (0..<50).map { "lib\n\($0).so" }
      for name in names { try Data("no".utf8).write(to: URL(filePath: "\(folder)/\(name)")) }
      let search = try search(SmallLibrary(needed: names, runPath: [folder]), in: folder)
      #expect(search.own.isEmpty && search.refusals.count == 50)
      #expect(!search.refusals.contains { $0.contains("\n") })
    }
  }

  @Test(
    "a program header of another form is none",
    arguments: [(56, 2, true), (56, 512, true), (56, 513, false), (64, 2, false), (0, 2, false)])
  func header(size: UInt16, count: UInt16, isRead: Bool) throws {
    try inFolder { folder in
      let path = folder + "/liba.so"
      var library = SmallLibrary(needed: ["libb.so"])
      (library.entrySize, library.entryCount) = (size, count)
      try library.write(to: path)
      let file = try LibraryFile(path)
      let elf = ELFFile(file.descriptor)
      #expect((elf?.needed == ["libb.so"]) == isRead)
    }
  }
}
