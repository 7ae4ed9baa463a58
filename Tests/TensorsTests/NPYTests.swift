import Glibc
import Tensors
import Testing

@Suite("NumPy files")
struct NPYTests {
  private let folder = TemporaryFolder()

  /// A file as NumPy writes it: the header padded with blanks to `total` bytes.
  private func file(
    _ header: String, _ data: [UInt8], version: UInt8 = 1, total: Int = 128
  ) -> [UInt8] {
    let start = version == 1 ? 10 : 12
    let length = total - start
    let size = [UInt8(length & 255), UInt8(length >> 8)] + (version == 1 ? [] : [0, 0])
    let text = Array(header.utf8)
    let blanks = [UInt8](repeating: 0x20, count: length - text.count - 1)
    return bytes(hex: "934e554d5059") + [version, 0] + size + text + blanks + [0x0A] + data
  }

  private func literal(_ code: String, _ shape: String, fortran: String = "False") -> String {
    "{'descr': '\(code)', 'fortran_order': \(fortran), 'shape': \(shape), }"
  }

  private func message(_ file: [UInt8]) throws -> String {
    let path = try folder.write(file)
    let error = #expect(throws: TensorError.self) { try Tensor.reading(npy: path) }
    #expect(error?.path == path)
    return error?.message ?? "no error"
  }

  // Headers and data as written by NumPy 2.4.6: np.save(file, np.array(..., dtype)).
  @Test(
    "files of NumPy are read, and written again byte for byte",
    arguments: [
      ("<f2", "(2, 2)", "003e00c0ff7b0100", .f16, [2, 2]),
      ("<f4", "(3,)", "cdcccc3d000080bf00006040", .f32, [3]),
      ("<f8", "()", "0000000000000a40", .f64, []),
      ("|b1", "(3,)", "010001", .bool, [3]),
      ("|i1", "(2,)", "807f", .i8, [2]),
      ("|u1", "(2, 1)", "00ff", .u8, [2, 1]),
      ("<i2", "(2,)", "00800201", .i16, [2]),
      ("<u2", "(1,)", "ffff", .u16, [1]),
      ("<i4", "(1, 1, 2)", "feffffff07000000", .i32, [1, 1, 2]),
      ("<u4", "(1,)", "ffffffff", .u32, [1]),
      ("<i8", "(2,)", "feffffffffffffff0000000000010000", .i64, [2]),
      ("<u8", "(1,)", "ffffffffffffffff", .u64, [1]),
      ("<f4", "(0, 3)", "", .f32, [0, 3]),
    ] as [(String, String, String, DType, Shape)])
  func golden(code: String, shape: String, data: String, dtype: DType, extents: Shape) throws {
    let original = file(literal(code, shape), bytes(hex: data))
    let tensor = try Tensor.reading(npy: folder.write(original))
    #expect(tensor.dtype == dtype)
    #expect(tensor.shape == extents)
    #expect(tensor.copiedBytes == bytes(hex: data))
    try tensor.writeNPY(to: folder.path("again.npy"))
    #expect(try folder.read("again.npy") == original)
  }

  @Test("versions 2 and 3, other quotes, spacing and order of fields are read", arguments: [2, 3])
  func forms(version: UInt8) throws {
    let header = "{\"shape\":(1,),'fortran_order' : False , 'descr':'<i4'}"
    let tensor = try Tensor.reading(
      npy: folder.write(file(header, [7, 0, 0, 0], version: version)))
    #expect(tensor.elements(Int32.self) == [7])
  }

  @Test("elements on no border of their type are copied to one")
  func unaligned() throws {
    let header = file(literal("<f8", "(1,)"), bytes(hex: "0000000000000a40"), total: 99)
    #expect(try Tensor.reading(npy: folder.write(header)).elements(Double.self) == [3.25])
  }

  @Test(
    "every element type but bf16 survives the way to a file and back", arguments: DType.allCases)
  func roundTrip(dtype: DType) throws {
    let tensor = Tensor(random: dtype, [3, 5, 2], seed: 1)
    let path = folder.path("tensor.npy")
    guard dtype != .bf16 else {
      let error = #expect(throws: TensorError.self) { try tensor.writeNPY(to: path) }
      #expect(error?.message.contains("cannot hold bf16") == true)
      return
    }
    try tensor.writeNPY(to: path)
    let read = try Tensor.reading(npy: path)
    #expect(read.dtype == dtype)
    #expect(read.shape == tensor.shape)
    #expect(read.copiedBytes == tensor.copiedBytes)
    #expect(read.byteOffset % 64 == 0)
  }

  @Test(
    "what cannot be read is refused with the reason and the way out",
    arguments: [
      ("<V2", "(1,)", "False", "save bfloat16 as .safetensors"),
      (">f4", "(1,)", "False", "big-endian"), ("<f4", "(2, 2)", "True", "np.ascontiguousarray"),
      ("<c8", "(1,)", "False", "supported are |b1"), ("|O", "(1,)", "False", "type '|O'"),
      ("<f4", "(-1,)", "False", "no extent may be negative"),
      ("<f4", "(2, 3)", "False", "cut short: f32 [2, 3] takes 24 bytes, but 4 follow"),
      ("|u1", "(2,)", "False", "has bytes after its array"),
      ("<f4", "(4611686018427387904, 4)", "False", "which no memory can hold"),
      ("<f4", "(4611686018427387904, 4, 0)", "False", "which no memory can hold"),
      ("<f4", "(99999999999999999999,)", "False", "which no memory can hold"),
      ("<f4", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", "False", "at most 8"),
      ("<f4", "(1)", "False", "',' after a single extent"), ("<f4", "1", "False", "malformed"),
      ("<f4", "(1 2)", "False", "malformed"), ("<f4", "(1.5,)", "False", "malformed"),
      ("<f4", "(--1,)", "False", "no memory"), ("<f4", "'x'", "False", "no tuple of integers"),
      ("<f4", "(1,)", "0", "malformed"), ("<f4", "(1,)", "'no'", "neither True nor False"),
      ("<f4", "(1,), 'shape': (1,)", "False", "'shape' twice"),
      ("<f4", "(1,), 'extra': True", "False", "instead of descr, fortran_order, shape"),
      ("<f4", "(1,)}, {", "False", "nothing after"),
    ])
  func refused(code: String, shape: String, fortran: String, reason: String) throws {
    let found = try message(file(literal(code, shape, fortran: fortran), [1, 2, 3, 4]))
    #expect(found.contains(reason), "\(found)")
  }

  @Test("records, missing fields, other versions and other files are refused")
  func otherHeaders() throws {
    let fields = "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (1,)}"
    #expect(try message(file(fields, [])).contains("records with named fields"))
    #expect(try message(file("{'descr': '<f4', 'shape': ()}", [])).contains("no 'fortran_order'"))
    #expect(try message(file("{'descr': '<f4}", [])).contains("wanted a quote"))
    #expect(try message(file(literal("<f4", "()"), [], version: 9)).contains("version 9.0"))
    #expect(try message(Array("hello, I am text".utf8)).contains("not a .npy file"))
    #expect(try message([]).contains("is empty"))
    let long = bytes(hex: "934e554d50590200ffffffff7b")
    #expect(try message(long).contains("announces a header of 4294967295 bytes"))
  }

  @Test("Fortran order is no matter where only one axis is longer than 1")
  func fortranVector() throws {
    let path = try folder.write(file(literal("|u1", "(1, 3)", fortran: "True"), [1, 2, 3]))
    #expect(try Tensor.reading(npy: path).copiedBytes == [1, 2, 3])
  }

  @Test("a file cut at any byte is an error, and no flipped byte makes the reader crash")
  func hostile() throws {
    let valid = file(literal("<f4", "(2, 3)"), [UInt8](repeating: 1, count: 24))
    for end in valid.indices {
      let path = try folder.write(Array(valid[..<end]))
      #expect(throws: TensorError.self) { try Tensor.reading(npy: path) }
    }
    var generator = SplitMix(state: 3)
    var accepted = 0
    for _ in 0..<4000 {
      let path = try folder.write(generator.mutated(valid, within: 70))
      guard let tensor = try? Tensor.reading(npy: path) else { continue }
      accepted += 1
      #expect(tensor.copiedBytes.count == 24)
    }
    #expect(accepted > 0)
  }

  @Test("links are followed unless they are not wanted; folders, pipes and devices are refused")
  func kinds() throws {
    let path = try folder.write(file(literal("|u1", "(1,)"), [5]), to: "real.npy")
    symlink("real.npy", folder.path("link.npy"))
    #expect(try Tensor.reading(npy: folder.path("link.npy")).copiedBytes == [5])
    #expect(try Tensor.reading(npy: path, followingLinks: false).copiedBytes == [5])
    let link = #expect(throws: TensorError.self) {
      try Tensor.reading(npy: folder.path("link.npy"), followingLinks: false)
    }
    #expect(link?.message.contains("it is a symbolic link") == true)
    symlink("nothing", folder.path("dangling.npy"))
    mkfifo(folder.path("pipe.npy"), 0o600)
    for (name, reason) in [
      ("dangling.npy", "No such file"), ("pipe.npy", "not a regular file"),
      (".", "not a regular file"), ("absent.npy", "No such file"),
    ] {
      let error = #expect(throws: TensorError.self) { try Tensor.reading(npy: folder.path(name)) }
      #expect(error?.description.contains(reason) == true)
    }
  }

  @Test("a tensor outlives the removal and the replacement of its file")
  func replaced() throws {
    let path = try folder.write(file(literal("|u1", "(1,)"), [5]), to: "x.npy")
    let tensor = try Tensor.reading(npy: path)
    try Tensor(.u8, [1], bytes: [6]).writeNPY(to: path)
    #expect(tensor.copiedBytes == [5])
    #expect(try Tensor.reading(npy: path).copiedBytes == [6])
    #expect(folder.names() == ["x.npy"])
  }

  @Test("writing to a folder that is absent, or too many axes, is an error")
  func unwritable() {
    let tensor = Tensor([1, 2] as [Float], shape: [2])
    let error = #expect(throws: TensorError.self) {
      try tensor.writeNPY(to: folder.path("no/such/x.npy"))
    }
    #expect(error?.description.contains("cannot create: No such file") == true)
    let deep = Tensor([1] as [Float], shape: Shape([Int](repeating: 1, count: 9)))
    #expect(throws: TensorError.self) { try deep.writeNPY(to: folder.path("deep.npy")) }
  }
}
