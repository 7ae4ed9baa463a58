internal import AssayKit

/// Strings as the host lends them: their bytes one after the other, and where each begins.
struct ByteStrings {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let offsets: UnsafeBufferPointer<Int64>

  /// The number of strings.
  var count: Int { offsets.count - 1 }
  /// The bytes of all strings together.
  var byteCount: Int { bytes.count }

  /// Takes `name.bytes` `[B]` and `name.offsets` `[N + 1]`, which ascend from 0 to `B`.
  init(_ inputs: Inputs, _ name: String) throws(MethodError) {
    bytes = try inputs.tensor("\(name).bytes").elements(of: UInt8.self)
    offsets = try inputs.tensor("\(name).offsets").elements(of: Int64.self)
    guard let first = offsets.first, let last = offsets.last else {
      throw .contract("'\(name).offsets' is empty; wanted is one offset more than strings")
    }
    guard first == 0, last == bytes.count else {
      throw .contract(
        "'\(name).offsets' runs from \(first) to \(last); wanted is from 0 to the "
          + "\(bytes.count) bytes of '\(name).bytes'")
    }
    for index in 0..<count where offsets[index] > offsets[index + 1] {
      throw .contract(
        "'\(name).offsets' falls from \(offsets[index]) to \(offsets[index + 1]) after string "
          + "\(index)")
    }
  }

  /// The bytes of one string.
  subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index + 1])])
  }
}
