package import Random

/// Training pictures, brought to mean 0 and deviation 1 in each plane, with their classes.
package struct PictureSet: Sendable {
  package let form: PictureForm
  package let labels: [Int32]
  /// What pictures are brought to that scale by.
  package let scale: PictureScale
  private let numbers: [Float]

  package init(_ pictures: UnsafeBufferPointer<Float>, form: PictureForm, labels: [Int32]) {
    self.form = form
    self.labels = labels
    scale = PictureScale(of: pictures, form: form)
    var numbers = Array(pictures)
    scale.apply(to: &numbers, form: form)
    self.numbers = numbers
  }

  /// The pictures of places one after the other, each moved and perhaps mirrored.
  ///
  /// A picture is set into a border of `pad` black cells and cut out again somewhere, as in the
  /// authors' code. Tokens are left where they are.
  package func batch(
    _ places: ArraySlice<Int>, pad: Int, flips: Bool, using random: inout Philox
  ) -> [Float] {
    guard !form.isGrid, pad > 0 || flips else {
      return places.flatMap { numbers[$0 * form.count..<($0 + 1) * form.count] }
    }
    var batch = [Float](repeating: 0, count: places.count * form.count)
    for (target, place) in places.enumerated() {
      let (down, right) = (random.below(2 * pad + 1) - pad, random.below(2 * pad + 1) - pad)
      let isMirrored = flips && random.uniform() < 0.5
      for plane in 0..<form.planes {
        let border = scale.black(plane)
        for row in 0..<form.height {
          for column in 0..<form.width {
            let (from, across) = (row + down, column + right)
            let isInside = (0..<form.height).contains(from) && (0..<form.width).contains(across)
            let cell = isMirrored ? form.width - 1 - across : across
            batch[target * form.count + (plane * form.height + row) * form.width + column] =
              isInside
              ? numbers[place * form.count + (plane * form.height + from) * form.width + cell]
              : border
          }
        }
      }
    }
    return batch
  }
}

/// The mean and the deviation of each plane over all training pictures; of tokens over all numbers.
package struct PictureScale: Sendable {
  private let means, deviations: [Double]

  init(of pictures: UnsafeBufferPointer<Float>, form: PictureForm) {
    let size = form.height * form.width * form.depth
    let count = form.count > 0 ? pictures.count / form.count : 0
    var (sums, squares) = ([Double](repeating: 0, count: form.planes), [Double]())
    squares = sums
    for picture in 0..<count {
      for plane in 0..<form.planes {
        let start = picture * form.count + plane * size
        for index in start..<start + size { sums[plane] += Double(pictures[index]) }
      }
    }
    let total = Double(max(count * size, 1))
    let means = sums.map { $0 / total }
    for picture in 0..<count {
      for plane in 0..<form.planes {
        let start = picture * form.count + plane * size
        for index in start..<start + size {
          let offset = Double(pictures[index]) - means[plane]
          squares[plane] += offset * offset
        }
      }
    }
    self.means = means
    // Planes of one colour stay 0.
    deviations = squares.map { $0 > 0 ? ($0 / total).squareRoot() : 1 }
  }

  /// Brings pictures to mean 0 and deviation 1.
  package func apply(to numbers: inout [Float], form: PictureForm) {
    let size = form.height * form.width * form.depth
    guard size > 0 else { return }
    for index in numbers.indices {
      let plane = index / size % form.planes
      numbers[index] = Float((Double(numbers[index]) - means[plane]) / deviations[plane])
    }
  }

  func black(_ plane: Int) -> Float { Float(-means[plane] / deviations[plane]) }
}
