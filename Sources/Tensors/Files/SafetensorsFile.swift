internal import Documents

/// A mapped safetensors file: its tensors stay in the file until they are used.
///
///     let file = try SafetensorsFile(path: "features.safetensors")
///     let features = try file.tensor(named: "image")     // [N, D]
///
/// The format: 8 bytes with the length of the header, a JSON header, then the data. As the format
/// asks, tensors may neither overlap nor leave holes, and names may not repeat.
package struct SafetensorsFile: Sendable {
  /// The names of the tensors, sorted.
  package let names: [String]
  /// The free-text entries of `__metadata__`.
  package let metadata: [String: String]
  /// The path that the file was opened with.
  package let path: String

  private let entries: [String: SafetensorsEntry]
  private let storage: TensorStorage
  private let dataStart: Int

  /// The longest header that is read, in bytes; the limit of the reference implementation.
  package static let maximumHeaderSize = 100_000_000

  /// Maps a file and checks its whole header.
  package init(path: String, followingLinks: Bool = true) throws(TensorError) {
    storage = try TensorStorage.mapping(path, followingLinks: followingLinks)
    self.path = path
    do {
      let header = try SafetensorsFile.header(storage.bytes)
      dataStart = header.dataStart
      metadata = try SafetensorsFile.metadata(header.members["__metadata__"])
      entries = try SafetensorsFile.entries(
        header.members, dataSize: storage.byteCount - dataStart)
      names = entries.keys.sorted()
    } catch {
      throw error.about(path)
    }
  }

  /// The tensor of a name: a view of the file, or a copy where the file does not align it.
  package func tensor(named name: String) throws(TensorError) -> Tensor {
    let entry = try entry(name)
    guard let dtype = entry.dtype else {
      throw TensorError(
        "the tensor '\(name)' has elements of type '\(entry.code)', which is not supported; "
          + "convert it to F32", path: path)
    }
    return .viewing(
      storage, from: dataStart + entry.range.lowerBound, dtype: dtype, shape: entry.shape)
  }

  /// The form of a tensor, without touching its data; the dtype is nil where it is not supported.
  package func form(of name: String) throws(TensorError) -> (dtype: DType?, shape: Shape) {
    let entry = try entry(name)
    return (entry.dtype, entry.shape)
  }

  private func entry(_ name: String) throws(TensorError) -> SafetensorsEntry {
    if let entry = entries[name] { return entry }
    let near = nearestName(to: name, in: names).map { "; did you mean '\($0)'?" }
    let some = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", ..." : "")
    throw TensorError(
      "has no tensor '\(name)'" + (near ?? "; its tensors are: \(names.isEmpty ? "none" : some)"),
      path: path)
  }

  // MARK: Reading the header

  private static func header(
    _ file: UnsafeRawBufferPointer
  ) throws(TensorError) -> (members: [String: JSON], dataStart: Int) {
    guard file.count >= 8 else {
      throw TensorError("is not a safetensors file: it has \(file.count) bytes, fewer than 8")
    }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= maximumHeaderSize else {
      throw TensorError(
        "is not a safetensors file, or a hostile one: it announces a header of \(length) bytes, "
          + "above the limit of \(maximumHeaderSize)")
    }
    let dataStart = 8 + Int(length)
    guard dataStart <= file.count else {
      throw TensorError("ends within its header: \(file.count) bytes of \(dataStart)")
    }
    let text = file[8..<dataStart]
    guard text.first == UInt8(ascii: "{") else {
      throw TensorError("is not a safetensors file: its header must start with '{'")
    }
    let value: JSON
    do {
      value = try JSON(parsing: text)
    } catch {
      throw TensorError("has a header that is \(error.description)")
    }
    guard let members = value.object else {
      throw TensorError("has a header that is no JSON object")
    }
    return (members, dataStart)
  }

  private static func metadata(_ value: JSON?) throws(TensorError) -> [String: String] {
    guard let value else { return [:] }
    let texts = value.object?.compactMapValues(\.string)
    guard let texts, texts.count == value.object?.count else {
      throw TensorError("has a '__metadata__' that is no object of strings")
    }
    return texts
  }

  private static func entries(
    _ members: [String: JSON], dataSize: Int
  ) throws(TensorError) -> [String: SafetensorsEntry] {
    var entries: [String: SafetensorsEntry] = [:]
    for (name, value) in members.sorted(by: { $0.key < $1.key }) where name != "__metadata__" {
      do {
        entries[name] = try SafetensorsEntry(value, dataSize: dataSize)
      } catch {
        throw TensorError("the tensor '\(name)' \(error.message)")
      }
    }
    var end = 0
    let inOrder = entries.sorted { left, right in
      (left.value.range.lowerBound, left.value.range.upperBound, left.key)
        < (right.value.range.lowerBound, right.value.range.upperBound, right.key)
    }
    for (name, entry) in inOrder {
      let start = entry.range.lowerBound
      guard start == end else {
        let what = start < end ? "overlaps the tensor before it" : "leaves a hole before it"
        throw TensorError(
          "the tensor '\(name)' \(what): it starts at byte \(start) of the data, not at \(end)")
      }
      end = entry.range.upperBound
    }
    guard end == dataSize else {
      throw TensorError("has \(dataSize) bytes of data, but its tensors take \(end)")
    }
    return entries
  }
}

/// What the header says of one tensor.
struct SafetensorsEntry {
  /// The type as the header spells it.
  let code: String
  /// Nil for types that Assay has no use for, such as `F8_E4M3`.
  let dtype: DType?
  let shape: Shape
  /// The bytes, counted from the start of the data.
  let range: Range<Int>

  static let codes: [DType: String] = [
    .bool: "BOOL", .u8: "U8", .i8: "I8", .u16: "U16", .i16: "I16", .u32: "U32", .i32: "I32",
    .u64: "U64", .i64: "I64", .f16: "F16", .bf16: "BF16", .f32: "F32", .f64: "F64",
  ]

  init(_ value: JSON, dataSize: Int) throws(TensorError) {
    guard let code = value["dtype"]?.string else { throw TensorError("has no 'dtype'") }
    self.code = code
    dtype = SafetensorsEntry.codes.first { $0.value == code }?.key
    guard let extents = value["shape"]?.array?.map(\.int), !extents.contains(nil) else {
      throw TensorError("has no 'shape' that is an array of integers")
    }
    // An unknown type counts as one byte: enough to find shapes that cannot be.
    shape = try Shape(checking: extents.compactMap { $0 }, of: dtype ?? .u8)
    let offsets = value["data_offsets"]?.array?.compactMap(\.int) ?? []
    guard offsets.count == 2, value["data_offsets"]?.array?.count == 2 else {
      throw TensorError("has no 'data_offsets' that are two integers")
    }
    guard 0 <= offsets[0], offsets[0] <= offsets[1], offsets[1] <= dataSize else {
      throw TensorError(
        "has the bytes \(offsets[0]) to \(offsets[1]), but the file has \(dataSize) bytes of data")
    }
    range = offsets[0]..<offsets[1]
    guard let dtype else { return }
    guard range.count == shape.count * dtype.size else {
      throw TensorError(
        "has \(range.count) bytes, but \(code) \(shape) takes \(shape.count * dtype.size)")
    }
  }
}
