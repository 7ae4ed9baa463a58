package import Tensors

/// The order in which a call hands over the rows along its axes, which is not that of the files.
///
/// Where rows lie in a file can tell what they are: test rows often come class by class, and the i-th
/// image of a file often belongs to its i-th text. So the host draws the order of every axis that a
/// call settles, and puts back what comes out.
///
/// ```swift
/// let axes = try contract.drawnAxes(of: inputs, after: symbolsOfFit)
/// let order = HandingOrder(axes, named: { "test \($0)" }) { _, count in shuffled(count) }
/// let handed = order.handing(inputs, contract.predict)
/// let outputs = try order.puttingBack(answers, contract.outputs)
/// ```
package struct HandingOrder: Sendable {
  /// For each symbol the number in the file of what stands at each place, and the way back.
  private var axes: [String: Axis] = [:]

  private struct Axis {
    /// Tells this order from others, for the copies that workers share.
    let name: String
    let numbers: [Int]
    let places: [Int]
  }

  /// Takes a permutation of `0 ..< count` for each axis, as `draw` gives it.
  package init(
    _ counts: [String: Int], named name: (String) -> String,
    draw: (_ symbol: String, _ count: Int) -> [Int]
  ) {
    for (symbol, count) in counts {
      let numbers = draw(symbol, count)
      var places = [Int](repeating: 0, count: count)
      for (place, number) in numbers.enumerated() { places[number] = place }
      axes[symbol] = Axis(name: name(symbol), numbers: numbers, places: places)
    }
  }

  /// The inputs in this order.
  package func handing(_ inputs: [TensorSource], _ specs: [TensorSpec]) -> [TensorSource] {
    let strings = strings(among: inputs, specs)
    return inputs.map { source in
      guard let spec = Contract.spec(named: source.name, in: specs) else { return source }
      if let (symbol, offsets) = strings[spec.name], let axis = axes[symbol] {
        return handing(source, spec, stringsAt: offsets, axis)
      }
      let steps = handingSteps(spec)
      guard !steps.isEmpty else { return source }
      return TensorSource(
        name: source.name, dtype: source.dtype, shape: source.shape,
        sharingKey: sharingKey(of: source, spec)
      ) { bytes in
        let tensor = try steps.reduce(source.made()) { try $1($0) }
        tensor.withBytes(bytes.copyMemory)
      }
    }
  }

  /// The outputs as if the inputs had been handed over in the order of the file.
  package func puttingBack(
    _ outputs: [String: Tensor], _ specs: [TensorSpec]
  ) throws -> [String: Tensor] {
    var result = outputs
    for (name, tensor) in outputs {
      guard let spec = Contract.spec(named: name, in: specs), !spec.isPrefixGroup else { continue }
      var tensor = tensor
      for (place, dimension) in spec.shape.enumerated() {
        guard case .symbol(let symbol) = dimension, let axis = axes[symbol] else { continue }
        tensor = try tensor.taking(axis.places, along: place)
      }
      result[name] = try tensor.renumbered(spec.domain.indexed.map { axes[$0]?.numbers })
    }
    return result
  }

  // MARK: Parts

  private func handingSteps(_ spec: TensorSpec) -> [@Sendable (Tensor) throws -> Tensor] {
    guard !spec.isPrefixGroup else { return [] }
    var steps: [@Sendable (Tensor) throws -> Tensor] = []
    for (place, dimension) in spec.shape.enumerated() {
      guard case .symbol(let symbol) = dimension, let axis = axes[symbol] else { continue }
      steps.append { try $0.taking(axis.numbers, along: place) }
    }
    let columns = spec.domain.indexed.map { axes[$0]?.places }
    if columns.contains(where: { $0 != nil }) { steps.append { try $0.renumbered(columns) } }
    if spec.domain == .identity { steps.append { try $0.numberedByOccurrence() } }
    return steps
  }

  /// The arrays of strings by name: the symbol of the strings, and the source of their offsets.
  private func strings(
    among inputs: [TensorSource], _ specs: [TensorSpec]
  ) -> [String: (symbol: String, offsets: TensorSource)] {
    var found: [String: (String, TensorSource)] = [:]
    for source in inputs {
      guard let spec = Contract.spec(named: source.name, in: specs),
        case .offsets(let bytes) = spec.domain, case .successor(let symbol)? = spec.shape.first
      else { continue }
      found[spec.name] = (symbol, source)
      for other in specs where other.shape == [.symbol(bytes)] {
        found[other.name] = (symbol, source)
      }
    }
    return found
  }

  private func handing(
    _ source: TensorSource, _ spec: TensorSpec, stringsAt offsets: TensorSource, _ axis: Axis
  ) -> TensorSource {
    let isOffsets = source.name == offsets.name
    return TensorSource(
      name: source.name, dtype: source.dtype, shape: source.shape,
      sharingKey: source.sharingKey.flatMap { key in
        offsets.sharingKey.map { "\(key) \($0) \(axis.name)" }
      }
    ) { bytes in
      let ranges = try offsets.made().stringRanges()
      guard ranges.count == axis.numbers.count else {
        throw TensorError(
          "'\(offsets.name)' has \(ranges.count) strings, not \(axis.numbers.count)")
      }
      let ordered = axis.numbers.map { ranges[$0] }
      let tensor =
        try isOffsets ? Tensor(offsetsOf: ordered) : source.made().taking(strings: ordered)
      guard tensor.byteCount == bytes.count else {
        throw TensorError("the offsets '\(offsets.name)' do not span '\(source.name)'")
      }
      tensor.withBytes(bytes.copyMemory)
    }
  }

  /// Two axes of one array are two orders, so that the key names them.
  private func sharingKey(of source: TensorSource, _ spec: TensorSpec) -> String? {
    let symbols = spec.shape.compactMap { dimension -> String? in
      guard case .symbol(let symbol) = dimension else { return nil }
      return symbol
    }
    let names = (symbols + spec.domain.indexed).map { axes[$0]?.name ?? "-" }
    return source.sharingKey.map { "\($0) \(names.joined(separator: " ")) \(spec.domain)" }
  }
}

extension Contract {
  /// The extents of the axes that a call of predict settles and whose order is therefore drawn.
  ///
  /// An axis that fit has settled keeps its order, since fit and predict speak of the same classes,
  /// users or items; strings move as wholes.
  package func drawnAxes(
    of inputs: [TensorSource], after fit: SymbolTable
  ) throws -> [String: Int] {
    let symbols = try symbols(of: inputs, in: predict, from: fit)
    let given = inputs.compactMap { Contract.spec(named: $0.name, in: predict) }
    let rebound = Set(given.compactMap(\.rebinds))
    var counts: [String: Int] = [:]
    for symbol in Contract.axes(of: given) where !coordinates.contains(symbol) {
      guard fit[symbol] == nil || rebound.contains(symbol) else { continue }
      counts[symbol] = symbols[symbol]
    }
    return counts
  }

  /// The extents of the axes of fit whose rows come without labels.
  package func drawnAxes(ofFit symbols: SymbolTable) -> [String: Int] {
    unlabelled.reduce(into: [:]) { $0[$1] = symbols[$1] }
  }

  /// The symbols of the axes of some tensors, but for the bytes that strings are made of.
  package static func axes(of specs: [TensorSpec]) -> Set<String> {
    var found: Set<String> = []
    var bytes: Set<String> = []
    for spec in specs where !spec.isPrefixGroup {
      for dimension in spec.shape {
        switch dimension {
        case .symbol(let symbol), .successor(let symbol): found.insert(symbol)
        case .fixed: continue
        }
      }
      if case .offsets(let symbol) = spec.domain { bytes.insert(symbol) }
    }
    return found.subtracting(bytes)
  }
}

extension TensorSpec {
  /// Whether the members have shapes of their own.
  var isPrefixGroup: Bool { name.hasSuffix(".*") }
}

extension Domain {
  /// What the numbers count, column by column of the last axis; one symbol stands for all columns.
  fileprivate var indexed: [String] {
    switch self {
    case .index(let symbol): [symbol]
    case .indices(let symbols): symbols
    default: []
    }
  }
}

extension TensorSource {
  fileprivate func made() throws -> Tensor {
    try Tensor(dtype: dtype, shape: shape, fill: write)
  }
}
