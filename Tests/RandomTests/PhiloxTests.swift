import Testing

@testable import Random

@Suite("Philox")
struct PhiloxTests {
  /// Origin: `kat_vectors` of Random123 1.14, lines `philox4x32 10`.
  @Test(
    "the block function gives the authors' known answers",
    arguments: [
      (UInt64(0), UInt64(0), UInt64(0), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (.max, .max, .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
      (
        0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e, 0x299f_31d0_a409_3822,
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [(UInt64, UInt64, UInt64, [UInt32])])
  func knownAnswers(position: UInt64, stream: UInt64, key: UInt64, words: [UInt32]) {
    let block = Philox.block(position: position, stream: stream, key: key)
    #expect((0..<4).map { block[$0] } == words)
  }

  // Origin of the golden values below: a transcription of the definitions to Python integers, with
  // scipy 1.17.1 `norm.ppf` for the normal draws; key 7, stream 3.

  @Test("draws are the same on every machine")
  func goldenDraws() {
    var bits = Philox(key: 7, stream: 3)
    let expected: [UInt64] = [
      0x1fb0_3c42_97b3_56d9, 0x998b_4610_29a7_96e8, 0x75ba_33d8_965f_7ece, 0x85ae_abe4_1240_39f2,
    ]
    #expect((0..<4).map { _ in bits.next() } == expected)
    var uniform = Philox(key: 7, stream: 3)
    #expect(
      (0..<3).map { _ in uniform.uniform() } == [
        0.12378288865847975, 0.5997813977679967, 0.45987247503069095,
      ])
    var digits = Philox(key: 7, stream: 3)
    #expect((0..<12).map { _ in digits.below(10) } == [1, 5, 4, 5, 9, 3, 5, 0, 5, 6, 4, 4])
    var order = Philox(key: 7, stream: 3)
    var numbers = Array(0..<8)
    order.shuffle(&numbers)
    #expect(numbers == [7, 6, 1, 3, 5, 2, 4, 0])
    var choice = Philox(key: 7, stream: 3)
    #expect(choice.choose(5, of: 100) == [12, 60, 47, 53, 92])
    var normal = Philox(key: 7, stream: 3)
    let gauss = [
      -1.1562821251014497, 0.2527813187401308, -0.10075499964921374, 0.05566717384334894,
    ]
    for value in gauss { #expect(abs(normal.normal() - value) < 1e-14) }
  }

  @Test("keys of names are stable, and parts are kept apart")
  func keys() {
    #expect(Philox.key() == 0xf52a_15e9_a9b5_e89b)
    #expect(Philox.key("") == 0x813f_0174_a236_7c13)
    #expect(Philox.key("ab", "c") == 0x482f_6f54_3bbc_5465)
    #expect(Philox.key("a", "bc") == 0x461d_2521_4179_d9fb)
    #expect(Philox.key("few-shot", "Ziffern ä", "seed 1") == 0x791a_fcab_ee18_023f)
  }

  @Test("below(n) reaches every number about equally often", arguments: [1, 3, 10, 1000])
  func belowIsUniform(n: Int) {
    var random = Philox(key: Philox.key("uniformity"), stream: UInt64(n))
    var counts = [Int](repeating: 0, count: n)
    for _ in 0..<(1000 * n) { counts[random.below(n)] += 1 }
    // Chi-square with n - 1 degrees of freedom; six standard deviations above its mean.
    let chi2 = counts.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(chi2 <= Double(n - 1) + 6 * Double(2 * (n - 1)).squareRoot())
  }

  @Test("below(n) stays inside a range near 2^62")
  func belowHugeBound() {
    var random = Philox(key: 1)
    let n = Int.max / 2 + 2
    for _ in 0..<100 { #expect((0..<n).contains(random.below(n))) }
  }

  @Test("normal draws have mean 0 and variance 1")
  func normalMoments() {
    var random = Philox(key: Philox.key("moments"))
    let draws = (0..<20_000).map { _ in random.normal() }
    let centre = draws.reduce(0, +) / 20_000
    let square = draws.reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(abs(centre) < 0.04)
    #expect(abs(square - 1) < 0.06)
  }

  @Test("shuffling keeps the elements, and choosing never repeats one")
  func permutations() {
    var random = Philox(key: 5)
    var numbers = Array(0..<500)
    random.shuffle(&numbers)
    #expect(numbers != Array(0..<500))
    #expect(numbers.sorted() == Array(0..<500))
    #expect(Set(random.choose(40, of: 50)).count == 40)
    #expect(random.choose(9, of: 4).sorted() == [0, 1, 2, 3])
    #expect(random.choose(0, of: 4).isEmpty)
    var single = [1]
    random.shuffle(&single)
    #expect(single == [1])
  }

  @Test("streams of one key are different")
  func streams() {
    var first = Philox(key: 9, stream: 0)
    var second = Philox(key: 9, stream: 1)
    #expect((0..<8).map { _ in first.next() } != (0..<8).map { _ in second.next() })
  }
}
