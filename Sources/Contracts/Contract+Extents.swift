package import Tensors

extension Contract {
  /// The extents that the inputs settle, among them those that a scalar input gives as its value.
  ///
  /// Throws when a name is unknown, a dtype or shape does not fit, or two tensors disagree.
  package func symbols(
    of inputs: [TensorSource], in specs: [TensorSpec], from known: SymbolTable = SymbolTable()
  ) throws -> SymbolTable {
    var symbols = known
    for input in inputs {
      try checkInput(input, in: specs, &symbols)
      guard case .extent(let symbol) = Contract.spec(named: input.name, in: specs)?.domain,
        input.dtype == .i32, input.shape.rank == 0
      else { continue }
      var extent: Int32 = 0
      try withUnsafeMutableBytes(of: &extent) { try input.write($0) }
      if let clause = symbols.settle(symbol, as: Int(extent), by: input.name) {
        throw ContractBreach(kind: "shape-input", message: "input '\(input.name)' \(clause)")
      }
    }
    return symbols
  }
}

extension TensorSpec {
  /// The concrete shape; nil when an extent is not known before the method answers.
  package func shape(with symbols: SymbolTable) -> Shape? {
    var extents: [Int] = []
    for dimension in shape {
      guard let extent = dimension.extent({ symbols[$0] }) else { return nil }
      extents.append(extent)
    }
    return Shape(extents)
  }

  /// The shape as it is written in documents, such as `[N, D]`.
  package var shapeText: String {
    "[\(shape.map(\.description).joined(separator: ", "))]"
  }
}
