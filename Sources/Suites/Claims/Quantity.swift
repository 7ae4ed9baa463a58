package import Documents
internal import Metrics
internal import Statistics

/// A number made of measured values: a mean over trials, or an operation on such numbers.
package indirect enum Quantity: Equatable, Sendable {
  case number(Double)
  case measured(Measurement)
  case operation(Operator, Quantity, Quantity)
  case fold(Fold, [Quantity])
  case correlation(Correlation, [Quantity], [Quantity])
  /// The last part is the reference accuracy of `accuracyAt`.
  case line(Line, [Quantity], [Quantity], Double)
  case operatingPoints(OperatingPoints)

  package enum Operator: String, CaseIterable, Sendable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
  }

  /// How several numbers become one.
  package enum Fold: String, CaseIterable, Sendable {
    case mean, median, min, max
    /// The largest less the smallest.
    case gap
    /// The least increase from one to the next: above 0 where they rise strictly.
    case smallestStep = "smallest_step"
  }

  /// How two rows of numbers go together.
  package enum Correlation: String, CaseIterable, Sendable {
    case spearman
    /// Kendall's tau-b.
    case kendall
  }

  /// A least-squares line through accuracies on logit axes: reference across, shifted up.
  package enum Line: String, CaseIterable, Sendable {
    case rSquared = "r_squared"
    /// The shifted accuracy that the line has at a reference accuracy.
    case accuracyAt = "accuracy_at"
  }

  /// The trials and the part of them whose values are averaged.
  package struct Measurement: Equatable, Sendable {
    package let value: Value
    /// The row of the report.
    package let method: String
    /// Nil: all datasets.
    package let dataset: String?
    /// Members that the trials' settings must have.
    package let setting: [String: JSON]
    /// Nil: the trial's own metrics.
    package let group: Part?

    package init(
      _ value: Value, method: String, dataset: String? = nil, setting: [String: JSON] = [:],
      group: Part? = nil
    ) {
      self.value = value
      self.method = method
      self.dataset = dataset
      self.setting = setting
      self.group = group
    }
  }

  /// What is averaged.
  package enum Value: Equatable, Sendable {
    case metric(String)
    /// A number that the method reports of itself.
    case reported(String)
  }

  /// Groups of a trial; without a key all of one partition but the exceptions.
  package struct Part: Equatable, Sendable {
    package let by: String
    package let key: String?
    package let exceptions: [String]
    /// Whether the rows without the shift are meant: what that group names as its reference.
    package let isReference: Bool

    package init(
      by: String, key: String? = nil, exceptions: [String] = [], isReference: Bool = false
    ) {
      self.by = by
      self.key = key
      self.exceptions = exceptions
      self.isReference = isReference
    }
  }

  /// The measurements in it, in the order in which they stand.
  package var measurements: [Measurement] {
    switch self {
    case .number: []
    case .measured(let measurement): [measurement]
    case .operation(_, let first, let second): first.measurements + second.measurements
    case .fold(_, let parts): parts.flatMap(\.measurements)
    case .correlation(_, let first, let second), .line(_, let first, let second, _):
      (first + second).flatMap(\.measurements)
    case .operatingPoints(let points): points.measurements
    }
  }

  /// The number, from those of its measurements in order and the rows that each was measured on,
  /// nil where these are not known; NaN where it is undefined.
  package func value(of measured: [Double], rows: [Int?] = []) -> Double {
    var rest = Measured(values: measured[...], rows: rows[...])
    return value(&rest)
  }

  func value(_ rest: inout Measured) -> Double {
    switch self {
    case .number(let number): return number
    case .measured: return rest.next()
    case .operation(let operation, let first, let second):
      let left = first.value(&rest)
      return operation(left, second.value(&rest))
    case .fold(let fold, let parts):
      var values: [Double] = []
      for part in parts { values.append(part.value(&rest)) }
      return fold(values)
    case .correlation(let correlation, let first, let second):
      var values: [Double] = []
      for part in first + second { values.append(part.value(&rest)) }
      return correlation(Array(values.prefix(first.count)), Array(values.dropFirst(first.count)))
    case .line(let line, let first, let second, let place):
      return line(reference: Points(first, &rest), shifted: Points(second, &rest), place)
    case .operatingPoints(let points):
      return points.value(of: (0..<points.rateCount).map { _ in rest.next() })
    }
  }
}

extension Quantity.Operator {
  /// The result; NaN for a division by 0.
  package func callAsFunction(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .plus: left + right
    case .minus: left - right
    case .times: left * right
    case .over: right == 0 ? .nan : left / right
    }
  }
}

extension Quantity.Correlation {
  /// The correlation; NaN where one row is constant, or a value is undefined.
  package func callAsFunction(_ first: [Double], _ second: [Double]) -> Double {
    guard first.count == second.count, !(first + second).contains(where: \.isNaN) else {
      return .nan
    }
    return switch self {
    case .spearman: Metrics.spearman(first, second).value ?? .nan
    case .kendall: kendallTauB(first, second).value ?? .nan
    }
  }
}

extension Quantity.Fold {
  /// The number that the values become; NaN when one of them is.
  package func callAsFunction(_ values: [Double]) -> Double {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
    let (least, most) = (values.min() ?? .nan, values.max() ?? .nan)
    return switch self {
    case .mean: values.reduce(0, +) / Double(values.count)
    case .median: quantile(0.5, ofSorted: values.sorted()) ?? .nan
    case .min: least
    case .max: most
    case .gap: most - least
    case .smallestStep: zip(values.dropFirst(), values).map { $0 - $1 }.min() ?? .nan
    }
  }

  /// The fewest numbers that it says anything about.
  var leastCount: Int { self == .gap || self == .smallestStep ? 2 : 1 }
}
