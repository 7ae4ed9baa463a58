import Documents
import LinearAlgebra
import Random
import Statistics
import Testing

/// Section 7 of the method's card, on planted pairs: 32 columns, an image near its prompt plus one of
/// the modes.
@Suite("schur-entropy on planted pairs")
struct SchurEntropyClaimTests {
  private struct Pairs {
    var text: [[Float]] = []
    var image: [[Float]] = []
    var prompts: [Int] = []
    var modes: [Int] = []
  }

  private func pairs(prompts: Int, modes: Int, count: Int = 300) -> Pairs {
    var random = Philox(key: 17)
    func unit(_ vector: [Double]) -> [Double] {
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / norm }
    }
    func centre() -> [Double] { unit((0..<32).map { _ in random.normal() }) }
    let promptCentres = (0..<6).map { _ in centre() }
    let modeCentres = (0..<6).map { _ in centre() }
    var result = Pairs()
    for index in 0..<count {
      let (prompt, mode) = (index % prompts, index / prompts % modes)
      let noisy = zip(promptCentres[prompt], modeCentres[mode]).map {
        $0 + $1 + 0.02 * random.normal()
      }
      result.text.append(promptCentres[prompt].map { Float($0) })
      result.image.append(unit(noisy).map { Float($0) })
      result.prompts.append(prompt)
      result.modes.append(mode)
    }
    return result
  }

  private let fourier: [String: JSON] = ["sigma": 0.5, "rff_dim": 64]

  @Test("the score rises with the number of modes while the prompts stay")
  func modes() throws {
    let scores = try [1, 2, 4, 6].map { count in
      let pairs = pairs(prompts: 5, modes: count)
      return try #require(diversity(pairs.text, pairs.image, fourier)["sce"])
    }
    #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 < $1 })
    #expect(scores[3] > 2 * scores[0])
  }

  @Test("text diversity rises with the prompts, while the linear score moves by under a tenth")
  func prompts() throws {
    let found = try [1, 2, 5].map { count in
      let pairs = pairs(prompts: count, modes: 3)
      return try diversity(pairs.text, pairs.image, ["kernel": "linear"])
    }
    let texts = found.compactMap { $0["text_diversity"] }
    #expect(texts.count == 3 && zip(texts, texts.dropFirst()).allSatisfy { $0 < $1 })
    let scores = found.compactMap { $0["sce"] }
    #expect(try #require(scores.max()) / (try #require(scores.min())) < 1.1)
  }

  @Test("ranks models by their modes where the Vendi score ranks them by their prompts")
  func ranking() throws {
    let found = try [(1, 6), (2, 3), (4, 1)].map { modes, prompts in
      let pairs = pairs(prompts: prompts, modes: modes)
      return try diversity(pairs.text, pairs.image, ["kernel": "linear"])
    }
    let (scores, vendi) = (
      found.compactMap { $0["sce"] }, found.compactMap { $0["vendi_image"] }
    )
    #expect(scores.count == 3 && zip(scores, scores.dropFirst()).allSatisfy { $0 < $1 })
    #expect(vendi.count == 3 && vendi[0] > vendi[2])
  }

  @Test("the leading modes name the pairs that share a mode")
  func exemplars() throws {
    let pairs = pairs(prompts: 1, modes: 3)
    let found = try diversity(
      pairs.text, pairs.image,
      ["kernel": "gaussian", "route": "gram", "sigma": 0.5, "modes": 2, "exemplars": 20])
    for rows in found.modes {
      #expect(rows.count == 20)
      #expect(Set(rows.map { pairs.modes[Int($0)] }).count == 1)
    }
  }

  @Test("correction takes the prompt out of the images and leaves the mode")
  func correction() throws {
    let pairs = pairs(prompts: 5, modes: 3)
    let corrected = try diversity(
      pairs.text, pairs.image, ["kernel": "linear"], new: (pairs.text, pairs.image)
    ).corrected
    let rows = (0..<pairs.image.count).map { Array(corrected[$0 * 32..<($0 + 1) * 32]) }
    #expect(purity(pairs.image, pairs.prompts) > 0.99)
    #expect(purity(rows, pairs.prompts) < 0.75)
    #expect(purity(rows, pairs.modes) > 0.99)
  }

  /// The share of each row's five nearest neighbours, by cosine, that have its label.
  private func purity(_ rows: [[Float]], _ labels: [Int]) -> Double {
    let matrix = Matrix(rows.flatMap { $0 }, rows: rows.count, columns: rows[0].count)
    let unit = matrix.view.unitRows()
    let cosines = gemm(unit.view, unit.view.transposed)
    let shares = (0..<rows.count).map { row in
      let others = (0..<rows.count).filter { $0 != row }
        .sorted { cosines[row, $0] > cosines[row, $1] }
      return Double(others.prefix(5).count { labels[$0] == labels[row] }) / 5
    }
    return mean(shares) ?? 0
  }
}
