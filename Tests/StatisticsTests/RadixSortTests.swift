import Random
import Statistics
import Testing

@Suite("Radix sort")
struct RadixSortTests {
  private func sorted(_ numbers: [Float]) -> [Float] {
    var numbers = numbers
    let sorter = RadixSort(capacity: numbers.count)
    numbers.withUnsafeMutableBufferPointer { sorter.sort($0) }
    return numbers
  }

  @Test(
    "orders rows of every length as the standard sort does", arguments: [0, 1, 2, 48, 49, 5000])
  func lengths(count: Int) {
    var random = Philox(key: UInt64(count))
    let numbers = (0..<count).map { _ in Float(random.normal()) }
    #expect(sorted(numbers) == numbers.sorted())
  }

  @Test("orders numbers of all magnitudes and signs", arguments: [10, 400])
  func patterns(count: Int) {
    var random = Philox(key: 5)
    let finite = (0..<count).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
    }
    .filter { !$0.isNaN }
    let numbers =
      finite + [.infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
    #expect(sorted(numbers) == numbers.sorted())
  }

  @Test("puts negative zero before zero, and NaN at the ends", arguments: [1, 30])
  func zeros(copies: Int) {
    let numbers = (0..<copies).flatMap { _ in [Float(0), .nan, -0.0, -1, 1, -.nan] }
    let result = sorted(numbers)
    #expect(result.prefix(copies).allSatisfy { $0.isNaN && $0.sign == .minus })
    #expect(result.suffix(copies).allSatisfy { $0.isNaN && $0.sign == .plus })
    #expect(result[2 * copies..<3 * copies].allSatisfy { $0 == 0 && $0.sign == .minus })
    #expect(result[3 * copies..<4 * copies].allSatisfy { $0 == 0 && $0.sign == .plus })
  }

  @Test("serves one row after another")
  func reuse() {
    let sorter = RadixSort(capacity: 300)
    var random = Philox(key: 6)
    for count in [300, 60, 299, 3] {
      var numbers = (0..<count).map { _ in Float(random.normal()) }
      let wanted = numbers.sorted()
      numbers.withUnsafeMutableBufferPointer { sorter.sort($0) }
      #expect(numbers == wanted)
    }
  }
}
