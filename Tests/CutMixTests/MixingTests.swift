import Random
import Testing

@testable import MixingLearning

@Suite("Mixing of pictures")
struct MixingTests {
  private let form = PictureForm(planes: 2, height: 6, width: 8)

  /// Pictures whose numbers all say which picture they are of.
  private func batch(_ count: Int, _ form: PictureForm) -> [Float] {
    (0..<count).flatMap { [Float](repeating: Float($0), count: form.count) }
  }

  @Test("the pasted share of the pixels is 1 - λ to the pixel, and targets sum to 1")
  func pastedShare() {
    var random = Philox(key: 1)
    for _ in 0..<200 {
      let draw = MixingDraw(count: 5, probability: 1, alpha: 1, form: form, using: &random)
      var pictures = batch(5, form)
      let mixture = MixingMode.cutmix.mix(&pictures, form: form, draw, side: 0)
      for place in 0..<5 where draw.partners[place] != place {
        let pasted = pictures[place * form.count..<(place + 1) * form.count]
          .count { $0 == Float(draw.partners[place]) }
        #expect(pasted == Int(((1 - mixture.share) * Double(form.count)).rounded()))
      }
      let targets = mixture.targets([0, 1, 2, 0, 1], classCount: 3)
      for row in 0..<5 {
        #expect(abs(targets[row * 3..<row * 3 + 3].reduce(0, +) - 1) < 1e-6)
      }
    }
  }

  @Test("λ = 1 changes no bit, of the pictures and of their labels")
  func nothing() {
    var random = Philox(key: 2)
    let pictures = (0..<4 * form.count).map { _ in Float(random.normal()) }
    let labels: [Int32] = [2, 0, 1, 1]
    let draw = MixingDraw(
      share: 1, partners: [1, 2, 3, 0],
      centres: [(row: Int, column: Int)](repeating: (3, 4), count: 4))
    var found = pictures
    let mixture = MixingMode.cutmix.mix(&found, form: form, draw, side: 0)
    #expect(found == pictures && mixture.share == 1)
    #expect(mixture.targets(labels, classCount: 3) == [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0])
  }

  @Test("λ = 0 with a box over all gives the batch of the partners, even through cycles")
  func everything() {
    let draw = MixingDraw(
      share: 0, partners: [1, 2, 0],
      centres: [(row: Int, column: Int)](repeating: (3, 4), count: 3))
    var found = batch(3, form)
    let mixture = MixingMode.cutmix.mix(&found, form: form, draw, side: 0)
    #expect(mixture.share == 0)
    #expect(found == [1, 2, 0].flatMap { [Float](repeating: $0, count: form.count) })
    #expect(mixture.targets([0, 1, 2], classCount: 3) == [0, 1, 0, 0, 0, 1, 1, 0, 0])
  }

  @Test("an odd side loses a cell, and a box at the border the part beyond it")
  func borders() {
    let wide = PictureForm(planes: 1, height: 10, width: 10)
    // √.5 of 10 is 7.07, so 7, of which 3 lie on both sides.
    let middle = CutBox(share: 0.5, centre: (5, 5), in: wide)
    #expect(middle.rows == 2..<8 && middle.columns == 2..<8)
    #expect(middle.shareOutside(of: wide) == 1 - 0.36)
    let corner = CutBox(share: 0.5, centre: (0, 9), in: wide)
    #expect(corner.rows == 0..<3 && corner.columns == 6..<10)
    #expect(corner.shareOutside(of: wide) == 1 - 0.12)
  }

  @Test("tokens move with all of their numbers")
  func tokens() {
    let grid = PictureForm(tokenRows: 2, columns: 3, depth: 4)
    let draw = MixingDraw(
      share: 0, partners: [1, 0], centres: [(row: Int, column: Int)](repeating: (0, 0), count: 2))
    var found = batch(2, grid)
    let mixture = MixingMode.cutmix.mix(&found, form: grid, draw, side: 0)
    // Sides 2 and 3 around the first cell: rows 0..<1 and columns 0..<1.
    #expect(abs(mixture.share - 5 / 6.0) < 1e-12)
    #expect(found[..<4].allSatisfy { $0 == 1 } && found[4..<24].allSatisfy { $0 == 0 })
  }

  @Test("mixup blends all, cutout blanks a square of each picture and leaves its label")
  func others() {
    let draw = MixingDraw(
      share: 0.25, partners: [1, 0], centres: [(1, 1), (5, 7)])
    var blended = batch(2, form).map { $0 + 1 }
    let mixture = MixingMode.mixup.mix(&blended, form: form, draw, side: 0)
    #expect(blended[0] == 1.75 && blended[form.count] == 1.25 && mixture.share == 0.25)
    var cut = batch(2, form).map { $0 + 1 }
    let plain = MixingMode.cutout.mix(&cut, form: form, draw, side: 4)
    #expect(plain.share == 1)
    #expect(cut[..<form.count].count { $0 == 0 } == 2 * 3 * 3)
    #expect(cut[form.count...].count { $0 == 0 } == 2 * 3 * 3)
  }

  @Test("λ has the mean and the variance of Beta(α, α)", arguments: [0.3, 1, 2.5])
  func beta(alpha: Double) {
    var random = Philox(key: 3)
    let draws = (0..<20_000).map { _ in random.beta(alpha) }
    let mean = draws.reduce(0, +) / 20_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean - 0.5) < 0.01)
    #expect(abs(variance * 4 * (2 * alpha + 1) - 1) < 0.03)
  }

  @Test("every mode takes the same numbers from a stream of draws")
  func streams() {
    var (one, other) = (Philox(key: 4), Philox(key: 4))
    let always = MixingDraw(count: 3, probability: 1, alpha: 1, form: form, using: &one)
    let never = MixingDraw(count: 3, probability: 0, alpha: 1, form: form, using: &other)
    #expect(always.mixes && !never.mixes)
    #expect(always.share == never.share && always.partners == never.partners)
    #expect(one.uniform() == other.uniform())
  }
}
