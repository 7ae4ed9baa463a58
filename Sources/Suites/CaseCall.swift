package import Contracts
internal import Datasets
internal import Documents
internal import Random
package import Tensors

/// One call of `predict` as a worker meets it: a query, its rows in an order that tells nothing.
///
/// The order is drawn from the dataset's digest, of which a plugin is told nothing. It is the same for
/// all methods and seeds, so that workers share one copy, and another one for every query, so that
/// the place of a row does not lead from a shifted test set to the rows behind it. Calls come in a
/// drawn order too, since their place would tell which shift it is.
package struct CaseCall: Sendable {
  /// The place of the query among those of the case.
  package let query: Int
  /// The inputs of `predict`.
  package let inputs: [TensorSource]
  fileprivate let order: HandingOrder

  /// Names the way in which orders are drawn: a part of what a trial is.
  package static let orderVersion = "drawn/1"
}

extension EvaluationCase {
  /// Draws the order of all that comes without labels.
  mutating func drawOrders(_ contract: Contract, _ dataset: Dataset) throws {
    let digest = dataset.digest.description
    func order(_ axes: [String: Int], of name: String) -> HandingOrder {
      func key(_ symbol: String) -> UInt64 {
        Philox.key("handed over", digest, contract.task, name, symbol)
      }
      return HandingOrder(axes, named: { "order \(key($0))" }) { symbol, count in
        shuffled(count, key: key(symbol))
      }
    }
    let known = try contract.symbols(of: fit, in: contract.fit)
    fit = order(contract.drawnAxes(ofFit: known), of: "fit").handing(fit, contract.fit)
    let calls = try queries.enumerated().map { place, query in
      let axes = try contract.drawnAxes(of: query.inputs, after: known)
      let order = order(axes, of: "query \(query.orderName)")
      return CaseCall(
        query: place, inputs: order.handing(query.inputs, contract.predict), order: order)
    }
    let names = queries.map(\.name)
    self.calls = shuffled(
      calls.count, key: Philox.key(["calls", digest, contract.task] + names)
    ).map { calls[$0] }
  }

  /// The outputs of the calls as the outputs of the queries, each in the order of its files.
  package func puttingBack(
    _ outputs: [[String: Tensor]], _ contract: Contract
  ) throws -> [[String: Tensor]] {
    var result = [[String: Tensor]](repeating: [:], count: queries.count)
    for (call, outputs) in zip(calls, outputs) {
      result[call.query] = try call.order.puttingBack(outputs, contract.outputs)
    }
    return result
  }
}

/// The numbers `0 ..< count` in random order.
private func shuffled(_ count: Int, key: UInt64) -> [Int] {
  var numbers = Array(0..<count)
  var random = Philox(key: key)
  random.shuffle(&numbers)
  return numbers
}
