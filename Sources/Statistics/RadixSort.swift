/// Sorts rows of f32 numbers in linear time, in memory that is allocated once.
///
/// Least-significant-digit radix sort on the bit patterns, mapped so that they order as the numbers
/// do: `-inf < ... < -0 < +0 < ... < +inf`, negative NaN first and positive NaN last. One walk counts
/// all four bytes, four walks move the numbers. Bytes beat longer digits: the 256 places that are
/// written next fit the first-level cache.
package final class RadixSort {
  private static let buckets = 256
  /// Below this many numbers, the counters cost more than insertion.
  private static let insertionLimit = 48

  private let capacity: Int
  private let scratch: UnsafeMutablePointer<UInt32>
  // Unsafe invariant: four tables of `buckets` counters, one after the other.
  private let counters: UnsafeMutablePointer<UInt32>

  /// Makes room for rows of up to `capacity` numbers.
  package init(capacity: Int) {
    precondition(capacity >= 0 && capacity < Int(UInt32.max), "a row has 32-bit places")
    self.capacity = capacity
    scratch = .allocate(capacity: max(capacity, 1))
    counters = .allocate(capacity: 4 * Self.buckets)
  }

  deinit {
    scratch.deallocate()
    counters.deallocate()
  }

  /// Brings numbers into ascending order.
  package func sort(_ numbers: UnsafeMutableBufferPointer<Float>) {
    precondition(numbers.count <= capacity, "the row is longer than the sorter's room")
    guard numbers.count > Self.insertionLimit, let base = numbers.baseAddress else {
      return insertionSort(numbers)
    }
    // Unsafe invariant: Float and UInt32 have one layout; `patterns` is `numbers`, and nothing else
    // touches either until the call returns.
    let patterns = UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt32.self)
    let count = numbers.count
    countBytes(of: patterns, count)
    move(patterns, to: scratch, count, byte: 0, reading: Self.key, writing: { $0 })
    move(scratch, to: patterns, count, byte: 1, reading: { $0 }, writing: { $0 })
    move(patterns, to: scratch, count, byte: 2, reading: { $0 }, writing: { $0 })
    move(scratch, to: patterns, count, byte: 3, reading: { $0 }, writing: Self.pattern)
  }

  /// Finds where the numbers with each byte start in the order by that byte.
  private func countBytes(of patterns: UnsafeMutablePointer<UInt32>, _ count: Int) {
    let counters = counters
    for place in 0..<4 * Self.buckets { counters[place] = 0 }
    for place in 0..<count {
      let key = Self.key(patterns[place])
      counters[Int(key & 0xFF)] &+= 1
      counters[0x100 &+ Int((key &>> 8) & 0xFF)] &+= 1
      counters[0x200 &+ Int((key &>> 16) & 0xFF)] &+= 1
      counters[0x300 &+ Int(key &>> 24)] &+= 1
    }
    for byte in 0..<4 {
      var start: UInt32 = 0
      for bucket in byte * Self.buckets..<(byte + 1) * Self.buckets {
        let size = counters[bucket]
        counters[bucket] = start
        start &+= size
      }
    }
  }

  /// Orders by one byte, keeping the order of equal ones.
  @inline(__always)
  private func move(
    _ source: UnsafeMutablePointer<UInt32>, to target: UnsafeMutablePointer<UInt32>, _ count: Int,
    byte: Int, reading: (UInt32) -> UInt32, writing: (UInt32) -> UInt32
  ) {
    let next = counters + byte * Self.buckets
    let shift = UInt32(8 * byte)
    for place in 0..<count {
      let key = reading(source[place])
      let bucket = Int((key &>> shift) & 0xFF)
      target[Int(next[bucket])] = writing(key)
      next[bucket] &+= 1
    }
  }

  /// Flips the sign bit of positive numbers and all bits of negative ones.
  @inline(__always)
  private static func key(_ pattern: UInt32) -> UInt32 {
    let negative = UInt32(bitPattern: Int32(bitPattern: pattern) &>> 31)
    return pattern ^ (negative | 0x8000_0000)
  }

  @inline(__always)
  private static func pattern(_ key: UInt32) -> UInt32 {
    let positive = UInt32(bitPattern: Int32(bitPattern: key) &>> 31)
    return key ^ (~positive | 0x8000_0000)
  }

  private func insertionSort(_ numbers: UnsafeMutableBufferPointer<Float>) {
    for place in numbers.indices.dropFirst() {
      let number = numbers[place]
      let key = Self.key(number.bitPattern)
      var hole = place
      while hole > 0, Self.key(numbers[hole - 1].bitPattern) > key {
        numbers[hole] = numbers[hole - 1]
        hole -= 1
      }
      numbers[hole] = number
    }
  }
}
