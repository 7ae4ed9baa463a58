internal import Glibc
internal import Random

extension Plane {
  mutating func addGaussian(_ deviation: Double, _ random: inout Philox) {
    for place in values.indices { values[place] += deviation * random.normal() }
  }

  /// As many photons for a full pixel on average; their number is Poisson's.
  mutating func count(photons: Double, _ random: inout Philox) {
    for place in values.indices {
      values[place] = Double(poisson(values[place] * photons, random.uniform())) / photons
    }
  }

  /// Sets a share of all values to black or white.
  mutating func addImpulses(_ share: Double, _ random: inout Philox) {
    for place in values.indices {
      let draw = random.uniform()
      if draw < share { values[place] = draw < share / 2 ? 0 : 1 }
    }
  }

  mutating func addSpeckle(_ deviation: Double, _ random: inout Philox) {
    for place in values.indices { values[place] += values[place] * deviation * random.normal() }
  }
}

/// The quantile of Poisson's distribution: by adding up, as means are small here.
func poisson(_ mean: Double, _ quantile: Double) -> Int {
  var count = 0
  var mass = exp(-mean)
  var sum = mass
  while quantile >= sum {
    let further = mass * mean / Double(count + 1)
    // The sum may end below a quantile that is nearly 1.
    if sum + further == sum, Double(count) > mean { break }
    count += 1
    mass = further
    sum += mass
  }
  return count
}
