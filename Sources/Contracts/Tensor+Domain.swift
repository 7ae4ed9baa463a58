internal import Tensors

extension Tensor {
  /// Checks that every value lies in a contract's domain.
  func check(_ domain: Domain, named name: String, _ symbols: SymbolTable) throws(ContractBreach) {
    switch domain {
    case .any, .extent, .identity: return
    case .finite: try checkFinite(name)
    case .index(let symbol): try checkIndex(name, below: symbols[symbol], symbol)
    case .indices(let names): try checkIndices(name, below: names.map { symbols[$0] }, names)
    case .offsets(let symbol): try checkOffsets(name, into: symbols[symbol], symbol)
    case .unitRows:
      try checkFinite(name)
      try checkSums(name, "has squares that sum") { $0 * $0 }
    case .range(let range):
      try checkFinite(name)
      try checkWithin(name, range)
    case .distribution:
      try checkFinite(name)
      try checkWithin(name, 0...1)
      try checkSums(name)
    }
  }

  private func checkFinite(_ name: String) throws(ContractBreach) {
    guard dtype.isFloat else { return }
    var nan = Tally()
    var infinite = Tally()
    forEachNumber { index, value in
      guard !value.isFinite else { return }
      if value.isNaN { nan.add(index) } else { infinite.add(index) }
    }
    if let first = nan.first {
      throw ContractBreach(
        kind: "nan-output",
        message: "output '\(name)' has \(nan.count) NaN among \(count) values, the first at "
          + position(first))
    }
    if let first = infinite.first {
      throw ContractBreach(
        kind: "infinite-output",
        message: "output '\(name)' has \(infinite.count) infinities among \(count) values, the "
          + "first at \(position(first))")
    }
  }

  private func checkIndex(
    _ name: String, below bound: Int?, _ symbol: String
  ) throws(ContractBreach) {
    let limit = bound.map(Double.init) ?? .infinity
    try checkRange(name, wanted: "0 ..< \(bound.map(String.init) ?? symbol)") { _, value in
      value >= 0 && value < limit && value == value.rounded(.towardZero)
    }
  }

  private func checkIndices(
    _ name: String, below bounds: [Int?], _ symbols: [String]
  ) throws(ContractBreach) {
    let limits = bounds.map { $0.map(Double.init) ?? .infinity }
    let wanted = zip(bounds, symbols).map { "0 ..< \($0.map(String.init) ?? $1)" }
    try checkRange(name, wanted: wanted.joined(separator: ", ")) { index, value in
      value >= 0 && value < limits[index % limits.count] && value == value.rounded(.towardZero)
    }
  }

  private func checkOffsets(
    _ name: String, into end: Int?, _ symbol: String
  ) throws(ContractBreach) {
    var last = 0.0
    var offender: (index: Int, value: Double)?
    forEachNumber { index, value in
      let isFine = index == 0 ? value == 0 : value >= last
      if offender == nil, !isFine { offender = (index, value) }
      last = value
    }
    if offender == nil, let end, last != Double(end) { offender = (count - 1, last) }
    guard let offender else { return }
    throw ContractBreach(
      kind: "range-output",
      message:
        "output '\(name)' has \(offender.value) at \(position(offender.index)) where offsets "
        + "that ascend from 0 to \(end.map(String.init) ?? symbol) are wanted")
  }

  private func checkWithin(
    _ name: String, _ range: ClosedRange<Double>
  ) throws(ContractBreach) {
    try checkRange(name, wanted: rangeText(range)) { range.contains($1) }
  }

  private func checkRange(
    _ name: String, wanted: String, _ isAllowed: (_ index: Int, Double) -> Bool
  ) throws(ContractBreach) {
    var outside = Tally()
    var example = 0.0
    forEachNumber { index, value in
      guard !isAllowed(index, value) else { return }
      if outside.count == 0 { example = value }
      outside.add(index)
    }
    guard let first = outside.first else { return }
    throw ContractBreach(
      kind: "range-output",
      message: "output '\(name)' has \(outside.count) values outside \(wanted), the first is "
        + "\(example) at \(position(first))")
  }

  private func checkSums(
    _ name: String, _ verb: String = "sums", of term: (Double) -> Double = { $0 }
  ) throws(ContractBreach) {
    guard let width = shape.extents.last, width > 0 else { return }
    var sum = 0.0
    var offender: (row: Int, sum: Double)?
    forEachNumber { index, value in
      sum += term(value)
      guard index % width == width - 1 else { return }
      if offender == nil, abs(sum - 1) > 1e-3 { offender = (index / width, sum) }
      sum = 0
    }
    guard let offender else { return }
    throw ContractBreach(
      kind: "sum-output",
      message: "output '\(name)' \(verb) to \(offender.sum) along its last axis in row "
        + "\(offender.row) where 1 is wanted")
  }

  /// The position of an element as `[2, 0]`.
  private func position(_ index: Int) -> String {
    var rest = index
    var coordinates: [Int] = []
    for extent in shape.extents.reversed() {
      coordinates.append(rest % extent)
      rest /= extent
    }
    return Shape(coordinates.reversed()).description
  }

  private func forEachNumber(_ body: (Int, Double) -> Void) {
    switch dtype {
    case .f32: forEach(Float.self, body) { Double($0) }
    case .f64: forEach(Double.self, body) { $0 }
    case .f16: forEach(UInt16.self, body) { Double(Tensor.half($0)) }
    case .bf16: forEach(UInt16.self, body) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .bool, .u8: forEach(UInt8.self, body) { Double($0) }
    case .i8: forEach(Int8.self, body) { Double($0) }
    case .u16: forEach(UInt16.self, body) { Double($0) }
    case .i16: forEach(Int16.self, body) { Double($0) }
    case .u32: forEach(UInt32.self, body) { Double($0) }
    case .i32: forEach(Int32.self, body) { Double($0) }
    case .u64: forEach(UInt64.self, body) { Double($0) }
    case .i64: forEach(Int64.self, body) { Double($0) }
    }
  }

  @inline(__always)
  private func forEach<T: BitwiseCopyable>(
    _ type: T.Type, _ body: (Int, Double) -> Void, _ number: (T) -> Double
  ) {
    withElements(of: type) { elements in
      for index in elements.indices { body(index, number(elements[index])) }
    }
  }

  /// Widens IEEE half precision, whose hardware type does not exist on every platform.
  private static func half(_ bits: UInt16) -> Float {
    let sign = UInt32(bits >> 15) << 31
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0: return (sign == 0 ? 1 : -1) * Float(fraction) * 0x1p-24
    case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

/// How many, and the first.
private struct Tally {
  var count = 0
  var first: Int?
  mutating func add(_ index: Int) {
    count += 1
    if first == nil { first = index }
  }
}
