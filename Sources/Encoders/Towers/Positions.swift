internal import Autograd
internal import Tensors

/// How positions between two that were learnt are made.
package enum PositionFilter: Sendable {
  /// Linear in both directions, without widening; `interpolate(mode: "bilinear")` of PyTorch.
  case bilinear
  /// Keys' cubic with a = -3/4, without widening; `mode: "bicubic"`.
  case bicubic
  /// Keys' cubic with a = -1/2, widened where the grid shrinks; `antialias: True`, as in open_clip.
  case smoothBicubic

  /// How far from its centre the filter reaches, in positions of the coarser grid if widened.
  private var reach: Double { self == .bilinear ? 1 : 2 }

  private func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    guard self != .bilinear else { return max(0, 1 - x) }
    let a = self == .bicubic ? -0.75 : -0.5
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? a * (((x - 5) * x + 8) * x - 4) : 0
  }

  /// The weights of `old` places for each of `new`, in row order; the corners are not aligned.
  func matrix(from old: Int, to new: Int) -> [Double] {
    var matrix = [Double](repeating: 0, count: new * old)
    let scale = Double(old) / Double(new)
    let stretch = self == .smoothBicubic ? max(scale, 1) : 1
    for place in 0..<new {
      let centre = (Double(place) + 0.5) * scale - 0.5
      let first = Int((centre - reach * stretch).rounded(.up))
      let last = Int((centre + reach * stretch).rounded(.down))
      var weights = (first...last).map { weight((Double($0) - centre) / stretch) }
      if self == .smoothBicubic {
        // Places outside are left out, and the others make up for them.
        for index in weights.indices where !(0..<old ~= first + index) { weights[index] = 0 }
        let sum = weights.reduce(0, +)
        weights = weights.map { $0 / sum }
      }
      for (index, weight) in weights.enumerated() {
        // Beyond the border the last position goes on.
        matrix[place * old + min(max(first + index, 0), old - 1)] += weight
      }
    }
    return matrix
  }
}

extension ImageTower {
  /// The tower for square images of another size: the same weights, its positions resized.
  ///
  /// The position of the class token stays; those of the patches are a picture that is resized.
  package func resized(toSide side: Int, filter: PositionFilter = .smoothBicubic) -> ImageTower {
    precondition(side > 0 && side.isMultiple(of: patch), "patches of \(patch) tile the image")
    let (old, new, width) = (grid, side / patch, kernel.shape[0])
    guard new != old else { return self }
    let weights = filter.matrix(from: old, to: new)
    let numbers = positions.numbers
    var result = Array(numbers[..<width])
    result.reserveCapacity((1 + new * new) * width)
    // Across first, then down.
    var rows = [Double](repeating: 0, count: old * new * width)
    for row in 0..<old {
      for place in 0..<new {
        for source in 0..<old where weights[place * old + source] != 0 {
          let start = (1 + row * old + source) * width
          for column in 0..<width {
            rows[(row * new + place) * width + column] +=
              weights[place * old + source] * Double(numbers[start + column])
          }
        }
      }
    }
    for row in 0..<new {
      for place in 0..<new * width {
        var sum = 0.0
        for source in 0..<old {
          sum += weights[row * old + source] * rows[source * new * width + place]
        }
        result.append(Float(sum))
      }
    }
    return ImageTower(
      self,
      positions: NetworkParameter(
        positions.name, shape: [1 + new * new, width], numbers: result,
        isTrained: positions.isTrained))
  }
}

extension TextTower {
  /// The tower for longer texts: the first positions stay, `factor` take the place of each other.
  ///
  /// Long-CLIP, Zhang et al. 2024, equation 1: T positions of which k stay become
  /// `factor T - (factor - 1) k`, linearly between neighbours, beyond the last as it went before.
  package func stretched(keeping kept: Int = 20, by factor: Int = 4) -> TextTower {
    precondition(factor > 0 && 0...length ~= kept, "\(kept) of \(length) positions cannot stay")
    precondition(length - kept != 1, "a single position cannot be stretched")
    let (old, width) = (positions.numbers, positions.shape[1])
    var numbers = Array(old[..<(kept * width)])
    for place in kept..<length {
      // The last goes on with the step that led to it.
      let from = min(place, length - 2)
      for part in 0..<factor {
        let share = Float(place - from) + Float(part) / Float(factor)
        for column in 0..<width {
          let (a, b) = (old[from * width + column], old[(from + 1) * width + column])
          numbers.append((1 - share) * a + share * b)
        }
      }
    }
    return TextTower(
      self,
      positions: NetworkParameter(
        positions.name, shape: [numbers.count / width, width], numbers: numbers,
        isTrained: positions.isTrained))
  }
}
