import Documents
import Tensors
import Testing

@testable import Datasets

@Suite("Cases of a dataset")
struct CaseTests {
  private func dataset(_ entry: JSON) throws -> TemporaryDataset {
    let data = try TemporaryDataset()
    data.manifest["cases"] = [entry]
    return data
  }

  private func first(_ entry: JSON) throws -> Dataset.Case {
    try #require(try dataset(entry).open().cases.first)
  }

  @Test("a case without a setting is a setting of its own, under its name")
  func setting() throws {
    #expect(try first(["name": "one", "query": [:], "truth": [:]]).setting == ["case": "one"])
  }

  @Test("a single number stands for a scalar of the wanted type")
  func number() throws {
    let truth = try first(["name": "one", "query": [:], "truth": ["modes": 3]]).truth
    let tensor = try #require(truth["modes"]).tensor(as: .f64)
    #expect(tensor.shape == [])
    #expect(tensor.withElements(of: Double.self) { $0[0] } == 3)
  }

  @Test("the lines of a text file are a pair of arrays, whatever their alphabet")
  func lines() throws {
    let data = try dataset([
      "name": "one", "truth": [:],
      "query": [
        "texts.bytes": ["file": "texts.txt", "lines": "bytes"],
        "texts.offsets": ["file": "texts.txt", "lines": "offsets"],
      ],
    ])
    try data.write("ant\nbücher\nc\n", to: "texts.txt")
    let query = try #require(try data.open().cases.first).query
    let bytes = try #require(query["texts.bytes"]).tensor(as: .u8)
    let offsets = try #require(query["texts.offsets"]).tensor(as: .i64)
    #expect(bytes.withBytes { String(decoding: $0, as: UTF8.self) } == "antbücherc")
    #expect(offsets.withElements(of: Int64.self) { Array($0) } == [0, 3, 10, 11])
  }

  @Test("chosen rows of an array of wide integers keep their type")
  func rows() throws {
    let data = try dataset([
      "name": "one", "truth": [:],
      "query": ["ids": ["file": "ids.npy", "rows": ["from": 1, "to": 3]]],
    ])
    let ids: [Int64] = [1 << 40, 2, 3 << 40]
    try data.save(Tensor(dtype: .i64, shape: [3]) { ids.withUnsafeBytes($0.copyMemory) }, "ids")
    let tensor = try #require(try data.open().cases.first?.query["ids"]).tensor(as: .i64)
    #expect(tensor.withElements(of: Int64.self) { Array($0) } == [2, 3 << 40])
  }

  @Test("integers are not made of fractions")
  func fractions() throws {
    let entry = try first(["name": "one", "query": ["x": ["file": "text.npy"]], "truth": [:]])
    let tensor = try #require(entry.query["x"])
    #expect(throws: TensorError.self) { _ = try tensor.tensor(as: .i32) }
  }

  @Test("'lines' of a file that is no text is refused")
  func linesOfArray() throws {
    let data = try dataset([
      "name": "one", "truth": [:], "query": ["x": ["file": "text.npy", "lines": "bytes"]],
    ])
    let failure = try #require(try data.failure())
    #expect(failure.description.contains("'lines' is for .txt files"))
  }

  @Test("two cases of one name are refused")
  func names() throws {
    let data = try TemporaryDataset()
    let entry: JSON = ["name": "one", "query": [:], "truth": [:]]
    data.manifest["cases"] = [entry, entry]
    #expect(try #require(try data.failure()).description.contains("/cases/1/name"))
  }
}
