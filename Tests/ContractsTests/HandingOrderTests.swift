import Contracts
import Metrics
import Tensors
import Testing

@Suite("The order in which a call hands over what it asks about")
struct HandingOrderTests {
  /// Pairs of an entry and a text, strings, images of texts, and one output of each kind.
  private let toy = Contract(
    task: "toy", version: ContractVersion(1, 0), summary: "", fit: [],
    predict: [
      TensorSpec("rows", [.f32], ["Q", "D"], ""),
      TensorSpec("columns", [.f32], ["K", "D"], ""),
      TensorSpec("texts.bytes", [.u8], ["B"], ""),
      TensorSpec("texts.offsets", [.i64], [.successor(of: "N")], domain: .offsets(into: "B"), ""),
      TensorSpec("image", [.i64], ["N"], domain: .identity, ""),
      TensorSpec("match", [.i32], ["J", 2], domain: .indices(below: ["K", "N"]), ""),
    ],
    outputs: [
      TensorSpec("scores", [.f32], ["Q", "K"], ""),
      TensorSpec("nearest", [.i32], ["R", "S"], domain: .index(below: "Q"), ""),
      TensorSpec("total", [.f64], [], ""),
    ], coordinates: ["D"], truth: [])

  private func f32(_ name: String, _ values: [Float], _ shape: Shape) -> TensorSource {
    TensorSource(name: name, tensor: Tensor(values, shape: shape), sharingKey: "data")
  }

  private func whole<T: BitwiseCopyable>(
    _ name: String, _ values: [T], _ dtype: DType, _ shape: Shape
  ) -> TensorSource {
    TensorSource(
      name: name,
      tensor: Tensor(dtype: dtype, shape: shape) { values.withUnsafeBytes($0.copyMemory) })
  }

  private func elements<T: BitwiseCopyable>(_ source: TensorSource, _ type: T.Type) throws -> [T] {
    try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
      .withElements(of: type) { Array($0) }
  }

  private func reversed(_ counts: [String: Int]) -> HandingOrder {
    HandingOrder(counts, named: { "reversed \($0)" }) { _, count in
      Array((0..<count).reversed())
    }
  }

  @Test("rows and columns move each along their own axis, and answers come back to their places")
  func backAndForth() throws {
    let rows = f32("rows", [0, 0, 1, 1, 2, 2], [3, 2])
    let columns = f32("columns", [10, 10, 20, 20], [2, 2])
    let order = HandingOrder(["Q": 3, "K": 2], named: { $0 }) { symbol, _ in
      symbol == "Q" ? [2, 0, 1] : [1, 0]
    }
    let handed = order.handing([rows, columns], toy.predict)
    let handedRows = try elements(handed[0], Float.self)
    let handedColumns = try elements(handed[1], Float.self)
    #expect(handedRows == [2, 2, 0, 0, 1, 1])
    #expect(handedColumns == [20, 20, 10, 10])
    // A method that scores row plus column, for what it is handed.
    let answer = stride(from: 0, to: 6, by: 2).flatMap { row in
      stride(from: 0, to: 4, by: 2).map { handedRows[row] + handedColumns[$0] }
    }
    let back = try order.puttingBack(["scores": Tensor(answer, shape: [3, 2])], toy.outputs)
    #expect(
      back["scores"]?.withElements(of: Float.self) { Array($0) } == [10, 20, 11, 21, 12, 22])
  }

  @Test("numbers of rows that are answered stand for the rows of the file")
  func numbersOfRows() throws {
    let order = HandingOrder(["Q": 3], named: { $0 }) { _, _ in [2, 0, 1] }
    let answer = Tensor([Int32(0), 1, 2, 0], shape: [2, 2])
    let total = Tensor(dtype: .f64, shape: []) { $0.storeBytes(of: 7, as: Double.self) }
    let back = try order.puttingBack(["nearest": answer, "total": total], toy.outputs)
    #expect(back["nearest"]?.withElements(of: Int32.self) { Array($0) } == [2, 0, 1, 2])
    #expect(back["total"]?.withElements(of: Double.self) { Array($0) } == [7])
  }

  @Test("strings move as wholes, what points at them follows, and numbers of images begin anew")
  func strings() throws {
    let handed = reversed(["N": 3, "K": 2, "J": 2]).handing(
      [
        whole("texts.bytes", Array("abbccc".utf8), .u8, [6]),
        whole("texts.offsets", [Int64(0), 1, 3, 6], .i64, [4]),
        whole("image", [Int64(50), 7, 50], .i64, [3]),
        whole("match", [Int32(0), 0, 1, 2], .i32, [2, 2]),
      ], toy.predict)
    #expect(String(decoding: try elements(handed[0], UInt8.self), as: UTF8.self) == "cccbba")
    #expect(try elements(handed[1], Int64.self) == [0, 3, 5, 6])
    #expect(try elements(handed[2], Int64.self) == [0, 1, 0])
    // Entry 1 with text 2 comes first, as entry 0 with text 0; then entry 0 with text 0, turned too.
    #expect(try elements(handed[3], Int32.self) == [0, 0, 1, 2])
  }

  @Test("offsets that do not fit their bytes are refused")
  func brokenStrings() throws {
    let handed = reversed(["N": 2]).handing(
      [
        whole("texts.bytes", Array("abc".utf8), .u8, [3]),
        whole("texts.offsets", [Int64(0), 9, 3], .i64, [3]),
      ], toy.predict)
    #expect(throws: TensorError.self) { try elements(handed[0], UInt8.self) }
  }

  @Test("an empty axis and an axis of one row stay what they are", arguments: [0, 1])
  func degenerate(count: Int) throws {
    let values = [Float](repeating: 3, count: 2 * count)
    let order = reversed(["Q": count])
    let handed = order.handing([f32("rows", values, [count, 2])], toy.predict)
    #expect(try elements(handed[0], Float.self) == values)
    let scores = Tensor([Float](repeating: 1, count: count), shape: [count, 1])
    let back = try order.puttingBack(["scores": scores], toy.outputs)
    #expect(back["scores"]?.shape == [count, 1])
  }

  @Test("one array along two axes is two copies, and along one axis one copy")
  func sharing() {
    func keys(_ name: String) -> [String?] {
      HandingOrder(["Q": 2, "K": 2], named: { "\(name) \($0)" }) { _, count in Array(0..<count) }
        .handing([f32("rows", [1, 2], [2, 1]), f32("columns", [1, 2], [2, 1])], toy.predict)
        .map(\.sharingKey)
    }
    #expect(Set(keys("one")).count == 2)
    #expect(keys("one") == keys("one") && keys("one") != keys("other"))
  }

  @Test(
    "a call draws the order of every axis that it settles and that is no coordinate",
    arguments: Contract.all)
  func everyAxis(contract: Contract) throws {
    let axes = Contract.axes(of: contract.predict)
    #expect(contract.coordinates.isSubset(of: axes))
    // Each axis has an extent of its own, so that a mistaken one would not fit.
    let symbols = axes.union(Contract.axes(of: contract.fit)).sorted()
    let extents = Dictionary(uniqueKeysWithValues: zip(symbols, 3...))
    let sources = contract.predict.map { spec in
      let shape = spec.shape.map { $0.extent { extents[$0] ?? 40 } ?? 0 }
      return TensorSource(
        name: spec.name, dtype: spec.dtypes[0], shape: Shape(shape)
      ) { _ in }
    }
    let drawn = try contract.drawnAxes(of: sources, after: SymbolTable())
    #expect(drawn.keys.sorted() == axes.subtracting(contract.coordinates).sorted())
    // Only offsets have one number more than rows: their order is that of their strings.
    for spec in contract.predict {
      guard spec.shape.contains(where: { if case .successor = $0 { true } else { false } }) else {
        continue
      }
      guard case .offsets = spec.domain else {
        Issue.record("\(contract.task): '\(spec.name)' cannot be put in order")
        continue
      }
    }
    for spec in contract.predict + contract.outputs {
      for case .symbol(let symbol) in spec.shape where drawn[symbol] != nil {
        #expect(!spec.name.hasSuffix(".*"))
      }
    }
  }

  @Test("classes of fit keep their order, and classes that a call brings do not")
  func classes() throws {
    let contract = Contract.classify
    var known = SymbolTable()
    _ = known.settle("K", as: 3, by: "class.count")
    let query = f32("query.features", [1, 2], [2, 1])
    let own = f32("query.text", [1, 2, 3, 4], [4, 1])
    #expect(try contract.drawnAxes(of: [query], after: known) == ["Q": 2])
    #expect(try contract.drawnAxes(of: [query, own], after: known) == ["Q": 2, "K": 4])
  }
}
