import Contracts
import Metrics
import Tensors
import Testing

@Suite("Contracts")
struct ContractsTests {
  private func source(_ name: String, _ shape: Shape) -> TensorSource {
    TensorSource(name: name, dtype: .f32, shape: shape) { _ in }
  }

  @Test("symbols take their extents from the tensors, wherever they stand")
  func extents() throws {
    let symbols = try Contract.classify.symbols(
      of: [source("train.features", [40, 256]), source("text.class", [10, 256])],
      in: Contract.classify.fit)
    #expect(symbols.extents == ["N": 40, "D": 256, "K": 10])
  }

  @Test("a scalar that gives an extent settles it without any tensor of that extent")
  func extentByValue() throws {
    let count = TensorSource(name: "class.count", tensor: Tensor([Int32(7)], shape: []))
    let symbols = try Contract.classify.symbols(of: [count], in: Contract.classify.fit)
    #expect(symbols["K"] == 7)
  }

  @Test("two tensors that disagree about a symbol are named, with both extents")
  func disagreement() {
    #expect(
      throws: ContractBreach(
        kind: "shape-input",
        message: "input 'text.class' has shape [10, 512] where [K, D] is wanted and D is 256 by "
          + "'train.features'")
    ) {
      try Contract.classify.symbols(
        of: [source("train.features", [40, 256]), source("text.class", [10, 512])],
        in: Contract.classify.fit)
    }
  }

  @Test("a call that brings its own classes counts them anew, and other calls do not")
  func otherClasses() throws {
    let contract = Contract.classify
    let known = try contract.symbols(of: [source("text.class", [10, 4])], in: contract.fit)
    let query = source("query.features", [3, 4])
    let own = try contract.symbols(
      of: [query, source("query.text", [7, 4])], in: contract.predict, from: known)
    let plain = try contract.symbols(of: [query], in: contract.predict, from: known)
    #expect(own["K"] == 7 && plain["K"] == 10)
    #expect(throws: ContractBreach.self) {
      try contract.symbols(of: [source("query.text", [7, 5])], in: contract.predict, from: known)
    }
  }

  @Test("a tensor of the wrong rank is told what the contract wants")
  func wrongRank() throws {
    let labels = TensorSource(name: "train.labels", dtype: .i32, shape: [40, 1]) { _ in }
    let breach = #expect(throws: ContractBreach.self) {
      try Contract.classify.symbols(of: [labels], in: Contract.classify.fit)
    }
    #expect(breach?.message.contains("of rank 2, where [N] is wanted") == true)
  }

  @Test("a name that the contract does not know is refused")
  func unknownName() {
    let breach = #expect(throws: ContractBreach.self) {
      try Contract.classify.symbols(of: [source("test.labels", [40])], in: Contract.classify.fit)
    }
    #expect(breach?.kind == "unknown-input")
  }

  @Test("an output takes its shape from the symbols, or none while one is unknown")
  func outputShape() throws {
    let logits = try #require(Contract.classify.outputs.first)
    let known = try Contract.classify.symbols(
      of: [source("text.class", [10, 256])], in: Contract.classify.fit)
    let all = try Contract.classify.symbols(
      of: [source("query.features", [7, 256])], in: Contract.classify.predict, from: known)
    #expect(logits.shape(with: all) == [7, 10])
    #expect(logits.shape(with: known) == nil)
    #expect(logits.shapeText == "[Q, K]")
  }

  @Test("a prefix group answers for its members and nothing else")
  func prefixGroup() {
    let group = TensorSpec("encoder.*", [.f32], [], "Weights.")
    #expect(Contract.spec(named: "encoder.layer.0", in: [group]) == group)
    #expect(Contract.spec(named: "decoder.layer.0", in: [group]) == nil)
  }

  @Test("no contract offers a name of the evaluation labels", arguments: Contract.all)
  func blind(contract: Contract) {
    let offered = (contract.fit + contract.predict).map(\.name)
    #expect(!offered.contains { $0.hasPrefix("test.") || $0 == "query.labels" })
  }

  @Test("a relevance may be a grade above 1, and is told as such")
  func grades() throws {
    let relevance = try #require(Contract.recommend.truth.first { $0.name == "relevance" })
    #expect(relevance.domain == .range(0...Double.infinity))
    #expect(relevance.domain.description == "0 ... infinity")
  }

  @Test("names are unique within a contract", arguments: Contract.all)
  func uniqueNames(contract: Contract) {
    let names = (contract.fit + contract.predict + contract.outputs).map(\.name)
    #expect(Set(names).count == names.count)
  }
}
