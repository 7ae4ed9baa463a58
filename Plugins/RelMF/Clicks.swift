internal import AssayKit

/// The numbers of users and of items, at least one of each.
func worldSize(_ inputs: Inputs) throws(MethodError) -> (userCount: Int, itemCount: Int) {
  let userCount = try inputs.integer("user.count")
  let itemCount = try inputs.integer("item.count")
  guard userCount > 0, itemCount > 0 else {
    throw .contract(
      "there are \(userCount) users and \(itemCount) items; at least one of each is needed")
  }
  return (userCount, itemCount)
}

/// Pairs of users and items `[M, 2]`.
struct Pairs {
  let users: [Int32]
  let items: [Int32]

  var count: Int { users.count }

  /// Takes a tensor of pairs, each checked to name a user and an item that exist.
  init(_ inputs: Inputs, _ name: String, userCount: Int, itemCount: Int) throws(MethodError) {
    let tensor = try inputs.tensor(name)
    guard tensor.shape.count == 2, tensor.shape[1] == 2 else {
      throw .contract("tensor '\(name)' has shape \(tensor.shape), but has to be [pairs, 2]")
    }
    let numbers = try tensor.elements(of: Int32.self)
    var columns: [[Int32]] = []
    for (column, (kind, bound)) in [("user", userCount), ("item", itemCount)].enumerated() {
      let indices = (0..<tensor.shape[0]).map { numbers[2 * $0 + column] }
      if let row = indices.firstIndex(where: { $0 < 0 || Int($0) >= bound }) {
        throw .contract(
          "tensor '\(name)' has \(kind) \(indices[row]) in row \(row), but there are \(bound) "
            + "\(kind)s")
      }
      columns.append(indices)
    }
    (users, items) = (columns[0], columns[1])
  }

  init(users: [Int32], items: [Int32]) {
    self.users = users
    self.items = items
  }

  /// How often each item stands in the pairs.
  func counts(ofItems itemCount: Int) -> [Int] {
    items.reduce(into: [Int](repeating: 0, count: itemCount)) { $0[Int($1)] += 1 }
  }
}

/// The weighted clicks of an estimator, user by user.
///
/// All other pairs share one weight, so that nothing is stored for them.
struct Clicks {
  /// Sorted by user.
  let pairs: Pairs
  /// The weight `c` of each, which stands in for its relevance.
  let weights: [Float]
  /// Where each user's clicks start, and the end of the last one.
  let starts: [Int]

  init(_ pairs: Pairs, weights: [Float], userCount: Int) {
    var starts = [Int](repeating: 0, count: userCount + 1)
    for user in pairs.users { starts[Int(user) + 1] += 1 }
    for user in 0..<userCount { starts[user + 1] += starts[user] }
    var next = starts
    var order = [Int](repeating: 0, count: pairs.count)
    for (click, user) in pairs.users.enumerated() {
      order[next[Int(user)]] = click
      next[Int(user)] += 1
    }
    self.pairs = Pairs(users: order.map { pairs.users[$0] }, items: order.map { pairs.items[$0] })
    self.weights = order.map { weights[$0] }
    self.starts = starts
  }
}
