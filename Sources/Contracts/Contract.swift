package import Tensors

/// The version of a contract: another major is another task, a higher minor adds optional parts.
package struct ContractVersion: Hashable, Sendable, CustomStringConvertible {
  package var major: UInt32
  package var minor: UInt32
  package init(_ major: UInt32, _ minor: UInt32) {
    self.major = major
    self.minor = minor
  }
  package var description: String { "\(major).\(minor)" }
}

/// One axis of a tensor in a contract.
package enum Dimension: Hashable, Sendable, CustomStringConvertible {
  /// An extent that must be equal wherever the symbol stands, such as `D`.
  case symbol(String)
  /// One more than the extent of a symbol, such as offsets into `N` strings.
  case successor(of: String)
  case fixed(Int)
  package var description: String {
    switch self {
    case .symbol(let name): name
    case .successor(let name): "\(name) + 1"
    case .fixed(let extent): "\(extent)"
    }
  }

  /// The extent where that of the symbol is known.
  package func extent(_ symbols: (String) -> Int?) -> Int? {
    switch self {
    case .symbol(let name): symbols(name)
    case .successor(let name): symbols(name).map { $0 + 1 }
    case .fixed(let extent): extent
    }
  }
}

extension Dimension: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  package init(stringLiteral value: String) { self = .symbol(value) }
  package init(integerLiteral value: Int) { self = .fixed(value) }
}

/// The values that a tensor may hold.
package enum Domain: Hashable, Sendable {
  case any
  /// No NaN and no infinity.
  case finite
  /// A scalar whose value is the extent of a symbol.
  case extent(of: String)
  /// Whole numbers in `0 ..< extent of symbol`.
  case index(below: String)
  /// Along the last axis one whole number for each symbol, in `0 ..< extent of symbol`.
  case indices(below: [String])
  /// Whole numbers that ascend from 0 to the extent of a symbol: where strings begin and end.
  case offsets(into: String)
  /// Rows along the last axis of length 1 within 1e-3.
  case unitRows
  /// Finite numbers in a range.
  case range(ClosedRange<Double>)
  /// Finite numbers in `0...1` that sum to 1 along the last axis within 1e-3.
  case distribution
  /// Whole numbers that tell which elements belong together and nothing else: the host numbers them
  /// anew, by the first occurrence in what it hands over.
  case identity
}

extension Domain {
  /// Numbers in `0...1`.
  package static let unitInterval = Domain.range(0...1)
  /// Numbers from 0 on.
  package static let notNegative = Domain.range(0...Double.infinity)
}

/// A named tensor of a contract.
package struct TensorSpec: Hashable, Sendable {
  /// The name, such as `train.features`; a name that ends in `.*` is a prefix group.
  package var name: String
  /// The dtypes allowed; the host hands over the first one.
  package var dtypes: [DType]
  package var shape: [Dimension]
  package var domain: Domain
  /// Whether a setting may lack it (inputs), or a method need not write it (outputs).
  package var isOptional: Bool
  /// A symbol that this tensor settles anew for the one call that it is handed to.
  package var rebinds: String?
  package var summary: String

  package init(
    _ name: String, _ dtypes: [DType], _ shape: [Dimension], domain: Domain = .any,
    optional: Bool = false, rebinding symbol: String? = nil, _ summary: String
  ) {
    self.name = name
    self.dtypes = dtypes
    self.shape = shape
    self.domain = domain
    self.isOptional = optional
    self.rebinds = symbol
    self.summary = summary
  }
}

/// The versioned definition of a task: what goes in, what comes out, what is measured.
package struct Contract: Sendable {
  package var task: String
  package var version: ContractVersion
  package var summary: String
  package var fit: [TensorSpec]
  package var predict: [TensorSpec]
  package var outputs: [TensorSpec]
  /// The symbols of axes along which place has a meaning in a call of predict, such as that of the
  /// features; along every other axis that a call settles, the host draws the order.
  package var coordinates: Set<String>
  /// The symbols of axes of fit whose rows come without labels, so that their order is drawn too.
  package var unlabelled: Set<String>
  /// What the host keeps for each call of predict and scores with; it never enters a worker.
  package var truth: [TensorSpec]

  /// The contract of a call that asks a plugin nothing, such as what it holds.
  package static let none = Contract(
    task: "", version: ContractVersion(0, 0), summary: "", fit: [], predict: [], outputs: [],
    coordinates: [], truth: [])

  package init(
    task: String, version: ContractVersion, summary: String, fit: [TensorSpec],
    predict: [TensorSpec], outputs: [TensorSpec], coordinates: Set<String>,
    unlabelled: Set<String> = [], truth: [TensorSpec]
  ) {
    self.task = task
    self.version = version
    self.summary = summary
    self.fit = fit
    self.predict = predict
    self.outputs = outputs
    self.coordinates = coordinates
    self.unlabelled = unlabelled
    self.truth = truth
  }
}
