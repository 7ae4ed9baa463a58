internal import Glibc
package import Random

/// How a batch of pictures is changed before a step.
package enum MixingMode: String, CaseIterable, Sendable {
  case none, mixup, cutout, cutmix

  /// Whether it needs more than one place.
  package var cuts: Bool { self == .cutout || self == .cutmix }
}

/// What one draw of a step is: all modes take the same numbers from the same draw.
package struct MixingDraw: Sendable {
  /// Whether the step mixes at all.
  package var mixes: Bool
  /// λ before any cut at borders.
  package var share: Double
  /// The picture that each picture of the batch is mixed with.
  package var partners: [Int]
  /// One place for each picture; the first is that of the whole batch.
  package var centres: [(row: Int, column: Int)]

  package init(
    mixes: Bool = true, share: Double, partners: [Int], centres: [(row: Int, column: Int)]
  ) {
    self.mixes = mixes
    self.share = share
    self.partners = partners
    self.centres = centres
  }

  /// Draws whether, λ from Beta(α, α), a permutation and the places, in this order.
  package init(
    count: Int, probability: Double, alpha: Double, form: PictureForm, using random: inout Philox
  ) {
    mixes = random.uniform() < probability
    share = random.beta(alpha)
    partners = Array(0..<count)
    random.shuffle(&partners)
    centres = (0..<count).map { _ in
      (random.below(max(form.height, 1)), random.below(max(form.width, 1)))
    }
  }
}

/// Pictures as a step sees them: how much of the own label is left, and whose the rest is.
package struct Mixture: Sendable {
  /// λ, the share of the own label.
  package let share: Double
  package let partners: [Int]

  /// The shares of the classes for each picture, `[B, K]` in row order.
  package func targets(_ labels: [Int32], classCount: Int) -> [Float] {
    var targets = [Float](repeating: 0, count: labels.count * classCount)
    for (place, label) in labels.enumerated() {
      targets[place * classCount + Int(label)] += Float(share)
      if share < 1 {
        targets[place * classCount + Int(labels[partners[place]])] += Float(1 - share)
      }
    }
    return targets
  }
}

extension MixingMode {
  /// Changes a batch `[B, form]` by a draw; `side` is that of the square of cutout.
  package func mix(
    _ batch: inout [Float], form: PictureForm, _ draw: MixingDraw, side: Int
  ) -> Mixture {
    let plain = Mixture(share: 1, partners: draw.partners)
    guard draw.mixes else { return plain }
    // What is pasted comes from the batch as it was, whatever was pasted into it meanwhile.
    let before = batch
    switch self {
    case .none: return plain
    case .mixup:
      let (own, other) = (Float(draw.share), Float(1 - draw.share))
      for (place, partner) in draw.partners.enumerated() {
        for index in 0..<form.count {
          batch[place * form.count + index] =
            own * before[place * form.count + index] + other * before[partner * form.count + index]
        }
      }
      return Mixture(share: draw.share, partners: draw.partners)
    case .cutout:
      for (place, centre) in draw.centres.enumerated() {
        let box = CutBox(height: side, width: side, centre: centre, in: form)
        form.eachRun(of: box) { start, count in
          for index in start..<start + count { batch[place * form.count + index] = 0 }
        }
      }
      return plain
    case .cutmix:
      guard let centre = draw.centres.first else { return plain }
      let box = CutBox(share: draw.share, centre: centre, in: form)
      for (place, partner) in draw.partners.enumerated() {
        form.eachRun(of: box) { start, count in
          for index in start..<start + count {
            batch[place * form.count + index] = before[partner * form.count + index]
          }
        }
      }
      return Mixture(share: box.shareOutside(of: form), partners: draw.partners)
    }
  }
}

extension Philox {
  /// A number of Beta(α, α), as a part of two numbers of Gamma(α); uniform for α = 1.
  mutating func beta(_ alpha: Double) -> Double {
    guard alpha != 1 else { return uniform() }
    let (one, other) = (gamma(alpha), gamma(alpha))
    return one + other > 0 ? one / (one + other) : 0.5
  }

  /// A number of Gamma(α): Marsaglia and Tsang, ACM TOMS 26, 2000, with their boost below 1.
  private mutating func gamma(_ alpha: Double) -> Double {
    guard alpha >= 1 else { return gamma(alpha + 1) * pow(1 - uniform(), 1 / alpha) }
    let d = alpha - 1.0 / 3
    while true {
      let x = normal()
      let v = 1 + x / (9 * d).squareRoot()
      guard v > 0 else { continue }
      let cube = v * v * v
      if log(1 - uniform()) < 0.5 * x * x + d - d * cube + d * log(cube) {
        return d * cube
      }
    }
  }
}
