import Contracts
import Documents
import Foundation
import PluginHost
import Testing

@Suite("Describing and finding plugins", .serialized)
struct DescribeTests {
  @Test("a description holds all that the tables say")
  func describe() throws {
    let path = try Fixtures.plugin("echo")
    let description = try Fixtures.host.describe(path).get()
    #expect(description.abiMajor == 1 && description.abiMinor == 0)
    #expect(description.methods.map(\.id) == ["echo", "echo-file"])
    let method = try #require(description.methods.first)
    #expect(method.flags == .deterministic && method.version == "1.0.0" && method.license == "MIT")
    #expect(method.configSchema["additionalProperties"] == false)
    let claim = try #require(method.claims.first)
    #expect(claim.task == "classify" && claim.version == ContractVersion(1, 0))
    #expect(claim.inputs.map(\.name) == ["query.features", "train.features", "train.labels"])
    #expect(claim.inputs.map(\.isRequired) == [true, false, false])
  }

  @Test("the same bytes are read once")
  func cache() throws {
    let path = try Fixtures.plugin("echo")
    let first = try Fixtures.host.describe(path).get()
    let copy = Fixtures.folder.appending(path: "libassay-echo-copy.so").path
    try? FileManager.default.removeItem(atPath: copy)
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    // A host whose workers cannot start has nothing but the cache.
    let second = try PluginHost(
      executable: "/nonexistent", cacheFolder: Fixtures.host.cacheFolder
    ).describe(copy).get()
    #expect(second.methods == first.methods && second.digest == first.digest)
    #expect(second.path == copy)
  }

  @Test("what is no plugin is an error that names the file")
  func failure() throws {
    for (name, code) in [("no_entry", "no-entry"), ("wrong_major", "abi-major")] {
      let path = try Fixtures.plugin(name)
      let error = #expect(throws: PluginError.self) { try Fixtures.host.describe(path).get() }
      #expect(error?.code == code && error?.message.contains(path) == true)
    }
  }

  @Test(
    "texts that would break a line and schemas that could match for ever are refused",
    arguments: [
      ("VERSION", #"1.0.0\n2"#), ("SUMMARY", #"One.\nTwo."#), ("LICENSE", #"MIT\r\n::error::x"#),
      ("REFERENCES", #"A.\nB."#), ("INPUT", #"query.features\nx"#),
      ("SCHEMA", #"{\"properties\":{\"a\":{\"pattern\":\"(a+)+$\"}}}"#),
      ("SCHEMA", #"{\"items\":[{\"patternProperties\":{}}]}"#), ("VERSION", "1.0.1"),
      ("SCHEMA", #"{\"properties\":{\"spattern\":{\"type\":\"string\"}}}"#),
    ])
  func texts(name: String, text: String) throws {
    let isFine = text == "1.0.1" || text.contains("spattern")
    let path = Fixtures.folder.appending(path: "libassay-odd-texts-\(UUID().uuidString).so").path
    defer { unlink(path) }
    try Fixtures.compile(
      "cc",
      [
        "-std=gnu11", "-shared", "-fPIC", "-I\(Fixtures.header.path)", "-D\(name)=\"\(text)\"",
        Fixtures.sources.appending(path: "odd_texts.c").path, "-o", path,
      ])
    switch Fixtures.host.describe(path) {
    case .success: #expect(isFine)
    case .failure(let error):
      #expect(!isFine && error.code == "descriptor", "\(error)")
      #expect(!error.message.contains { $0.isNewline })
    }
  }

  @Test("a name of a file breaks no line of what is said of it")
  func names() throws {
    let path = Fixtures.folder.appending(path: "libassay-odd\n::error::name.so").path
    defer { unlink(path) }
    try Data("no library".utf8).write(to: URL(filePath: path))
    for made in [path, path + "\u{1B}[31m"] {
      let error = #expect(throws: PluginError.self) { try Fixtures.host.describe(made).get() }
      #expect(error?.message.contains { $0.isNewline || $0 == "\u{1B}" } == false)
    }
  }

  @Test("a library that does not come back from loading is told of after the limit")
  func hang() throws {
    let path = try Fixtures.plugin("hang_at_load")
    let start = ContinuousClock.now
    let error = #expect(throws: PluginError.self) {
      try Fixtures.host.describe(path, limits: Limits(loadSeconds: 1)).get()
    }
    #expect(error?.message.contains("load was not done after 1.0 s") == true)
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test("folders are read sorted, and the first of two equal names wins")
  func find() throws {
    let root = Fixtures.folder.appending(path: "find")
    for file in ["a/libassay-y.so", "a/libassay-x.so", "a/other.so", "b/libassay-x.so"] {
      let url = root.appending(path: file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
    let (a, b) = (root.appending(path: "a").path, root.appending(path: "b").path)
    let found = PluginHost.find(paths: [a, b, "/nonexistent"])
    #expect(found.files == ["\(a)/libassay-x.so", "\(a)/libassay-y.so"])
    #expect(found.shadowed == [.init(path: "\(b)/libassay-x.so", by: "\(a)/libassay-x.so")])
    #expect(found.missing == ["/nonexistent"])
  }
}
