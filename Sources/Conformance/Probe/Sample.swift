internal import Contracts
internal import Metrics
internal import PluginHost
internal import Random
internal import Tensors

/// Tiny data for one trial of a claimed task, made from its contract.
struct Sample {
  /// The numbers that finite tensors hold.
  enum Values {
    case normal
    /// The same row everywhere.
    case constant
    /// Every second row equals the one before.
    case duplicated
    case zero
    /// Normal numbers times a factor.
    case scaled(Double)
  }

  var fit: [NamedTensor]
  var query: [NamedTensor]
  var outputs: [OutputSpec]
  var symbols: SymbolTable

  /// What symbols of a contract stand for unless a check says otherwise; 4 where it says nothing.
  static func extents(of contract: Contract) -> [String: Int] {
    Task.named(contract.task)?.sample ?? [:]
  }

  /// Makes the inputs that `claim` lists; `key` picks the numbers.
  init(
    _ contract: Contract, _ claim: Claim, key: String = "ordinary",
    extents: [String: Int] = [:], values: Values = .normal, requiredOnly: Bool = false
  ) throws {
    var extents = Sample.extents(of: contract).merging(extents) { $1 }
    for spec in contract.fit + contract.predict {
      guard case .offsets(let bytes) = spec.domain, case .successor(let strings)? = spec.shape.first
      else { continue }
      // One byte each, so that none is empty and many are equal.
      extents[bytes] = extents[strings] ?? 4
    }
    let wanted = Set(claim.inputs.filter { $0.isRequired || !requiredOnly }.map(\.name))
    // What every setting offers settles extents also where the claim leaves it out.
    func make(_ specs: [TensorSpec]) -> [NamedTensor] {
      specs.filter { !$0.name.hasSuffix(".*") && (wanted.contains($0.name) || !$0.isOptional) }
        .map { Sample.tensor($0, extents, values, key) }
    }
    let (offered, asked) = (make(contract.fit), make(contract.predict))
    fit = offered.filter { wanted.contains($0.name) }
    query = asked.filter { wanted.contains($0.name) }
    var symbols = try contract.symbols(of: offered.map(\.source), in: contract.fit)
    symbols = try contract.symbols(of: asked.map(\.source), in: contract.predict, from: symbols)
    self.symbols = symbols
    outputs = contract.outputs.map { spec in
      OutputSpec(
        name: spec.name, dtype: spec.dtypes.first ?? .f32, shape: spec.shape(with: symbols))
    }
  }

  private static func tensor(
    _ spec: TensorSpec, _ extents: [String: Int], _ values: Values, _ key: String
  ) -> NamedTensor {
    let shape = Shape(
      spec.shape.map { dimension in
        dimension.extent { extents[$0] ?? 4 } ?? 4
      })
    let dtype = spec.dtypes.first ?? .f32
    var random = Philox(key: Philox.key("assay-check", key, spec.name))
    var numbers: [Double]
    switch spec.domain {
    case .extent(let symbol): numbers = [Double(extents[symbol] ?? 4)]
    case .index(let symbol):
      // Every class has rows as long as there are enough.
      numbers = (0..<shape.count).map { Double($0 % max(extents[symbol] ?? 4, 1)) }
    case .indices(let symbols):
      // Different rows until each index of the first column has met all of the others.
      let bounds = symbols.map { max(extents[$0] ?? 4, 1) }
      numbers = (0..<shape.count).map { place in
        let (row, column) = place.quotientAndRemainder(dividingBy: bounds.count)
        return Double((row + column * (row / bounds[0])) % bounds[column])
      }
    case .offsets(let symbol):
      let (end, strings) = (extents[symbol] ?? 4, max(shape.count - 1, 1))
      numbers = (0..<shape.count).map { Double($0 * end / strings) }
    case .unitRows:
      let width = max(shape.extents.last ?? 1, 1)
      numbers = (0..<shape.count).map { _ in random.normal() }
      for row in stride(from: 0, to: numbers.count, by: width) {
        let squares = numbers[row..<(row + width)].reduce(0) { $0 + $1 * $1 }
        for place in row..<(row + width) { numbers[place] /= squares.squareRoot() }
      }
    case .range(let range):
      let width = range.upperBound - range.lowerBound
      numbers = (0..<shape.count).map { _ in range.lowerBound + width * random.uniform() }
    case .distribution:
      let width = max(shape.extents.last ?? 1, 1)
      numbers = (0..<shape.count).map { _ in 1 / Double(width) }
    default:
      numbers =
        dtype.isFloat
        ? normal(shape, values, &random) : integers(spec.name, shape.count, &random)
    }
    return NamedTensor(name: spec.name, tensor: Tensor(numbers, dtype, shape))
  }

  private static func normal(
    _ shape: Shape, _ values: Values, _ random: inout Philox
  ) -> [Double] {
    var numbers = (0..<shape.count).map { _ in random.normal() }
    let width = max(shape.extents.last ?? 1, 1)
    switch values {
    case .normal: break
    case .constant: for i in numbers.indices { numbers[i] = numbers[i % width] }
    case .duplicated:
      for i in numbers.indices where i / width % 2 == 1 { numbers[i] = numbers[i - width] }
    case .zero: for i in numbers.indices { numbers[i] = 0 }
    case .scaled(let factor): for i in numbers.indices { numbers[i] *= factor }
    }
    return numbers
  }

  /// Whole numbers: ascending for offsets, small otherwise.
  private static func integers(_ name: String, _ count: Int, _ random: inout Philox) -> [Double] {
    name.hasSuffix(".offsets")
      ? (0..<count).map(Double.init) : (0..<count).map { _ in Double(random.below(4)) }
  }
}

extension NamedTensor {
  var source: TensorSource { TensorSource(name: name, tensor: tensor) }
}

extension Tensor {
  /// Numbers as elements of `dtype`; 16-bit floats stay zero.
  init(_ numbers: [Double], _ dtype: DType, _ shape: Shape) {
    self.init(dtype: dtype, shape: shape) { bytes in
      func fill<T: BitwiseCopyable>(_ make: (Double) -> T) {
        let elements = bytes.assumingMemoryBound(to: T.self)
        for (index, number) in numbers.enumerated() { elements[index] = make(number) }
      }
      switch dtype {
      case .f32: fill { Float($0) }
      case .f64: fill { $0 }
      case .bool: fill { UInt8($0 != 0 ? 1 : 0) }
      case .u8: fill { UInt8($0) }
      case .i8: fill { Int8($0) }
      case .u16: fill { UInt16($0) }
      case .i16: fill { Int16($0) }
      case .u32: fill { UInt32($0) }
      case .i32: fill { Int32($0) }
      case .u64: fill { UInt64($0) }
      case .i64: fill { Int64($0) }
      case .f16, .bf16: break
      }
    }
  }

  /// The elements as doubles; only for what outputs are made of.
  var numbers: [Double] {
    switch dtype {
    case .f32: withElements(of: Float.self) { $0.map(Double.init) }
    case .f64: withElements(of: Double.self) { Array($0) }
    case .i32: withElements(of: Int32.self) { $0.map(Double.init) }
    case .i64: withElements(of: Int64.self) { $0.map(Double.init) }
    default: withBytes { $0.map(Double.init) }
    }
  }

  /// Chosen rows along the first axis, in the order given.
  func rows(_ chosen: [Int]) -> Tensor {
    let rowBytes = shape[0] == 0 ? 0 : byteCount / shape[0]
    return Tensor(dtype: dtype, shape: Shape([chosen.count] + shape.extents.dropFirst())) { bytes in
      withBytes { from in
        for (place, row) in chosen.enumerated() {
          UnsafeMutableRawBufferPointer(rebasing: bytes[(place * rowBytes)...])
            .copyMemory(
              from: UnsafeRawBufferPointer(rebasing: from[row * rowBytes..<(row + 1) * rowBytes]))
        }
      }
    }
  }

  var byteArray: [UInt8] { withBytes { Array($0) } }
}
