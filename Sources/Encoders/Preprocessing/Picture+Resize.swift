extension Picture {
  /// How the pixels of a resized picture are made of those around them.
  package enum Resampling: Sendable {
    /// Keys' cubic convolution.
    case bicubic
    /// Mean values.
    case box
  }

  /// Resizes with a filter that is widened where the picture shrinks, byte for byte as Pillow's
  /// `resize(size, BICUBIC)` or `BOX`.
  ///
  /// Source: Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 1981,
  /// with a = -1/2. As in Pillow weights are whole numbers of 22 fraction bits, and what lies
  /// between the two passes is cut to bytes, so that their order counts: rows come first, but
  /// columns where the height loses more than twice what the width does. That is what Pillow 13 was
  /// found to do on thousands of sizes.
  package func resized(
    width: Int, height: Int, with resampling: Resampling = .bicubic
  ) -> Picture {
    let lostHeight = self.height - height
    let isUprightFirst = lostHeight > 0 && lostHeight > 2 * (self.width - width)
    return isUprightFirst
      ? resized(height: height, resampling).resized(width: width, resampling)
      : resized(width: width, resampling).resized(height: height, resampling)
  }

  private func resized(width: Int, _ resampling: Resampling) -> Picture {
    if width == self.width { return self }
    let filters = Filters(from: self.width, to: width, resampling)
    return convolved(width: width, height: height) { bytes, result in
      for y in 0..<height {
        let row = y * self.width * channels
        for x in 0..<width {
          let filter = filters[x]
          for channel in 0..<channels {
            var sum = Filters.half
            var source = row + filter.first * channels + channel
            for weight in filter.weights {
              sum &+= Int32(bytes[source]) &* weight
              source &+= channels
            }
            result[(y * width + x) * channels + channel] = Filters.level(sum)
          }
        }
      }
    }
  }

  private func resized(height: Int, _ resampling: Resampling) -> Picture {
    if height == self.height { return self }
    let filters = Filters(from: self.height, to: height, resampling)
    let stride = width * channels
    var sums = [Int32](repeating: 0, count: stride)
    return convolved(width: width, height: height) { bytes, result in
      sums.withUnsafeMutableBufferPointer { sums in
        for y in 0..<height {
          let filter = filters[y]
          // Row by row, which several lanes of the processor do at once.
          sums.update(repeating: Filters.half)
          for (row, weight) in filter.weights.enumerated() {
            let start = (filter.first + row) * stride
            for x in 0..<stride { sums[x] &+= Int32(bytes[start &+ x]) &* weight }
          }
          for x in 0..<stride { result[y * stride + x] = Filters.level(sums[x]) }
        }
      }
    }
  }

  private func convolved(
    width: Int, height: Int,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Void
  ) -> Picture {
    let count = width * height * channels
    let result = [UInt8](unsafeUninitializedCapacity: count) { result, initialised in
      bytes.withUnsafeBufferPointer { body($0, result) }
      initialised = count
    }
    return Picture(width: width, height: height, channels: channels, bytes: result)
  }
}

/// The weights of the pixels that each pixel of one dimension of a result is made of.
private struct Filters {
  /// The first pixel of each, and where its weights lie.
  private var parts: [(first: Int, weights: Range<Int>)] = []
  /// In 1 / 2^22.
  private var weights: [Int32] = []

  private static let fractionBits: Int32 = 22
  /// What makes the cut after a sum to the nearest level.
  static let half: Int32 = 1 << (fractionBits - 1)

  @inline(__always)
  static func level(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> fractionBits) }

  subscript(place: Int) -> (first: Int, weights: ArraySlice<Int32>) {
    (parts[place].first, weights[parts[place].weights])
  }

  init(from old: Int, to new: Int, _ resampling: Picture.Resampling) {
    let scale = Double(old) / Double(new)
    let stretch = max(scale, 1)
    let support = (resampling == .bicubic ? 2 : 0.5) * stretch
    for place in 0..<new {
      let centre = (Double(place) + 0.5) * scale
      let first = max(0, Int(centre - support + 0.5))
      let last = min(old, Int(centre + support + 0.5))
      let inverse = 1 / stretch
      let raw = (0..<last - first).map { offset in
        let distance = (Double(offset + first) - centre + 0.5) * inverse
        return resampling == .bicubic ? Self.cubic(distance) : Self.box(distance)
      }
      let sum = raw.reduce(0, +)
      let start = weights.count
      for weight in raw {
        let scaled = (sum == 0 ? weight : weight / sum) * Double(1 << Self.fractionBits)
        weights.append(Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5))
      }
      parts.append((first, start..<weights.count))
    }
  }

  /// Keys' cubic with a = -1/2, which is 0 from a distance of 2 on.
  private static func cubic(_ place: Double) -> Double {
    let (a, x) = (-0.5, abs(place))
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }

  private static func box(_ place: Double) -> Double { place > -0.5 && place <= 0.5 ? 1 : 0 }
}
