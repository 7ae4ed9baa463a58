internal import Documents

/// What has to hold: a number and the values that it may have.
struct Condition: Equatable {
  let value: Quantity
  let bound: PublishedClaim.Bound
}

extension Interpreter {
  /// Comparisons, one or several joined by `and`.
  mutating func condition(_ syntax: Syntax, _ scope: Scope) throws(ExpressionError) -> Condition {
    switch syntax.form {
    case .comparison(let operands, let comparisons):
      return try comparison(operands, comparisons, scope)
    case .conjunction(let parts):
      var conditions: [Condition] = []
      for part in parts { conditions.append(try condition(part, scope)) }
      return try all(conditions, scope.place(syntax.range))
    default:
      throw Self.failure(
        "a claim compares, as in accuracy(gda) > accuracy(zero-shot)", scope.place(syntax.range))
    }
  }

  private mutating func comparison(
    _ operands: [Syntax], _ comparisons: [Syntax.Comparison], _ scope: Scope
  ) throws(ExpressionError) -> Condition {
    var values: [Quantity] = []
    var constants: [Double?] = []
    for operand in operands {
      let quantity = try quantity(operand, scope)
      values.append(quantity)
      let isGiven = quantity.measurements.isEmpty
      let constant = isGiven ? quantity.value(of: []) : nil
      if let constant, constant.isNaN {
        throw Self.failure("the number is undefined", scope.place(operand.range))
      }
      constants.append(constant)
    }
    let relation = comparisons[0].relation
    if let odd = comparisons.first(where: { $0.relation != relation }) {
      throw Self.failure(
        "a chain goes one way; here it begins with '\(relation.rawValue)'", scope.place(odd.range))
    }
    guard operands.count > 2 else {
      if let bound = constants[1] {
        return Condition(value: values[0], bound: PublishedClaim.Bound(relation, bound))
      }
      if let bound = constants[0] {
        return Condition(value: values[1], bound: PublishedClaim.Bound(relation.flipped, bound))
      }
      return Condition(
        value: .operation(.minus, values[0], values[1]),
        bound: PublishedClaim.Bound(relation, 0))
    }
    let end = operands[operands.count - 1].range.upperBound
    return try chain(
      values, constants, relation, scope.place(comparisons[1].range),
      whole: scope.place(operands[0].range.lowerBound..<end))
  }

  /// `0.9 <= x <= 1.1`, or numbers that rise or fall from one to the next.
  private func chain(
    _ values: [Quantity], _ constants: [Double?], _ relation: Syntax.Relation, _ place: Passage,
    whole: Passage
  ) throws(ExpressionError) -> Condition {
    guard relation != .equal else {
      throw Self.failure("compare two with '==', or ask for gap(...) == 0", place)
    }
    let rises = relation == .below || relation == .atMost
    if constants.count == 3, constants[1] == nil, let first = constants[0],
      let last = constants[2]
    {
      guard relation == .atMost || relation == .atLeast else {
        throw Self.failure("a range has its ends: use '\(relation.rawValue)='", place)
      }
      let (least, most) = rises ? (first, last) : (last, first)
      guard least <= most else {
        throw Self.failure("the lower end is above the upper one", whole)
      }
      return Condition(value: values[1], bound: .within(least...most))
    }
    let isStrict = relation == .below || relation == .above
    return Condition(
      value: .fold(.smallestStep, rises ? values : values.reversed()),
      bound: isStrict ? .above(0) : .atLeast(0))
  }

  /// The least margin of several conditions.
  private func all(
    _ conditions: [Condition], _ place: Passage
  ) throws(ExpressionError) -> Condition {
    let isStrict = conditions.map(\.bound.isStrict)
    guard Set(isStrict).count == 1 else {
      throw Self.failure("conditions joined by 'and' are all with '=' or all without", place)
    }
    return Condition(
      value: .fold(.min, conditions.flatMap(\.margins)),
      bound: isStrict[0] ? .above(0) : .atLeast(0))
  }
}

extension Condition {
  /// By how much it holds; below 0 where it does not.
  fileprivate var margins: [Quantity] {
    switch bound {
    case .atLeast(let bound), .above(let bound):
      [bound == 0 ? value : .operation(.minus, value, .number(bound))]
    case .atMost(let bound), .below(let bound): [.operation(.minus, .number(bound), value)]
    case .within(let range):
      [
        .operation(.minus, value, .number(range.lowerBound)),
        .operation(.minus, .number(range.upperBound), value),
      ]
    }
  }
}

extension PublishedClaim.Bound {
  init(_ relation: Syntax.Relation, _ bound: Double) {
    switch relation {
    case .atLeast: self = .atLeast(bound)
    case .atMost: self = .atMost(bound)
    case .above: self = .above(bound)
    case .below: self = .below(bound)
    case .equal: self = .within(bound...bound)
    }
  }

  /// Whether the claim fails at the edge.
  var isStrict: Bool {
    switch self {
    case .above, .below: true
    case .atLeast, .atMost, .within: false
    }
  }
}
