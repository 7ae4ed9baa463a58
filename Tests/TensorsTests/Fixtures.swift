import Glibc
import Tensors
import Testing

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
  private let root: String

  init() {
    var template = Array("/tmp/assay-tests-XXXXXX\0".utf8CString)
    root = mkdtemp(&template).map { String(cString: $0) } ?? "/nowhere"
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// Writes bytes to a file and returns its path.
  func write(_ bytes: [UInt8], to name: String = "file") throws -> String {
    let file = try #require(fopen(path(name), "w"))
    defer { fclose(file) }
    fwrite(bytes, 1, bytes.count, file)
    return path(name)
  }

  func read(_ name: String) throws -> [UInt8] {
    let file = try #require(fopen(path(name), "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
  }

  func names() -> [String] {
    guard let folder = opendir(root) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  deinit {
    for name in names() { unlink(path(name)) }
    rmdir(root)
  }
}

/// SplitMix64, for numbers that are the same in every run.
struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
  mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// One to three bytes replaced.
  mutating func mutated(_ bytes: [UInt8], within limit: Int) -> [UInt8] {
    var bytes = bytes
    for _ in 0...next(below: 3) {
      bytes[next(below: min(limit, bytes.count))] = UInt8(truncatingIfNeeded: next())
    }
    return bytes
  }
}

/// The bytes that hexadecimal digits spell.
func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex)
  return stride(from: 0, to: digits.count, by: 2).compactMap {
    UInt8(String(digits[$0..<($0 + 2)]), radix: 16)
  }
}

extension Tensor {
  /// A tensor of the given bytes.
  init(_ dtype: DType, _ shape: Shape, bytes: [UInt8]) {
    self.init(dtype: dtype, shape: shape) { target in bytes.withUnsafeBytes(target.copyMemory) }
  }

  /// A tensor of arbitrary bytes.
  init(random dtype: DType, _ shape: Shape, seed: UInt64) {
    var generator = SplitMix(state: seed)
    let bytes = (0..<(shape.count * dtype.size)).map { _ in
      UInt8(truncatingIfNeeded: generator.next())
    }
    self.init(dtype, shape, bytes: bytes)
  }

  /// A copy of the bytes.
  var copiedBytes: [UInt8] { withBytes { Array($0) } }

  /// A copy of the elements.
  func elements<T: BitwiseCopyable>(_ type: T.Type) -> [T] {
    withElements(of: type) { Array($0) }
  }
}
