import Contracts
import Tensors
import Testing

@Suite("Outputs are held against their contract")
struct ContractValidationTests {
  private func contract(_ domain: Domain, _ dtype: DType = .f32) -> Contract {
    Contract(
      task: "toy", version: ContractVersion(1, 0), summary: "", fit: [],
      predict: [TensorSpec("query.features", [.f32], ["Q", "D"], "")],
      outputs: [
        TensorSpec("out", [dtype], ["Q", "K"], domain: domain, ""),
        TensorSpec("weights.*", [.f32], [], ""),
      ], coordinates: ["D"], truth: [])
  }

  private func breach(_ tensor: Tensor, _ domain: Domain, k: Int = 2) -> ContractBreach? {
    var symbols = SymbolTable()
    _ = symbols.match([2, k], of: "known", with: ["Q", "K"])
    do {
      try contract(domain, tensor.dtype).checkOutput(tensor, named: "out", &symbols)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "a value outside the domain is counted and its place named",
    arguments: [
      (
        [1, .nan, .nan, 0], Domain.finite, "nan-output", "2 NaN among 4 values, the first at [0, 1]"
      ),
      ([1, 2, -.infinity, 0], .finite, "infinite-output", "the first at [1, 0]"),
      ([0, 1, 1.5, 0], .unitInterval, "range-output", "outside 0...1, the first is 1.5 at [1, 0]"),
      ([0.5, .nan, 0, 1], .unitInterval, "nan-output", "at [0, 1]"),
      ([0.5, 0.5, 0.5, 0.6], .distribution, "sum-output", "in row 1"),
      ([-0.5, 1.5, 0.5, 0.5], .distribution, "range-output", "2 values outside"),
    ] as [([Float], Domain, String, String)])
  func domains(values: [Float], domain: Domain, kind: String, says: String) throws {
    let found = try #require(breach(Tensor(values, shape: [2, 2]), domain))
    #expect(found.kind == kind)
    #expect(found.message.contains(says), "\(found.message)")
  }

  @Test("values within the domain pass")
  func fine() {
    #expect(breach(Tensor([Float.nan, 1, 2, .infinity], shape: [2, 2]), .any) == nil)
    #expect(breach(Tensor([Float(0.25), 0.75, 1, 0], shape: [2, 2]), .distribution) == nil)
    #expect(breach(Tensor([Int32(0), 1, 1, 0], shape: [2, 2]), .index(below: "K")) == nil)
  }

  @Test("the numbers of a row of indices are each below the extent of their own symbol")
  func indices() throws {
    let domain = Domain.indices(below: ["K", "unknown"])
    #expect(breach(Tensor([Int32(0), 9, 1, 2], shape: [2, 2]), domain) == nil)
    let found = try #require(breach(Tensor([Int32(0), 9, 2, 0], shape: [2, 2]), domain))
    #expect(
      found.message.contains(
        "1 values outside 0 ..< 2, 0 ..< unknown, the first is 2.0 at [1, 0]"))
  }

  @Test("an index must be below the extent of its symbol")
  func index() throws {
    let found = try #require(
      breach(Tensor([Int32(0), 2, 1, -1], shape: [2, 2]), .index(below: "K")))
    #expect(found.message.contains("2 values outside 0 ..< 2, the first is 2.0 at [0, 1]"))
    #expect(
      breach(Tensor([Int32(0), 9, 1, 8], shape: [2, 2]), .index(below: "unknown")) == nil)
  }

  @Test(
    "half precision is read as such",
    arguments: [
      (DType.f16, UInt16(0x7E00), "nan-output"), (.f16, 0x7C00, "infinite-output"),
      (.bf16, 0x7FC0, "nan-output"), (.bf16, 0xFF80, "infinite-output"),
      (.f16, 0x3C01, "range-output"), (.f16, 0x3C00, nil), (.f16, 0x0001, nil),
      (.bf16, 0x3F80, nil), (.bf16, 0xBF80, "range-output"),
    ] as [(DType, UInt16, String?)])
  func half(dtype: DType, bits: UInt16, kind: String?) {
    let tensor = Tensor(dtype: dtype, shape: [2, 2]) { bytes in
      bytes.bindMemory(to: UInt16.self)[3] = bits
    }
    #expect(breach(tensor, .unitInterval)?.kind == kind)
  }

  @Test("dtype, rank and extents are compared")
  func forms() {
    var symbols = SymbolTable()
    _ = symbols.match([2, 5], of: "query.features", with: ["Q", "D"])
    func kind(_ tensor: Tensor, _ name: String = "out") -> String? {
      var symbols = symbols
      do {
        try contract(.any).checkOutput(tensor, named: name, &symbols)
        return nil
      } catch { return error.kind }
    }
    #expect(kind(Tensor([Int32(1), 1], shape: [2, 1])) == "dtype-output")
    #expect(kind(Tensor([Float(1), 1], shape: [2])) == "shape-output")
    #expect(kind(Tensor([Float(1), 1, 1], shape: [3, 1])) == "shape-output")
    #expect(kind(Tensor([Float(1), 1], shape: [2, 1]), "other") == "unknown-output")
    #expect(kind(Tensor([Float(1)], shape: [1, 1, 1]), "weights.layer1") == nil)
    #expect(kind(Tensor([Float(1), 1], shape: [2, 1])) == nil)
  }
}
