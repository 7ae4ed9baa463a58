internal import Glibc

extension Plane {
  /// Blurs by a normal distribution that is cut at four deviations; beyond an edge lies its pixel.
  mutating func blur(sigma: Double) {
    let reach = Int(4 * sigma + 0.5)
    let raw = (-reach...reach).map { exp(-0.5 / (sigma * sigma) * Double($0 * $0)) }
    let sum = raw.reduce(0, +)
    let weights = raw.map { $0 / sum }
    values = summed(weights, isAcross: false)
    values = summed(weights, isAcross: true)
  }

  /// The weighted sums along columns or rows, the nearest pixel standing for those beyond an edge.
  private func summed(_ weights: [Double], isAcross: Bool) -> [Double] {
    let reach = weights.count / 2
    return [Double](unsafeUninitializedCapacity: values.count) { result, count in
      values.withUnsafeBufferPointer { values in
        for y in 0..<height {
          for x in 0..<width {
            var sums = (0.0, 0.0, 0.0)
            for (offset, weight) in weights.enumerated() {
              let column = isAcross ? Swift.min(Swift.max(x + offset - reach, 0), width - 1) : x
              let row = isAcross ? y : Swift.min(Swift.max(y + offset - reach, 0), height - 1)
              let place = (row * width + column) * 3
              sums.0 += weight * values[place]
              sums.1 += weight * values[place + 1]
              sums.2 += weight * values[place + 2]
            }
            let place = (y * width + x) * 3
            result.initializeElement(at: place, to: sums.0)
            result.initializeElement(at: place + 1, to: sums.1)
            result.initializeElement(at: place + 2, to: sums.2)
          }
        }
      }
      count = values.count
    }
  }

  /// Blurs by a disk whose edge is softened; edges are mirrored about their pixels.
  mutating func defocus(_ level: Int) {
    let (radius, softness) = [(3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5)][level]
    let kernel = Disk(radius: radius, softness: softness)
    let mirroredRows = Mirrored(count: height, reach: kernel.reach)
    let mirroredColumns = Mirrored(count: width, reach: kernel.reach)
    let old = values
    old.withUnsafeBufferPointer { old in
      for y in 0..<height {
        for x in 0..<width {
          var sums = (0.0, 0.0, 0.0)
          for (dy, dx, weight) in kernel.weights {
            let place = (mirroredRows[y + dy] * width + mirroredColumns[x + dx]) * 3
            sums.0 += weight * old[place]
            sums.1 += weight * old[place + 1]
            sums.2 += weight * old[place + 2]
          }
          let place = (y * width + x) * 3
          (values[place], values[place + 1], values[place + 2]) = sums
        }
      }
    }
  }

  /// Blurs along a line, as if the camera moved that way while half of a normal distribution was
  /// exposed.
  mutating func move(_ level: Int, degrees: Double) {
    let (reach, sigma) = [(10, 3.0), (15, 5), (15, 8), (15, 12), (20, 15)][level]
    let count = 2 * reach + 1
    let raw = (0..<count).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = raw.reduce(0, +)
    let angle = degrees * .pi / 180
    // The definition counts in levels here, and a full pixel has to stay one.
    let old = values.map { ($0 * 255).rounded() }
    top = 255
    values = [Double](repeating: 0, count: old.count)
    for (step, weight) in raw.enumerated() {
      let dy = -Int(ceil(Double(step) * sin(angle) - 0.5))
      let dx = -Int(ceil(Double(step) * cos(angle) - 0.5))
      // What moves beyond the picture adds nothing.
      if abs(dy) >= height || abs(dx) >= width { break }
      for y in 0..<height {
        let row = Swift.min(Swift.max(y - dy, 0), height - 1)
        for x in 0..<width {
          let column = Swift.min(Swift.max(x - dx, 0), width - 1)
          let (place, source) = ((y * width + x) * 3, (row * width + column) * 3)
          for channel in 0..<3 { values[place + channel] += weight / sum * old[source + channel] }
        }
      }
    }
  }

  /// The mean of the picture and of what is seen of it from ever nearer.
  mutating func zoom(_ level: Int) {
    let (end, step) = [(1.11, 0.01), (1.16, 0.01), (1.21, 0.02), (1.26, 0.02), (1.31, 0.03)][level]
    let count = Int(ceil((end - 1) / step))
    // Steps as far apart as NumPy puts them.
    let distance = 1 + step - 1
    let singles = values.map(Float.init)
    var sums = [Float](repeating: 0, count: values.count)
    for number in 0..<count {
      addMagnified(singles, by: 1 + Double(number) * distance, to: &sums)
    }
    for place in values.indices {
      values[place] = Double((singles[place] + sums[place]) / Float(count + 1))
    }
  }

  /// Adds the middle of a picture, made as large as the whole.
  private func addMagnified(_ singles: [Float], by factor: Double, to sums: inout [Float]) {
    let rows = Magnified(count: height, factor: factor)
    let columns = Magnified(count: width, factor: factor)
    for y in 0..<Swift.min(height, rows.places.count) {
      let (top, bottom, down) = rows.places[y]
      for x in 0..<Swift.min(width, columns.places.count) {
        let (left, right, across) = columns.places[x]
        for channel in 0..<3 {
          func value(_ row: Int, _ column: Int) -> Double {
            Double(singles[(row * width + column) * 3 + channel])
          }
          let upper = value(top, left) * (1 - across) + value(top, right) * across
          let lower = value(bottom, left) * (1 - across) + value(bottom, right) * across
          sums[(y * width + x) * 3 + channel] += Float(upper * (1 - down) + lower * down)
        }
      }
    }
  }
}

/// Which pixels of one dimension a magnified picture lies between.
private struct Magnified {
  var places: [(Int, Int, Double)]

  init(count: Int, factor: Double) {
    let part = Int(ceil(Double(count) / factor))
    let start = (count - part) / 2
    let larger = Int((Double(part) * factor).rounded(.toNearestOrEven))
    places = (0..<larger).map { place in
      // The first and last pixels of both lie upon each other.
      let exact = larger > 1 ? Double(place) * Double(part - 1) / Double(larger - 1) : 0
      let lower = Swift.min(Int(exact), part - 1)
      return (start + lower, start + Swift.min(lower + 1, part - 1), exact - Double(lower))
    }
  }
}

/// Places beyond the edges of one dimension, mirrored about the first and the last.
private struct Mirrored {
  private let reach: Int
  private let places: [Int]

  init(count: Int, reach: Int) {
    self.reach = reach
    places = (-reach..<count + reach).map { place in
      if count == 1 { return 0 }
      let period = 2 * (count - 1)
      let within = (place % period + period) % period
      return within < count ? within : period - within
    }
  }

  subscript(place: Int) -> Int { places[place + reach] }
}

/// A disk of equal weights that is itself blurred by three or five pixels.
private struct Disk {
  let reach: Int
  /// Of the neighbours that count.
  let weights: [(Int, Int, Double)]

  init(radius: Int, softness: Double) {
    let reach = max(8, radius)
    self.reach = reach
    let side = 2 * reach + 1
    let isIn = (0..<side * side).map { place -> Float in
      let (y, x) = (place / side - reach, place % side - reach)
      return x * x + y * y <= radius * radius ? 1 : 0
    }
    let count = isIn.reduce(0, +)
    let softReach = radius <= 8 ? 1 : 2
    let raw = (-softReach...softReach).map { offset in
      exp(-Double(offset * offset) / (2 * softness * softness))
    }
    let soft = raw.map { Float($0 / raw.reduce(0, +)) }
    let mirrored = Mirrored(count: side, reach: softReach)
    func blurred(_ flat: [Float], across: Int, down: Int) -> [Float] {
      (0..<side * side).map { place in
        let (y, x) = (place / side, place % side)
        return soft.indices.reduce(0) { sum, index in
          let offset = index - softReach
          let neighbour = mirrored[y + down * offset] * side + mirrored[x + across * offset]
          return sum + soft[index] * flat[neighbour]
        }
      }
    }
    let across = blurred(isIn.map { $0 / count }, across: 1, down: 0)
    let both = blurred(across, across: 0, down: 1)
    weights = both.indices.compactMap { place in
      both[place] == 0
        ? nil : (place / side - reach, place % side - reach, Double(both[place]))
    }
  }
}
