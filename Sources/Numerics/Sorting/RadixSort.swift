/// Sorts rows of f32 numbers in linear time, in memory that is allocated once.
///
/// Least-significant-digit radix sort on the bit patterns, mapped so that they order as the numbers
/// do: `-inf < ... < -0 < +0 < ... < +inf`, negative NaN first and positive NaN last. One walk counts
/// all three digits (11, 11 and 10 bits), three walks move the keys.
package final class RadixSort {
  private static let digitBits = 11
  private static let buckets = 1 << digitBits
  private static let mask = UInt32(buckets - 1)
  /// Below this many numbers, clearing the counters costs more than insertion.
  private static let insertionLimit = 48

  private let capacity: Int
  private let keys: UnsafeMutablePointer<UInt32>
  // Unsafe invariant: three tables of `buckets` counters, one after the other.
  private let counters: UnsafeMutablePointer<UInt32>

  /// Makes room for rows of up to `capacity` numbers.
  package init(capacity: Int) {
    precondition(capacity >= 0 && capacity < Int(UInt32.max), "a row has 32-bit places")
    self.capacity = capacity
    keys = .allocate(capacity: max(capacity, 1))
    counters = .allocate(capacity: 3 * Self.buckets)
  }

  deinit {
    keys.deallocate()
    counters.deallocate()
  }

  /// Brings numbers into ascending order.
  package func sort(_ numbers: UnsafeMutableBufferPointer<Float>) {
    precondition(numbers.count <= capacity, "the row is longer than the sorter's room")
    guard numbers.count > Self.insertionLimit, let base = numbers.baseAddress else {
      return insertionSort(numbers)
    }
    let count = numbers.count
    // Unsafe invariant: Float and UInt32 have one layout; `patterns` is `numbers` and nothing else
    // touches either until the call returns.
    let patterns = UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt32.self)
    countDigits(of: patterns, count: count)
    let (low, middle, high) = (counters, counters + Self.buckets, counters + 2 * Self.buckets)
    let shift = UInt32(Self.digitBits)
    for place in 0..<count {
      let key = keys[place]
      move(key, to: patterns, next: low + Int(key & Self.mask))
    }
    for place in 0..<count {
      let key = patterns[place]
      move(key, to: keys, next: middle + Int((key &>> shift) & Self.mask))
    }
    for place in 0..<count {
      let key = keys[place]
      move(Self.pattern(key), to: patterns, next: high + Int(key &>> (2 * shift)))
    }
  }

  /// Writes the keys of `patterns`, and where each digit's keys start in the result.
  private func countDigits(of patterns: UnsafeMutablePointer<UInt32>, count: Int) {
    let shift = UInt32(Self.digitBits)
    let (low, middle, high) = (counters, counters + Self.buckets, counters + 2 * Self.buckets)
    counters.update(repeating: 0, count: 3 * Self.buckets)
    for place in 0..<count {
      let key = Self.key(patterns[place])
      keys[place] = key
      low[Int(key & Self.mask)] &+= 1
      middle[Int((key &>> shift) & Self.mask)] &+= 1
      high[Int(key &>> (2 * shift))] &+= 1
    }
    for table in [low, middle, high] {
      var start: UInt32 = 0
      for bucket in 0..<Self.buckets {
        let size = table[bucket]
        table[bucket] = start
        start &+= size
      }
    }
  }

  @inline(__always)
  private func move(
    _ key: UInt32, to target: UnsafeMutablePointer<UInt32>, next: UnsafeMutablePointer<UInt32>
  ) {
    target[Int(next.pointee)] = key
    next.pointee &+= 1
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
