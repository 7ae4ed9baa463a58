import Contracts
import Tensors
import Testing

@Suite("String tensors in a contract")
struct StringTensorTests {
  private let toy = Contract(
    task: "toy", version: ContractVersion(1, 0), summary: "", fit: [],
    predict: [
      TensorSpec("texts.bytes", [.u8], ["B"], ""),
      TensorSpec("texts.offsets", [.i64], [.successor(of: "N")], domain: .offsets(into: "B"), ""),
    ],
    outputs: [
      TensorSpec("kept", [.i32], ["N"], ""),
      TensorSpec("ends", [.i32], [.successor(of: "N")], domain: .offsets(into: "B"), ""),
      TensorSpec("pairs", [.i32], ["J", 2], domain: .indices(below: ["N", "B"]), ""),
    ], coordinates: [], truth: [])

  private func symbols(_ bytes: Int, _ strings: Int) throws -> SymbolTable {
    func source(_ name: String, _ dtype: DType, _ count: Int) -> TensorSource {
      TensorSource(name: name, tensor: Tensor(dtype: dtype, shape: [count]) { _ in })
    }
    return try toy.symbols(
      of: [source("texts.bytes", .u8, bytes), source("texts.offsets", .i64, strings + 1)],
      in: toy.predict)
  }

  private func breach(_ name: String, _ values: [Int32], _ shape: Shape) throws -> String? {
    var symbols = try symbols(9, 3)
    do throws(ContractBreach) {
      try toy.checkOutput(Tensor(values, shape: shape), named: name, &symbols)
      return nil
    } catch { return error.message }
  }

  @Test("offsets settle the number of strings, one less than there are offsets")
  func extents() throws {
    let symbols = try symbols(9, 3)
    #expect(symbols["N"] == 3)
    #expect(toy.outputs[0].shape(with: symbols) == [3])
    #expect(toy.outputs[1].shape(with: symbols) == [4])
    #expect(toy.outputs[1].shapeText == "[N + 1]")
    #expect(throws: ContractBreach.self) { try self.symbols(0, -1) }
  }

  @Test("offsets have to ascend from 0 to the bytes")
  func offsets() throws {
    #expect(try breach("ends", [0, 0, 4, 9], [4]) == nil)
    #expect(try #require(try breach("ends", [1, 2, 4, 9], [4])).contains("has 1.0 at [0]"))
    #expect(try #require(try breach("ends", [0, 5, 4, 9], [4])).contains("has 4.0 at [2]"))
    #expect(try #require(try breach("ends", [0, 2, 4, 8], [4])).contains("from 0 to 9"))
  }

  @Test("each column of indices has a bound of its own")
  func indices() throws {
    #expect(try breach("pairs", [2, 8, 0, 0], [2, 2]) == nil)
    #expect(try #require(try breach("pairs", [2, 8, 3, 0], [2, 2])).contains("3.0 at [1, 0]"))
    #expect(
      try #require(try breach("pairs", [2, 9, 0, 0], [2, 2])).contains("9.0 at [0, 1]"))
  }
}
