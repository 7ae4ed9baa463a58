import Tensors
import Testing

@Suite("Safetensors files")
struct SafetensorsTests {
  private let folder = TemporaryFolder()

  private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + header.utf8 + data
  }

  private func message(_ file: [UInt8]) throws -> String {
    let path = try folder.write(file)
    let error = #expect(throws: TensorError.self) { try SafetensorsFile(path: path) }
    #expect(error?.path == path)
    return error?.message ?? "no error"
  }

  // Laid out by hand after the format's specification (safetensors README, section "Format").
  private let exampleHeader = """
    {"__metadata__":{"model":"ViT-B/32"},"b":{"dtype":"F16","shape":[1,2],"data_offsets":[1,5]},\
    "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},\
    "c":{"dtype":"F64","shape":[],"data_offsets":[5,13]},\
    "q":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[13,15]}}
    """
  private var exampleData: [UInt8] { bytes(hex: "07003e00c00000000000000a40aabb") }

  @Test("tensors are found by name, in any order and at any alignment")
  func example() throws {
    let opened = try SafetensorsFile(path: folder.write(file(exampleHeader, exampleData)))
    #expect(opened.names == ["a", "b", "c", "q"])
    #expect(opened.metadata == ["model": "ViT-B/32"])
    #expect(try opened.tensor(named: "a").copiedBytes == [7])
    #expect(try opened.tensor(named: "b").elements(UInt16.self) == [0x3E00, 0xC000])
    #expect(try opened.tensor(named: "c").elements(Double.self) == [3.25])
    #expect(try opened.form(of: "b").shape == [1, 2])
    #expect(try opened.form(of: "q").dtype == nil)
  }

  @Test("an unknown name and an unsupported type say so only when they are asked for")
  func access() throws {
    let opened = try SafetensorsFile(path: folder.write(file(exampleHeader, exampleData)))
    let unsupported = #expect(throws: TensorError.self) { try opened.tensor(named: "q") }
    #expect(unsupported?.message.contains("'F8_E4M3', which is not supported") == true)
    let missing = #expect(throws: TensorError.self) { try opened.tensor(named: "bb") }
    #expect(missing?.message == "has no tensor 'bb'; did you mean 'b'?")
    let other = #expect(throws: TensorError.self) { try opened.tensor(named: "weights") }
    #expect(other?.message == "has no tensor 'weights'; its tensors are: a, b, c, q")
  }

  @Test("every element type survives the way to a file and back, aligned")
  func roundTrip() throws {
    let tensors = DType.allCases.enumerated().map { index, dtype in
      (name: "t.\(dtype)/é", tensor: Tensor(random: dtype, [3, index], seed: UInt64(index)))
    }
    let path = folder.path("all.safetensors")
    try SafetensorsFile.write(tensors, metadata: ["note": "x\"y"], to: path)
    let read = try SafetensorsFile(path: path)
    #expect(read.metadata == ["note": "x\"y"])
    #expect(read.names == tensors.map(\.name).sorted())
    for (name, tensor) in tensors {
      let found = try read.tensor(named: name)
      #expect(found.dtype == tensor.dtype)
      #expect(found.shape == tensor.shape)
      #expect(found.copiedBytes == tensor.copiedBytes)
      #expect(found.byteOffset % tensor.dtype.size == 0)
      #expect(found.storage.byteCount > tensor.byteCount, "a view of the file, not a copy")
    }
    try SafetensorsFile.write(
      tensors.reversed(), metadata: ["note": "x\"y"], to: folder.path("again.safetensors"))
    #expect(try folder.read("again.safetensors") == folder.read("all.safetensors"))
  }

  @Test("a file without tensors is fine")
  func empty() throws {
    let path = folder.path("none.safetensors")
    try SafetensorsFile.write([], to: path)
    let opened = try SafetensorsFile(path: path)
    #expect(opened.names == [])
    let error = #expect(throws: TensorError.self) { try opened.tensor(named: "x") }
    #expect(error?.message == "has no tensor 'x'; its tensors are: none")
  }

  @Test("equal names, and the name of the metadata, cannot be written")
  func names() {
    let tensor = Tensor([1] as [Float], shape: [1])
    for names in [["a", "a"], ["__metadata__"], ["a\0b"]] {
      #expect(throws: TensorError.self) {
        try SafetensorsFile.write(
          names.map { ($0, tensor) }, to: folder.path("names.safetensors"))
      }
    }
  }

  @Test(
    "a header that does not fit the file is refused with the numbers",
    arguments: [
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,5]}}",
        "'a' has the bytes 0 to 5, but the file has 4"
      ),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[3,1]}}", "the bytes 3 to 1"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[-1,3]}}", "the bytes -1 to 3"),
      (
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "has 4 bytes, but F32 [2] takes 8"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}",
        "4 bytes of data, but its tensors take 3"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
        "'b' overlaps the tensor before it: it starts at byte 2 of the data, not at 3"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}",
        "'b' leaves a hole before it"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}",
        "no memory can hold"
      ),
      (
        "{\"a\":{\"dtype\":\"F8\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}",
        "no memory can hold"
      ),
      (
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[18446744073709551615],\"data_offsets\":[0,4]}}",
        "does not fit in 64 bits"
      ),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[-4],\"data_offsets\":[0,4]}}", "negative"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[4.5],\"data_offsets\":[0,4]}}", "array of integers"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4,5]}}", "two integers"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,\"4\"]}}", "two integers"),
      ("{\"a\":{\"shape\":[4],\"data_offsets\":[0,4]}}", "no 'dtype'"),
      ("{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,4],\"data_offsets\":[0,4]}}", "9 axes"),
      ("{\"a\":[]}", "no 'dtype'"), ("{\"__metadata__\":{\"a\":1}}", "no object of strings"),
      ("{\"__metadata__\":[]}", "no object of strings"), ("[]", "must start with '{'"),
      (" {}", "must start with '{'"), ("{", "not valid JSON"),
      ("{\"a\":{},\"a\":{}}", "'a' stands twice"),
    ])
  func refused(header: String, reason: String) throws {
    let found = try message(file(header, [1, 2, 3, 4]))
    #expect(found.contains(reason), "\(found)")
  }

  @Test("a header length beyond the limit or the file is refused before anything is read")
  func lengths() throws {
    #expect(try message([1, 2, 3]).contains("fewer than 8"))
    #expect(try message(bytes(hex: "ffffffffffffffff7b7d")).contains("above the limit"))
    #expect(try message(bytes(hex: "01e1f50500000000")).contains("100000001 bytes"))
    #expect(try message(bytes(hex: "ffe0f50500000000")).contains("8 bytes of 100000007"))
    #expect(
      try message(bytes(hex: "03000000000000007b7d")).contains(
        "10 bytes of 11"))
    let deep = String(repeating: "{\"a\":", count: 1000)
    #expect(try message(file(deep)).contains("nested deeper than 64"))
  }

  @Test("a file cut at any byte is an error, and no flipped byte makes the reader crash")
  func hostile() throws {
    let valid = file(exampleHeader, exampleData)
    for end in valid.indices {
      let path = try folder.write(Array(valid[..<end]))
      #expect(throws: TensorError.self) { try SafetensorsFile(path: path) }
    }
    var generator = SplitMix(state: 5)
    var accepted = 0
    for _ in 0..<2000 {
      let path = try folder.write(generator.mutated(valid, within: valid.count))
      guard let opened = try? SafetensorsFile(path: path) else { continue }
      accepted += 1
      for name in opened.names {
        guard let tensor = try? opened.tensor(named: name) else { continue }
        #expect(tensor.copiedBytes.count <= exampleData.count)
      }
    }
    #expect(accepted > 0)
  }
}
