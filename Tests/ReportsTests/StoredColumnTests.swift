import Documents
import Evaluation
import Tensors
import Testing

@testable import Reports

@Suite("The columns of a store")
struct StoredColumnTests {
  private let folder = TemporaryFolder()
  private var store: TrialStore { TrialStore(path: folder.path + "/r.store") }

  @Test("columns come back by their digest, and equal ones are kept once")
  func roundTrip() throws {
    let column = Tensor([1, 2.5, -3] as [Float], shape: [3])
    let other = Tensor([7] as [Int32], shape: [1])
    let digests = try store.write(["a": column, "b": column, "c": other])
    #expect(digests["a"] == digests["b"] && digests["a"] != digests["c"])
    let back = try store.read(digests)
    #expect(back["a"]?.withBytes { Array($0) } == column.withBytes { Array($0) })
    #expect(back["c"]?.dtype == .i32)
  }

  @Test("a column that is not there is a sentence with the path of the store")
  func absent() throws {
    _ = try store.write(Tensor([1] as [Float], shape: [1]))
    let error = try #require(throws: StoreError.self) {
      try store.read(Digest(of: "nothing"))
    }
    #expect(error.description.hasPrefix(store.path))
  }

  @Test("what a store lacks is returned when its columns are copied")
  func copy() throws {
    let other = TrialStore(path: folder.path + "/other.store")
    let digest = try store.write(Tensor([1] as [Float], shape: [1]))
    let gone = Digest(of: "gone")
    #expect(try other.copy([digest, gone], from: store) == [gone])
    #expect(try other.read(digest).count == 1)
    let none = TrialStore(path: folder.path + "/none.store")
    #expect(try other.copy([digest], from: none) == [digest])
  }

  @Test("a place that cannot be written is a sentence")
  func noFolder() throws {
    let hopeless = TrialStore(path: "/proc/no/such/folder/r.store")
    #expect(throws: StoreError.self) {
      try hopeless.write(Tensor([1] as [Float], shape: [1]))
    }
  }

  @Test(
    "the store lies beside its report",
    arguments: [("out/report.json", "out/report.store"), ("r", "r.store")])
  func place(report: String, path: String) {
    #expect(TrialStore(besideReport: report).path == path)
  }
}
