package import Tensors

/// A way in which a tensor breaks its contract.
package struct ContractBreach: Error, Equatable, Sendable, CustomStringConvertible {
  /// A short key: `missing-output`, `dtype-output`, `shape-output`, `nan-output`,
  /// `infinite-output`, `range-output`, `sum-output`; for inputs `...-input`.
  package var kind: String
  /// What is wrong, where, and what was wanted.
  package var message: String
  package var description: String { message }
  package init(kind: String, message: String) {
    self.kind = kind
    self.message = message
  }
}

/// The extents that the symbols of a contract stand for in one trial.
package struct SymbolTable: Equatable, Sendable {
  package private(set) var extents: [String: Int] = [:]
  /// The tensor that settled each symbol, for messages.
  private var origins: [String: String] = [:]

  package init() {}

  package subscript(symbol: String) -> Int? { extents[symbol] }

  /// Settles a symbol by value; returns a clause when it is settled otherwise already.
  package mutating func settle(_ symbol: String, as extent: Int, by name: String) -> String? {
    if let known = extents[symbol], known != extent {
      let origin = origins[symbol].map { " by '\($0)'" } ?? ""
      return "says that \(symbol) is \(extent), where it is \(known)\(origin)"
    }
    extents[symbol] = extent
    origins[symbol] = name
    return nil
  }

  /// Forgets what a symbol stands for.
  package mutating func release(_ symbol: String) {
    extents[symbol] = nil
    origins[symbol] = nil
  }

  /// Compares a shape with the contract's and settles symbols that are still open.
  ///
  /// Returns a clause that says what does not fit, or nil.
  package mutating func match(_ shape: Shape, of name: String, with wanted: [Dimension]) -> String?
  {
    let form = "[\(wanted.map(\.description).joined(separator: ", "))]"
    guard shape.rank == wanted.count else {
      return "has shape \(shape), of rank \(shape.rank), where \(form) is wanted"
    }
    for (extent, dimension) in zip(shape.extents, wanted) {
      let (settled, value): (String, Int)
      switch dimension {
      case .fixed(let fixed):
        if extent != fixed { return "has shape \(shape) where \(form) is wanted" }
        continue
      case .symbol(let symbol): (settled, value) = (symbol, extent)
      case .successor(let symbol):
        if extent == 0 { return "has shape \(shape) where \(form) is wanted" }
        (settled, value) = (symbol, extent - 1)
      }
      if let known = extents[settled], known != value {
        let origin = origins[settled].map { " by '\($0)'" } ?? ""
        return "has shape \(shape) where \(form) is wanted and \(settled) is \(known)\(origin)"
      }
      if extents[settled] == nil {
        extents[settled] = value
        origins[settled] = name
      }
    }
    return nil
  }
}

extension Contract {
  /// The spec of a tensor by its name; a prefix group answers for all its members.
  package static func spec(named name: String, in specs: [TensorSpec]) -> TensorSpec? {
    specs.first { spec in
      spec.name == name || (spec.name.hasSuffix(".*") && name.hasPrefix(spec.name.dropLast()))
    }
  }

  /// Checks name, dtype and shape of an offered input and settles the symbols in it.
  package func checkInput(
    _ input: TensorSource, in specs: [TensorSpec], _ symbols: inout SymbolTable
  ) throws(ContractBreach) {
    guard let spec = Contract.spec(named: input.name, in: specs) else {
      let names = specs.map(\.name).joined(separator: ", ")
      throw ContractBreach(
        kind: "unknown-input",
        message: "'\(input.name)' is no input of \(task) \(version) in this call; it has \(names)")
    }
    guard spec.dtypes.contains(input.dtype) else {
      throw ContractBreach(
        kind: "dtype-input",
        message: "input '\(input.name)' is \(input.dtype.rawValue) where "
          + "\(Contract.list(spec.dtypes)) is wanted")
    }
    // The members of a prefix group have shapes of their own.
    guard !spec.name.hasSuffix(".*") else { return }
    if let symbol = spec.rebinds { symbols.release(symbol) }
    if let clause = symbols.match(input.shape, of: input.name, with: spec.shape) {
      throw ContractBreach(kind: "shape-input", message: "input '\(input.name)' \(clause)")
    }
  }

  /// Checks dtype, shape and values of a returned output.
  package func checkOutput(
    _ tensor: Tensor, named name: String, _ symbols: inout SymbolTable
  ) throws(ContractBreach) {
    guard let spec = Contract.spec(named: name, in: outputs) else {
      throw ContractBreach(
        kind: "unknown-output", message: "'\(name)' is no output of \(task) \(version)")
    }
    guard spec.dtypes.contains(tensor.dtype) else {
      throw ContractBreach(
        kind: "dtype-output",
        message: "output '\(name)' is \(tensor.dtype.rawValue) where "
          + "\(Contract.list(spec.dtypes)) is wanted")
    }
    if !spec.name.hasSuffix(".*"),
      let clause = symbols.match(tensor.shape, of: name, with: spec.shape)
    {
      throw ContractBreach(kind: "shape-output", message: "output '\(name)' \(clause)")
    }
    try tensor.check(spec.domain, named: name, symbols)
  }

  private static func list(_ dtypes: [DType]) -> String {
    dtypes.map(\.rawValue).joined(separator: " or ")
  }
}
