import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

@Suite("cosine")
struct CosineTests {
  /// Texts, and an image of each: the text with noise, at a length of its own, and `gap` further along
  /// the first axis.
  private func pairs(
    _ count: Int, gap: Float = 0
  ) -> (images: [[Float]], texts: [[Float]]) {
    var random = SplitMix64(11)
    func normal() -> Float { Float((0..<12).reduce(0.0) { sum, _ in sum + random.uniform() } - 6) }
    let texts = (0..<count).map { _ in (0..<24).map { _ in normal() } }
    let images = texts.map { text in
      let length = Float(0.1 + 10 * random.uniform())
      return text.enumerated().map { length * ($1 + 0.3 * normal() + ($0 == 0 ? gap : 0)) }
    }
    return (images, texts)
  }

  private func similarity(
    _ images: [[Float]], _ texts: [[Float]], _ config: [String: JSON] = [:]
  ) throws -> [[Float]] {
    let instance = try Plugin(named: "cosine").instance(config)
    guard instance.fit([:]) == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    let count = texts.count
    let result = Tensor(
      [Float](repeating: .nan, count: images.count * count), shape: [images.count, count])
    let status = instance.predict(
      ["query.image": Tensor(rows: images), "query.text": Tensor(rows: texts)],
      outputs: ["similarity": result])
    guard status == ASSAY_OK else { throw HarnessError(instance.host.sentence) }
    return result.withElements(of: Float.self) { numbers in
      images.indices.map { Array(numbers[$0 * count..<($0 + 1) * count]) }
    }
  }

  /// The share of texts whose own image stands first.
  private func firsts(_ similarity: [[Float]]) -> Double {
    let right = similarity.indices.count { text in
      let column = similarity.map { $0[text] }
      return column[text] == column.max()
    }
    return Double(right) / Double(similarity.count)
  }

  @Test("is the cosine, worked out by hand")
  func golden() throws {
    let found = try similarity([[3, 4], [0, -2]], [[1, 0], [5, 5], [0, 0]])
    let half = Float(0.5).squareRoot()
    let wanted: [[Float]] = [[0.6, 1.4 * half, 0], [0, -half, 0]]
    for (row, other) in zip(found, wanted) {
      #expect(zip(row, other).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test("finds the pair where the inner product goes by the length of the images")
  func planted() throws {
    let (images, texts) = pairs(200)
    let products = images.map { image in
      texts.map { text in zip(image, text).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let found = firsts(try similarity(images, texts))
    #expect(found > 0.95)
    #expect(firsts(products) < found - 0.3)
  }

  @Test("centred, it finds pairs across a gap between the modalities that hides them")
  func centred() throws {
    let (images, texts) = pairs(200, gap: 200)
    let plain = firsts(try similarity(images, texts))
    #expect(firsts(try similarity(images, texts, ["centred": true])) > plain + 0.2)
  }

  @Test("centring changes nothing where both means are 0")
  func reduction() throws {
    let (images, texts) = pairs(30)
    let doubled = (
      images.unit + images.unit.map { $0.map { -$0 } },
      texts.unit + texts.unit.map { $0.map { -$0 } }
    )
    let plain = try similarity(doubled.0, doubled.1)
    let centred = try similarity(doubled.0, doubled.1, ["centred": true])
    for (row, other) in zip(plain, centred) {
      #expect(zip(row, other).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test("gives the same bytes twice, and others' lengths change nothing")
  func determinism() throws {
    let (images, texts) = pairs(40)
    let first = try similarity(images, texts)
    #expect(try similarity(images, texts) == first)
    #expect(try similarity(images.map { $0.map { 4 * $0 } }, texts) == first)
  }
}

extension [[Float]] {
  fileprivate var unit: [[Float]] {
    map { row in
      let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / norm }
    }
  }
}
