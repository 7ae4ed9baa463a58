import CConvert
import Tensors
import Testing

@Suite("Row reader")
struct RowReaderTests {
  @Test(
    "rows of every element type become f32",
    arguments: [
      (.bool, "000201", [0, 1, 1]), (.u8, "00ff01", [0, 255, 1]), (.i8, "80ff7f", [-128, -1, 127]),
      (.u16, "0000ffff0100", [0, 65535, 1]), (.i16, "0080ffff0100", [-32768, -1, 1]),
      (.u32, "00000000ffffffff01000000", [0, 4_294_967_296, 1]),
      (.i32, "00000080ffffffff01000000", [-2_147_483_648, -1, 1]),
      (
        .u64, "0000000000000000ffffffffffffffff0100000000000000",
        [0, 18_446_744_073_709_551_616, 1]
      ),
      (
        .i64, "0000000000000080ffffffffffffffff0100000000000000",
        [-9_223_372_036_854_775_808, -1, 1]
      ),
      (.f16, "003e00c00100", [1.5, -2, 5.9604645e-8]),
      (.bf16, "c03f00c08000", [1.5, -2, 1.1754944e-38]),
      (.f32, "0000c03f000000c001000000", [1.5, -2, 0x1p-149]),
      (.f64, "000000000000f83f00000000000000c0000000e0ffffef47", [1.5, -2, 3.4028235e38]),
    ] as [(DType, String, [Float])])
  func types(dtype: DType, hex: String, values: [Float]) throws {
    let tensor = Tensor(dtype, [3], bytes: bytes(hex: hex))
    let reader = try RowReader(tensor)
    #expect(try reader.tensor().elements(Float.self) == values)
    #expect(
      try reader.tensor(rows: [2, 0, 0]).elements(Float.self) == [values[2], values[0], values[0]])
  }

  @Test("the chosen rows come in their order, with repeats, for any number of axes")
  func gathering() throws {
    let tensor = Tensor((0..<12).map(Float.init), shape: [3, 2, 2])
    let reader = try RowReader(tensor)
    #expect(reader.rowCount == 3)
    #expect(reader.rowLength == 4)
    let chosen = try reader.tensor(rows: [2, 0, 2])
    #expect(chosen.shape == [3, 2, 2])
    #expect(chosen.elements(Float.self) == [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11])
    #expect(try reader.tensor(rows: []).shape == [0, 2, 2])
  }

  @Test("normalised vectors have length 1; zero stays zero, what is not finite becomes NaN")
  func normalising() throws {
    let values: [Float] = [3, 4, 0, 0, 1e-20, 0, 1, 2, 1e30, 1e30, .infinity, 1, .nan, 1]
    let rows = try RowReader(Tensor(values, shape: [7, 2])).tensor(normalised: true)
    let found = rows.elements(Float.self)
    // NumPy 2.4.6: x = x.astype('f8'); (x / np.linalg.norm(x, axis=1, keepdims=True)).astype('f4')
    let expected: [Float] = [
      0.6, 0.8, 0, 0, 1, 0, 0.4472135901451111, 0.8944271802902222, 0.70710677, 0.70710677,
    ]
    #expect(Array(found.prefix(10)) == expected)
    #expect(found.suffix(4).allSatisfy { $0.isNaN })
  }

  @Test("with more than two axes each vector along the last one is normalised")
  func normalisingVectors() throws {
    let tensor = Tensor([3, 4, 0, 2, 5, 12, -1, 0] as [Float], shape: [2, 2, 2])
    let found = try RowReader(tensor).tensor(rows: [1, 0], normalised: true).elements(Float.self)
    #expect(found == [5.0 / 13, 12.0 / 13, -1, 0, 0.6, 0.8, 0, 1])
  }

  @Test("f64 is normalised before it is rounded, so that its range is not lost")
  func normalisingDoubles() throws {
    let values: [Double] = [3e100, 4e100, 3e-60, 4e-60, 1e200, 1e200]
    let tensor = Tensor(.f64, [3, 2], bytes: values.withUnsafeBytes(Array.init))
    let found = try RowReader(tensor).tensor(normalised: true).elements(Float.self)
    #expect(Array(found.prefix(4)) == [0.6, 0.8, 0.6, 0.8])
    #expect(found.suffix(2).allSatisfy { $0.isNaN })
  }

  @Test("every one of the 65,536 halves converts alike with and without vector instructions")
  func halves() {
    let halves = (0...65535).map { UInt16($0) }
    var fast = [Float](repeating: 0, count: halves.count)
    var portable = fast
    assay_convert_to_f32(ASSAY_ELEMENT_F16, halves, &fast, halves.count)
    assay_convert_f16_portable(halves, &portable, halves.count)
    #expect(fast.map(\.bitPattern) == portable.map(\.bitPattern))
    #expect(fast[0x0001] == 0x1p-24)
    #expect(fast[0x03FF] == 1023 * 0x1p-24)
    #expect(fast[0x7BFF] == 65504)
    #expect(fast[0xFC00] == -.infinity)
    #expect(fast[0x8000].bitPattern == 0x8000_0000)
    #expect(fast[0x7C01].isNaN)
    assay_convert_to_f32(ASSAY_ELEMENT_BF16, halves, &fast, halves.count)
    #expect(fast.map(\.bitPattern) == halves.map { UInt32($0) << 16 })
  }

  @Test("norms have the same bits with and without vector instructions", arguments: 0..<40)
  func sameNorms(length: Int) {
    var generator = SplitMix(state: UInt64(length))
    var fast = (0..<length).map { _ in Float(Int32(truncatingIfNeeded: generator.next())) }
    var portable = fast
    let norm = fast.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    let expected = fast.map { Float(Double($0) / norm) }
    assay_normalise_f32(&fast, length)
    assay_normalise_f32_portable(&portable, length)
    #expect(fast.map(\.bitPattern) == portable.map(\.bitPattern))
    #expect(zip(fast, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("a source checks its rows at once, and writes the same bytes each time")
  func source() throws {
    let tensor = Tensor(.f16, [2, 2], bytes: bytes(hex: "0042004400000038"))
    let source = try RowReader.source(
      name: "train.features", tensor: tensor, rows: [1, 0], normalised: true, sharingKey: "key")
    #expect(source.name == "train.features")
    #expect(source.dtype == .f32)
    #expect(source.shape == [2, 2])
    #expect(source.sharingKey == "key")
    for _ in 0..<2 {
      let written = try Tensor(dtype: .f32, shape: source.shape, fill: source.write)
      #expect(written.elements(Float.self) == [0, 1, 0.6, 0.8])
    }
    for rows in [[2], [0, -1], [.max]] {
      let error = #expect(throws: TensorError.self) {
        try RowReader.source(name: "x", tensor: tensor, rows: rows)
      }
      #expect(error?.message.contains("is not in 0 ..< 2") == true)
    }
  }

  @Test("scalars have no rows, vectors no norms, and memory of another size is refused")
  func refused() throws {
    #expect(throws: TensorError.self) { try RowReader(Tensor([1] as [Float], shape: [])) }
    let reader = try RowReader(Tensor([1, 2] as [Float], shape: [2]))
    #expect(throws: TensorError.self) { try reader.tensor(normalised: true) }
    var memory = [Float](repeating: 7, count: 3)
    let error = memory.withUnsafeMutableBytes { (bytes) -> TensorError? in
      #expect(throws: TensorError.self) { try reader.write(to: bytes) }
    }
    #expect(error?.message == "12 bytes of memory are given, but f32 [2] takes 8")
    #expect(memory == [7, 7, 7])
  }

  @Test("tensors without elements give tensors without elements", arguments: [[0, 3], [3, 0]])
  func empty(extents: [Int]) throws {
    let tensor = Tensor([] as [Float], shape: Shape(extents))
    let rows = try RowReader(tensor).tensor(normalised: true)
    #expect(rows.shape == Shape(extents))
    #expect(rows.elements(Float.self) == [])
  }
}

@Suite("Labels")
struct LabelTests {
  @Test(
    "integers of every type become i32",
    arguments: [
      (.bool, "000201", [0, 1, 1]), (.u8, "00ff01", [0, 255, 1]), (.i8, "80ff7f", [-128, -1, 127]),
      (.u16, "0000ffff0100", [0, 65535, 1]), (.i16, "0080ffff0100", [-32768, -1, 1]),
      (.u32, "00000000ffffff7f01000000", [0, .max, 1]),
      (.i32, "00000080ffffffff01000000", [.min, -1, 1]),
      (.u64, "0000000000000000ffffff7f000000000100000000000000", [0, .max, 1]),
      (.i64, "00000080ffffffffffffffffffffffff0100000000000000", [.min, -1, 1]),
    ] as [(DType, String, [Int32])])
  func types(dtype: DType, hex: String, values: [Int32]) throws {
    let tensor = Tensor(dtype, [3], bytes: bytes(hex: hex))
    #expect(try tensor.int32Values() == values)
    #expect(try tensor.int32Values(rows: [2, 1]) == [values[2], values[1]])
  }

  @Test("rows of more than one number come one after the other")
  func matrices() throws {
    let tensor = Tensor((0..<6).map(Int32.init), shape: [3, 2])
    #expect(try tensor.int32Values(rows: [2, 0]) == [4, 5, 0, 1])
    #expect(try Tensor([] as [Int32], shape: [3, 0]).int32Values(rows: [1]) == [])
  }

  @Test(
    "labels out of range, and elements that are no integers, are refused",
    arguments: [
      (.u32, "00000080", "the label 2147483648, number 0"),
      (.i64, "ffffff7fffffffff", "the label -2147483649, number 0"),
      (.f32, "0000803f", "labels must be integers"), (.bf16, "803f", "labels must be integers"),
    ] as [(DType, String, String)])
  func refused(dtype: DType, hex: String, reason: String) {
    let tensor = Tensor(dtype, [1], bytes: bytes(hex: hex))
    let error = #expect(throws: TensorError.self) { try tensor.int32Values() }
    #expect(error?.message.contains(reason) == true)
    #expect(throws: TensorError.self) { try tensor.int32Values(rows: [1]) }
  }

  @Test("the first number that is not finite as f32 is found in every float type")
  func notFinite() throws {
    var numbers = [Float](repeating: 1, count: 10_000)
    #expect(try RowReader(Tensor(numbers, shape: [2500, 4])).firstNotFinite() == nil)
    for bad in [Float.nan, .infinity, -.infinity] {
      numbers[9_001] = bad
      let reader = try RowReader(Tensor(numbers, shape: [2500, 4]))
      let found = try #require(reader.firstNotFinite())
      #expect(found == (2250, 1))
      #expect(reader.firstNotFinite(rows: [0, 2249, 2499]) == nil)
      let chosen = try #require(reader.firstNotFinite(rows: [3, 2250]))
      #expect(chosen == (2250, 1))
    }
    func found<T: BitwiseCopyable>(_ dtype: DType, _ numbers: [T]) throws -> Int? {
      let tensor = Tensor(dtype: dtype, shape: [numbers.count, 1]) { bytes in
        numbers.withUnsafeBytes(bytes.copyMemory)
      }
      return try RowReader(tensor).firstNotFinite()?.row
    }
    #expect(try found(.f16, [0x3c00, 0x7bff, 0xfc00, 0x7e00] as [UInt16]) == 2)
    #expect(try found(.bf16, [0x3f80, 0x7f7f, 0xff80] as [UInt16]) == 2)
    #expect(try found(.f64, [1, 3.4e38, 1e39] as [Double]) == 2)
    #expect(try found(.i32, [Int32.max, -1]) == nil)
  }
}
