internal import Tensors

/// The pattern that outputs are filled with, so that what was never written can be told.
enum Canary {
  /// The byte around outputs and in integers.
  static let byte: UInt8 = 0xA5

  /// The bits of one element: for floats a quiet NaN with a payload that no arithmetic makes.
  static func bits(_ dtype: DType) -> UInt64 {
    switch dtype {
    case .f64: 0x7FFD_A5A5_A5A5_A5A5
    case .f32: 0x7FE5_A5A5
    case .f16: 0x7FA5
    case .bf16: 0x7FE5
    default: 0xA5A5_A5A5_A5A5_A5A5
    }
  }

  /// Fills whole elements.
  static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ dtype: DType) {
    let bits = bits(dtype)
    switch dtype.size {
    case 8: bytes.assumingMemoryBound(to: UInt64.self).update(repeating: bits)
    case 4: bytes.assumingMemoryBound(to: UInt32.self).update(repeating: .init(truncating: bits))
    case 2: bytes.assumingMemoryBound(to: UInt16.self).update(repeating: .init(truncating: bits))
    default: bytes.assumingMemoryBound(to: UInt8.self).update(repeating: .init(truncating: bits))
    }
  }

  /// The elements that still hold the pattern: how many, and the first.
  static func unwritten(_ bytes: UnsafeRawBufferPointer, _ dtype: DType) -> (Int, first: Int)? {
    let bits = bits(dtype)
    return switch dtype.size {
    case 8: unwritten(bytes.assumingMemoryBound(to: UInt64.self), bits, dtype)
    case 4: unwritten(bytes.assumingMemoryBound(to: UInt32.self), .init(truncating: bits), dtype)
    case 2: unwritten(bytes.assumingMemoryBound(to: UInt16.self), .init(truncating: bits), dtype)
    default: unwritten(bytes.assumingMemoryBound(to: UInt8.self), .init(truncating: bits), dtype)
    }
  }

  private static func unwritten<T: FixedWidthInteger>(
    _ elements: UnsafeBufferPointer<T>, _ pattern: T, _ dtype: DType
  ) -> (Int, first: Int)? {
    var count = 0
    for element in elements where element == pattern { count += 1 }
    guard count > 0, let first = elements.firstIndex(of: pattern) else { return nil }
    // A narrow integer may hold the pattern honestly; only a tensor full of it was not written.
    let isNarrowInteger = !dtype.isFloat && dtype != .bool && dtype.size <= 2
    return isNarrowInteger && count < elements.count ? nil : (count, first)
  }

  /// Tells whether all bytes around an output are as they were laid.
  static func isIntact(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.allSatisfy { $0 == byte } }
}

extension FixedWidthInteger {
  fileprivate init(truncating bits: UInt64) { self.init(truncatingIfNeeded: bits) }
}
