import Documents
import Glibc
import Tensors
import Testing

@testable import Reports

@Suite("Sample store")
struct SampleStoreTests {
  private let folder = TemporaryFolder()
  private var store: SampleStore { SampleStore(directory: folder.path) }

  @Test("columns come back by their digest, and equal ones share a file")
  func roundTrip() throws {
    let column = Tensor([1, 2.5, -3] as [Float], shape: [3])
    let other = Tensor([7] as [Int32], shape: [1])
    let digests = try store.write(["a": column, "b": column, "c": other])
    #expect(digests["a"] == digests["b"])
    #expect(digests["a"] != digests["c"])
    let back = try store.read(digests)
    let bytes = back["a"]?.withBytes { Array($0) }
    #expect(bytes == column.withBytes { Array($0) })
    #expect(back["c"]?.dtype == .i32)
    let path = try store.path(of: #require(digests["a"]))
    #expect(path.hasSuffix("/\(digests["a"]?.short ?? "").npy"))
    #expect(try Digest(of: fileContents(path)) == digests["a"])
  }

  @Test("a file that was changed is refused when read, and put right when written again")
  func tampered() throws {
    let column = Tensor([1, 2] as [Float], shape: [2])
    let digest = try store.write(column)
    let file = open(store.path(of: digest), O_WRONLY | O_APPEND)
    _ = Glibc.write(file, "x", 1)
    close(file)
    let error = try #require(throws: SampleStoreError.self) { try store.read(digest) }
    #expect(error.description.contains("was changed after it was written"))
    #expect(try store.write(column) == digest)
    #expect(try store.read(digest).count == 2)
  }

  @Test("a column that is not there is a sentence with its path")
  func absent() throws {
    let error = try #require(throws: SampleStoreError.self) {
      try store.read(Digest(of: "nothing"))
    }
    #expect(error.description.hasPrefix(store.path(of: Digest(of: "nothing"))))
  }

  @Test("a folder that cannot be made is a sentence")
  func noFolder() throws {
    let hopeless = SampleStore(directory: "/proc/no/such/folder")
    let error = try #require(throws: SampleStoreError.self) {
      try hopeless.write(Tensor([1] as [Float], shape: [1]))
    }
    #expect(error.description.contains("cannot be made"))
  }

  @Test(
    "the store lies beside its report",
    arguments: [("out/report.json", "out/report.samples"), ("r", "r.samples")])
  func place(report: String, folder: String) {
    #expect(SampleStore(besideReport: report).directory == folder)
  }
}

extension Digest {
  fileprivate init(of bytes: [UInt8]) { self = bytes.withUnsafeBytes { Digest(of: $0) } }
}
