import Tensors
import Testing

@Suite("Digests of rows")
struct RowDigestTests {
  private func tensor<T: BitwiseCopyable>(
    _ dtype: DType, _ values: [T], width: Int
  ) -> Tensor {
    Tensor(dtype: dtype, shape: [values.count / width, width]) { bytes in
      values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
  }

  private func digests(_ tensor: Tensor, _ grid: DType = .f32) throws -> [RowDigest] {
    try RowReader(tensor).digests(roundedTo: grid)
  }

  @Test("equal numbers have equal digests in every type that holds them", arguments: [1, 2, 3, 4])
  func types(width: Int) throws {
    let numbers = (0..<12).map { Float($0 % 5) - 1.5 }
    let wanted = try digests(tensor(.f32, numbers, width: width))
    #expect(Set(wanted).count > 1)
    #expect(try digests(tensor(.f64, numbers.map(Double.init), width: width)) == wanted)
    #expect(try digests(tensor(.f16, numbers.map { Float16($0) }, width: width)) == wanted)
    let bf16 = numbers.map { UInt16($0.bitPattern >> 16) }
    #expect(try digests(tensor(.bf16, bf16, width: width)) == wanted)
  }

  @Test("rounding to f16 is that of the hardware, from f32 and in one step from f64")
  func rounding() throws {
    // Ties, neighbours of ties, subnormals of f16, and its greatest number.
    let special: [Double] = [
      1 + 0x1p-11, 1 + 0x1p-11 + 0x1p-40, 1 + 3 * 0x1p-11, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-26,
      65504, 65519, -2049, 2051, 0.1, 1 / 3.0, 5e-8, 6.1e-5, -0.0,
    ]
    let many = special + (1...400).map { 1 / Double($0 * 7) - Double($0 % 3) }
    let halves = tensor(.f16, many.map { Float16($0) }, width: 1)
    #expect(
      try digests(tensor(.f64, many, width: 1), .f16) == digests(halves))
    let floats = many.map { Float($0) }
    #expect(
      try digests(tensor(.f32, floats, width: 1), .f16)
        == digests(tensor(.f16, floats.map { Float16($0) }, width: 1)))
  }

  @Test("what is beyond f16 equals no number of it")
  func overflow() throws {
    let large = try digests(tensor(.f32, [70_000 as Float], width: 1), .f16)
    #expect(try large != digests(tensor(.f16, [65_504 as Float16], width: 1)))
  }

  @Test("0 and -0 are equal; the order in a row and its length are not")
  func order() throws {
    let rows = try digests(tensor(.f32, [0, -0.0, -0.0, 0, 1, 2, 2, 1] as [Float], width: 2))
    #expect(rows[0] == rows[1])
    #expect(rows[2] != rows[3])
    let short = try digests(tensor(.f32, [1, 2] as [Float], width: 2))
    #expect(try short != digests(tensor(.f32, [1, 2, 0] as [Float], width: 3)))
  }

  @Test("chosen rows have the digests that they have among all")
  func chosen() throws {
    let reader = try RowReader(tensor(.f32, (0..<20).map { Float($0) }, width: 4))
    let all = reader.digests()
    #expect(Set(all).count == 5)
    #expect(reader.digests(rows: [3, 0, 3]) == [all[3], all[0], all[3]])
    #expect(reader.squares(rows: [1]) == [16 + 25 + 36 + 49])
    #expect(reader.squares(rows: []) == [])
  }

  @Test("rows of a thousand numbers that differ in one have different digests")
  func oneNumber() throws {
    var numbers = [Float](repeating: 0.25, count: 1024 * 33)
    for row in 1..<33 { numbers[row * 1024 + row * 31] += 0x1p-20 }
    #expect(try Set(digests(tensor(.f32, numbers, width: 1024))).count == 33)
  }

  @Test("squared lengths do not overflow where those of f32 would")
  func squares() throws {
    let squares = try RowReader(tensor(.f32, [1e30, 0, 0, 0] as [Float], width: 2)).squares()
    #expect(abs(squares[0] / 1e60 - 1) < 1e-6)
    #expect(squares[1] == 0)
  }
}
