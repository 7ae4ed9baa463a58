import Foundation
import MethodHarness
import Tensors
import Testing

/// Users, items, clicks and propensities that every pair has.
struct Exposures {
  let userCount: Int
  let itemCount: Int
  /// The probability of relevance, user by user.
  var relevance: [Double] = []
  /// The probability of exposure, user by user.
  var propensity: [Double] = []

  /// Latent factors decide the relevance, and an item's popularity decides its exposure.
  init(userCount: Int, itemCount: Int, power: Double = 1, seed: UInt64 = 1) {
    var random = SplitMix64(seed)
    func centred() -> Double { 2 * random.uniform() - 1 }
    self.userCount = userCount
    self.itemCount = itemCount
    let users = (0..<userCount).map { _ in (centred(), centred()) }
    let items = (0..<itemCount).map { _ in (centred(), centred(), centred()) }
    for user in users {
      for item in items {
        relevance.append(sigmoid(5 * (user.0 * item.0 + user.1 * item.1)))
        propensity.append(pow(sigmoid(2 * item.2 - 0.5), power))
      }
    }
  }

  /// Draws which pairs are clicked: seen with their propensity, and relevant.
  func clicks(seed: UInt64) -> [Int] {
    var random = SplitMix64(seed)
    return relevance.indices.filter { pair in
      random.uniform() < relevance[pair] && random.uniform() < propensity[pair]
    }
  }

  /// Draws which pairs are relevant.
  func relevant(seed: UInt64) -> [Bool] {
    var random = SplitMix64(seed)
    return relevance.map { random.uniform() < $0 }
  }

  /// The fit inputs of some clicks.
  func inputs(_ clicks: [Int], held: [Int]? = nil) -> [String: Tensor] {
    var inputs = [
      "interactions": pairs(clicks), "propensity": propensities(clicks),
      "user.count": Tensor(scalar: userCount), "item.count": Tensor(scalar: itemCount),
    ]
    inputs["val.interactions"] = held.map(pairs)
    inputs["val.propensity"] = held.map(propensities)
    return inputs
  }

  /// Pairs `[M, 2]`.
  func pairs(_ indices: [Int]) -> Tensor {
    Tensor(
      indices.flatMap { [Int32($0 / itemCount), Int32($0 % itemCount)] },
      shape: [indices.count, 2])
  }

  private func propensities(_ indices: [Int]) -> Tensor {
    Tensor(indices.map { Float(propensity[$0]) }, shape: [indices.count])
  }
}

func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// The loss of a pair at a logit, in f64 and as it is defined.
func localLoss(_ kind: String, _ logit: Double, relevant: Bool) -> Double {
  let r = sigmoid(logit)
  if kind == "sq" { return relevant ? (1 - r) * (1 - r) : r * r }
  return relevant ? -log(r) : -log(1 - r)
}

/// Matrix factorisation written out: every pair by itself, gradients by finite differences.
struct PlainFactorisation {
  let userCount: Int
  let itemCount: Int
  let dimension: Int
  let loss: String
  let penalty: Double
  /// The weight of relevance of each pair, `Y / θ`.
  let weights: [Double]
  /// Factors of users, of items, biases of users, of items, and the bias of all.
  var parameters: [Double]

  func logit(_ user: Int, _ item: Int, _ x: [Double]) -> Double {
    let (users, items) = (userCount * dimension, itemCount * dimension)
    var sum = x[users + items + user] + x[users + items + userCount + item] + (x.last ?? 0)
    for k in 0..<dimension { sum += x[user * dimension + k] * x[users + item * dimension + k] }
    return sum
  }

  /// The objective: the mean over all pairs, and half the squares of all but the last parameter.
  func objective(_ x: [Double]) -> Double {
    var sum = 0.0
    for user in 0..<userCount {
      for item in 0..<itemCount {
        let (s, weight) = (logit(user, item, x), weights[user * itemCount + item])
        sum += weight * localLoss(loss, s, relevant: true)
        sum += (1 - weight) * localLoss(loss, s, relevant: false)
      }
    }
    let squares = x.dropLast().reduce(0) { $0 + $1 * $1 }
    return sum / Double(weights.count) + penalty / 2 * squares
  }

  /// Central differences.
  func gradient() -> [Double] {
    parameters.indices.map { index in
      var (above, below) = (parameters, parameters)
      above[index] += 1e-5
      below[index] -= 1e-5
      return (objective(above) - objective(below)) / 2e-5
    }
  }

  /// Steps of Adam (Kingma and Ba, algorithm 1).
  mutating func descend(steps: Int, rate: Double) {
    var first = parameters.map { _ in 0.0 }
    var second = first
    for step in 1...steps {
      for (index, slope) in gradient().enumerated() {
        first[index] = 0.9 * first[index] + 0.1 * slope
        second[index] = 0.999 * second[index] + 0.001 * slope * slope
        let mean = first[index] / (1 - pow(0.9, Double(step)))
        let square = second[index] / (1 - pow(0.999, Double(step)))
        parameters[index] -= rate * mean / (square.squareRoot() + 1e-8)
      }
    }
  }
}

extension TestHost {
  /// The factors of users and of items that a fitted instance wrote, row by row.
  func factors() throws -> (users: [[Double]], items: [[Double]]) {
    let factors = try ["user_factors", "item_factors"].map { name in
      let tensor = try #require(allocated[name])
      let numbers = tensor.withElements(of: Float.self) { $0.map(Double.init) }
      let width = tensor.shape[1]
      return (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
    }
    return (factors[0], factors[1])
  }
}
