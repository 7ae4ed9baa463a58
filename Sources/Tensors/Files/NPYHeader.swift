/// The header of a `.npy` file: a Python literal such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
///
/// Only this form is read, by hand: a general evaluator would be a door for hostile files.
struct NPYHeader {
  let dtype: DType
  let shape: Shape
  /// The offset in bytes at which the elements start.
  let dataOffset: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Headers of plain arrays have about 100 bytes; NumPy itself stops at 10,000.
  private static let maximumLength = 1 << 16

  /// Reads the header of a whole file.
  init(_ file: UnsafeRawBufferPointer) throws(TensorError) {
    guard file.count >= 12, file.starts(with: Self.magic) else {
      throw TensorError("is not a .npy file: it must start with \\x93NUMPY and a version")
    }
    let length: Int
    switch file[6] {
    case 1:
      length = Int(file[8]) | Int(file[9]) << 8
      dataOffset = 10 + length
    case 2, 3:
      length = (0..<4).reduce(0) { $0 | Int(file[8 + $1]) << (8 * $1) }
      dataOffset = 12 + length
    default:
      throw TensorError("has .npy version \(file[6]).\(file[7]), but only 1, 2 and 3 are known")
    }
    guard length <= Self.maximumLength else {
      throw TensorError("announces a header of \(length) bytes, too many for a plain array")
    }
    guard dataOffset <= file.count else {
      throw TensorError("ends within its header: \(file.count) bytes of \(dataOffset)")
    }
    var literal = PythonLiteral(file[(dataOffset - length)..<dataOffset])
    let fields = try literal.dictionary()
    for name in ["descr", "fortran_order", "shape"] where fields[name] == nil {
      throw TensorError("has no '\(name)' in its .npy header")
    }
    guard fields.count == 3 else {
      let names = fields.keys.sorted().joined(separator: ", ")
      throw TensorError("has the header fields \(names) instead of descr, fortran_order, shape")
    }
    dtype = try Self.dtype(fields["descr"])
    guard case .tuple(let extents) = fields["shape"] else {
      throw TensorError("has a 'shape' that is no tuple of integers in its .npy header")
    }
    shape = try Shape(checking: extents, of: dtype)
    switch fields["fortran_order"] {
    case .truth(false): break
    case .truth(true):
      // With at most one axis longer than 1 both orders are the same bytes.
      guard extents.contains(0) || extents.count(where: { $0 > 1 }) <= 1 else {
        throw TensorError(
          "is in Fortran order, but row-major order is needed; convert it in Python with "
            + "np.save(path, np.ascontiguousarray(np.load(path)))")
      }
    default: throw TensorError("has a 'fortran_order' that is neither True nor False")
    }
  }

  // MARK: Element types

  private static let codes: [DType: String] = [
    .bool: "|b1", .u8: "|u1", .i8: "|i1", .u16: "<u2", .i16: "<i2", .u32: "<u4", .i32: "<i4",
    .u64: "<u8", .i64: "<i8", .f16: "<f2", .f32: "<f4", .f64: "<f8",
  ]

  private static func dtype(_ field: PythonLiteral.Value?) throws(TensorError) -> DType {
    guard case .text(let code) = field else {
      throw TensorError(
        "holds records with named fields; save each field as an array of its own")
    }
    if let known = codes.first(where: { $0.value == code })?.key { return known }
    // The byte order of single bytes carries no meaning, and some writers say '<' there.
    if code.hasSuffix("1"), let order = code.first, "<>=".contains(order),
      let known = codes.first(where: { $0.value == "|" + code.dropFirst() })?.key
    {
      return known
    }
    if code.hasPrefix(">") {
      throw TensorError(
        "has big-endian elements ('\(code)'); convert it in Python with "
          + "array.astype(array.dtype.newbyteorder('<'))")
    }
    if code == "<V2" || code == "|V2" {
      throw TensorError(
        "has two-byte elements of no known type ('\(code)'), as NumPy writes bfloat16; save "
          + "bfloat16 as .safetensors, or as float32")
    }
    let supported = DType.allCases.compactMap { codes[$0] }.joined(separator: ", ")
    throw TensorError("has elements of type '\(code)', but supported are \(supported)")
  }

  /// The bytes before the elements: version 1.0, padded so that the elements start on a 64-byte
  /// border.
  static func bytes(_ dtype: DType, _ shape: Shape) throws(TensorError) -> [UInt8] {
    guard let code = codes[dtype] else {
      throw TensorError(
        "a .npy file cannot hold \(dtype.rawValue); write .safetensors, or convert to f32")
    }
    guard shape.rank <= Shape.maximumRank else {
      throw TensorError(
        "a tensor of \(shape.rank) axes cannot be written; at most \(Shape.maximumRank) can")
    }
    let extents = shape.extents.map(String.init).joined(separator: ", ")
    let tuple = shape.rank == 1 ? "(\(extents),)" : "(\(extents))"
    var text = Array("{'descr': '\(code)', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    let blanks = 63 - (10 + text.count) % 64
    text += [UInt8](repeating: 0x20, count: blanks) + [0x0A]
    return magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
  }
}
