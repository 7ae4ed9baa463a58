import Contracts
import Tensors
import Testing

@Suite("Contracts")
struct ContractsTests {
  private func source(_ name: String, _ shape: Shape) -> TensorSource {
    TensorSource(name: name, dtype: .f32, shape: shape) { _ in }
  }

  @Test("symbols take their extents from the tensors, wherever they stand")
  func extents() throws {
    let extents = try Contract.classify.extents(of: [
      source("train.features", [40, 256]), source("text.class", [10, 256]),
      source("query.features", [7, 256]),
    ])
    #expect(extents == ["N": 40, "D": 256, "K": 10, "Q": 7])
  }

  @Test("two tensors that disagree about a symbol are named, with both extents")
  func disagreement() {
    #expect(
      throws: ContractError("text.class has D = 512, but train.features has D = 256")
    ) {
      try Contract.classify.extents(of: [
        source("train.features", [40, 256]), source("text.class", [10, 512]),
      ])
    }
  }

  @Test("a tensor of the wrong rank is told what the contract wants")
  func wrongRank() {
    #expect(throws: ContractError("train.labels has shape [40, 1], but classify wants [N]")) {
      try Contract.classify.extents(of: [source("train.labels", [40, 1])])
    }
  }

  @Test("a name that the contract does not know is refused")
  func unknownName() {
    #expect(throws: ContractError("classify has no tensor named 'test.labels'")) {
      try Contract.classify.extents(of: [source("test.labels", [40])])
    }
  }

  @Test("an output takes its shape from the symbols, or none while one is unknown")
  func outputShape() throws {
    let logits = try #require(Contract.classify.outputs.first)
    #expect(logits.shape(with: ["Q": 7, "K": 10]) == [7, 10])
    #expect(logits.shape(with: ["Q": 7]) == nil)
    #expect(logits.shapeText == "[Q, K]")
  }

  @Test("a prefix group covers its members and nothing else")
  func prefixGroup() {
    let group = TensorSpec("encoder.*", [.f32], [], "Weights.")
    #expect(group.covers("encoder.layer.0"))
    #expect(!group.covers("decoder.layer.0"))
  }

  @Test("no contract offers a name of the evaluation labels", arguments: Contract.all)
  func blind(contract: Contract) {
    let offered = (contract.fit + contract.predict).map(\.name)
    #expect(!offered.contains { $0.hasPrefix("test.") || $0 == "query.labels" })
  }

  @Test("names are unique within a contract", arguments: Contract.all)
  func uniqueNames(contract: Contract) {
    let names = (contract.fit + contract.predict + contract.outputs).map(\.name)
    #expect(Set(names).count == names.count)
  }
}
